import { type Static, Type } from "#typebox";
import type { ClusterReader, Manifest } from "../../runner/connect/cluster.ts";
import { ok, type Result } from "../../runner/result.ts";
import type { Observation } from "../../runner/task.ts";
import { probeTask } from "../../runner/task-type.ts";
import { bareAddress } from "../calico/bare-address.ts";
import { birdReports, type NodeReports, servesStatus, statusReports } from "../calico/node-reports.ts";
import { statusReference, statusRequest, updateSeconds } from "../calico/node-status.ts";
import { type ClusterEvidence, reasonsOf } from "../calico/session-causes.ts";
import { compareSessions } from "../calico/session-plan.ts";
import { Sessions } from "../calico/sessions.ts";
import { stuckWithdrawn } from "../cni/withdrawn.ts";

const Arguments = Type.Object(
  {
    sessions: Sessions,
    rack_label: Type.String({ minLength: 1, default: "rack_id", description: "Node label that names the rack" }),
    timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 120, description: "Seconds until all sessions are up" }),
  },
  { additionalProperties: false },
);

/** Proof from the cluster's side: each node has exactly the sessions of the plan, in both families, all Established. */
export const calicoSessions = probeTask({
  name: "verify.calico_sessions",
  summary: "Every node's BGP sessions with its leaves are Established",
  steps: [],
  on: "localhost",
  args: Arguments,
  notes: [
    "Makes a CalicoNodeStatus `underlay-<node>` for each node and removes it afterwards. Each node reports every 10 s; of more than ten nodes each reports less often, because every report is a write to the Kubernetes API.",
    "Check mode makes nothing and asks BIRD in the calico-node pods instead (kubectl exec, birdcl show protocols), as does a run where the cluster does not serve CalicoNodeStatus. Without these pods check mode says unknown.",
    "Counts against the plan: a node without any peer looks healthy to Kubernetes and is a failure here.",
    "Sessions that should not be there fail too: the node-to-node mesh, and leaves of other racks.",
  ],
  example: `- name: Calico's sessions with the leaves of the rack
  verify.calico_sessions:
    sessions: "{{ underlay.sessions }}"`,
  temporary: ({ args }) => {
    const nodes = nodesOf(args);
    const seconds = updateSeconds(nodes.length, args.timeout);
    const request = (node: string): Manifest => {
      return { kind: "manifest", state: "present", object: statusRequest(node, seconds), force: true };
    };
    return {
      create: async (writer, reader) => {
        const served = await servesStatus(reader);
        return served.ok && served.value ? writer.apply(nodes.map(request)) : discard(served);
      },
      remove: (writer) => writer.delete(nodes.map(statusReference)),
    };
  },
  observe: async (reader, { args, check }) => {
    const found = await reportsOf(reader, args, check);
    if (!found.ok) return found;
    if (found.value !== undefined) return judge(reader, args, found.value);
    const reason = "there are no calico-node pods yet to ask";
    return ok(check ? { unmet: [], unknown: reason } : { unmet: [reason] });
  },
});

async function reportsOf(
  reader: ClusterReader,
  args: Static<typeof Arguments>,
  check: boolean,
): Promise<Result<NodeReports | undefined>> {
  const nodes = nodesOf(args);
  const served = check ? ok(false) : await servesStatus(reader);
  if (!served.ok) return served;
  if (served.value) return statusReports(reader, nodes);
  return birdReports(reader, nodes, [...new Set(args.sessions.map(({ family }) => family))]);
}

async function judge(reader: ClusterReader, args: Static<typeof Arguments>, reports: NodeReports): Promise<Result<Observation>> {
  const wanted = args.sessions.map(({ node, rack_id: rack, leaf, peer_address: address }) => {
    return { node, rack: rack === null ? null : String(rack), leaf, address: bareAddress(address) };
  });
  const sessions = compareSessions(wanted, reports);
  const evidence = sessions.missing.length > 0 ? await gather(reader, args) : ok(undefined);
  if (!evidence.ok) return evidence;
  const unmet = reasonsOf(sessions, evidence.value);
  return ok({
    ...stuckWithdrawn(unmet),
    facts: { expected: sessions.expected, established: sessions.established },
    unmet,
    message: `${sessions.established} of ${sessions.expected} sessions Established`,
  });
}

async function gather(reader: ClusterReader, args: Static<typeof Arguments>): Promise<Result<ClusterEvidence>> {
  const nodes = await reader.objects(nodesOf(args).map((name) => ({ apiVersion: "v1", kind: "Node", name })));
  if (!nodes.ok) return nodes;
  const peers = await reader.list("bgppeers.projectcalico.org");
  return peers.ok ? ok({ nodes: nodes.value, peers: peers.value, rackLabel: args.rack_label }) : peers;
}

function nodesOf({ sessions }: Static<typeof Arguments>): readonly string[] {
  return [...new Set(sessions.map(({ node }) => node))];
}

function discard(result: Result<unknown>): Result<void> {
  return result.ok ? ok(undefined) : result;
}
