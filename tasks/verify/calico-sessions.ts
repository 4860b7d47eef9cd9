import { Type } from "typebox";
import type { ClusterReader, Manifest } from "../../runner/connect/cluster.ts";
import { ok, type Result } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { bareAddress } from "../calico/bare-address.ts";
import { reportOf, statusReference, statusRequest, updateSeconds } from "../calico/node-status.ts";
import { type ClusterEvidence, reasonsOf } from "../calico/session-causes.ts";
import { compareSessions } from "../calico/session-plan.ts";

const Name = Type.String({ minLength: 1 });
const Rack = Type.Union([Type.Integer(), Type.String({ minLength: 1 })]);
const closed = { additionalProperties: false } as const;

/** Proof from the cluster's side: each node has exactly the sessions with the leaves of its rack, all Established. */
export const calicoSessions = probeTask({
  name: "verify.calico_sessions",
  summary: "Every node's BGP sessions with the leaves of its rack are Established",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: Type.Array(Type.Object({ inventory_hostname: Name, rack_id: Rack }, closed), { minItems: 1 }),
      leaves: Type.Array(
        Type.Object({ inventory_hostname: Name, rack_id: Rack, address: Type.String({ format: "interface-address" }) }, closed),
        { minItems: 1 },
      ),
      rack_label: Type.String({ minLength: 1, default: "rack_id", description: "Node label that names the rack" }),
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 120, description: "Seconds until all sessions are up" }),
    },
    closed,
  ),
  notes: [
    "Makes a CalicoNodeStatus `underlay-<node>` for each node and removes it afterwards. Check mode does not, and reports unknown.",
    "Each node reports every 10 s; of more than ten nodes each reports less often, because every report is a write to the Kubernetes API.",
    "Counts against the plan: a node without any peer looks healthy to Kubernetes and is a failure here.",
    "Sessions that should not be there fail too: the node-to-node mesh, and leaves of other racks.",
  ],
  example: `- name: Calico's sessions with the leaves of the rack
  verify.calico_sessions:
    nodes: [{ inventory_hostname: worker-1, rack_id: 1 }]
    leaves: [{ inventory_hostname: leaf201, rack_id: 1, address: 192.168.2.201/24 }]`,
  temporary: ({ args }) => {
    const nodes = args.nodes.map(({ inventory_hostname: node }) => node);
    const seconds = updateSeconds(nodes.length, args.timeout);
    const request = (node: string): Manifest => {
      return { kind: "manifest", state: "present", object: statusRequest(node, seconds), force: true };
    };
    return {
      create: (writer) => writer.apply(nodes.map(request)),
      remove: (writer) => writer.delete(nodes.map(statusReference)),
    };
  },
  observe: async (reader, { args, check }) => {
    if (check) return ok({ unmet: [], unknown: "needs CalicoNodeStatus objects, which check mode does not make" });
    const found = await reader.objects(args.nodes.map(({ inventory_hostname: node }) => statusReference(node)));
    if (!found.ok) return found;
    const byName = new Map(found.value.map((object) => [object.metadata.name, object]));
    const nodes = args.nodes.map((node) => ({ name: node.inventory_hostname, rack: String(node.rack_id) }));
    const reports = new Map(
      nodes.flatMap(({ name }) => {
        const status = byName.get(statusReference(name).name);
        const report = status === undefined ? undefined : reportOf(status);
        return report === undefined ? [] : [[name, report] as const];
      }),
    );
    const leaves = args.leaves.map((leaf) => ({
      name: leaf.inventory_hostname,
      rack: String(leaf.rack_id),
      address: bareAddress(leaf.address),
    }));
    const sessions = compareSessions(nodes, leaves, reports);
    const evidence = sessions.missing.length > 0 ? await gather(reader, nodes, args.rack_label) : ok(undefined);
    if (!evidence.ok) return evidence;
    return ok({
      facts: { expected: sessions.expected, established: sessions.established },
      unmet: reasonsOf(sessions, evidence.value),
      message: `${sessions.established} of ${sessions.expected} sessions Established`,
    });
  },
});

async function gather(
  reader: ClusterReader,
  wanted: readonly { readonly name: string }[],
  rackLabel: string,
): Promise<Result<ClusterEvidence>> {
  const nodes = await reader.objects(wanted.map(({ name }) => ({ apiVersion: "v1", kind: "Node", name })));
  if (!nodes.ok) return nodes;
  const peers = await reader.list("bgppeers.projectcalico.org");
  return peers.ok ? ok({ nodes: nodes.value, peers: peers.value, rackLabel }) : peers;
}
