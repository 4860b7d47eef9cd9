import { Type } from "#typebox";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { failed, ok } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { type DeafPeers, type FindDeaf, planWithdrawal, withdrawArguments } from "../cni/withdrawal.ts";
import { WITHDRAWN } from "../cni/withdrawn.ts";
import { MANAGED_BY } from "./managed-by.ts";
import { nodeSelector } from "./node-selector.ts";

/** Nodes that leave or rest: without peers BIRD says Cease, and the leaves drop their routes at once (facts cni.md 4.3, 4.5). */
export const calicoWithdraw = actionTask({
  name: "calico.withdraw",
  summary: "Nodes take their routes back from the leaves, or may announce again",
  steps: [],
  on: "localhost",
  args: Type.Object(withdrawArguments, { additionalProperties: false }),
  notes: [
    "A label on the Node, underlay/withdrawn, which the BGPPeers of calico.bgp_peers do not select; the rack label stays. The design playbook leaves it alone.",
    "With graceful restart, which Calico cannot switch off, routes of a node that just goes down stay on the leaves for up to 120 s. A session that is ended by a Cease leaves none.",
    "Fails before anything is changed when a BGPPeer of ours would select the node all the same (written before this label was known): run the design playbook first. BGPPeers of others are warned about.",
    "Done when the label is there: that the leaves have lost the routes is proven by verify.routes_absent.",
    "`absent` takes the label away, whoever set it; nodes that are not in the cluster need nothing. With `present` they are a failure.",
  ],
  example: `- name: Calico takes its routes back
  calico.withdraw:
    nodes: [worker-1]`,
  plan: (reader, { args }, elsewhere) => planWithdrawal(reader, elsewhere, args, findDeaf),
});

const findDeaf: FindDeaf = async (reader, nodes) => {
  const peers = await reader.list("bgppeers.projectcalico.org");
  if (!peers.ok) return peers;
  if (peers.value === undefined) {
    return failed({
      kind: "failed",
      doing: "kubectl get bgppeers.projectcalico.org",
      message: "the cluster does not serve BGPPeers",
      meaning: "Calico or its API server is not there, so that nobody knows how these nodes peer",
      next: "look at kubectl get tigerastatus; without Calico's API server name calicoctl in the variable cni.calicoctl",
    });
  }
  return ok(
    peers.value.flatMap((peer): readonly DeafPeers[] => {
      const chosen = nodes.filter((node) => selects(peer, node)).map(({ metadata }) => metadata.name);
      const ours = Object.entries(MANAGED_BY).every(([name, value]) => peer.metadata.labels?.[name] === value);
      return chosen.length === 0 ? [] : [{ name: `BGPPeer ${peer.metadata.name}`, ours, nodes: chosen }];
    }),
  );
};

/** Whether a peer selects a node that has the label. A selector that cannot be read may. */
function selects({ spec }: KubeObject, { metadata }: KubeObject): boolean {
  if (!isObject(spec) || typeof spec.localWorkloadSelector === "string") return false;
  if (typeof spec.node === "string" && spec.node !== "") return spec.node === metadata.name;
  const test = nodeSelector(typeof spec.nodeSelector === "string" ? spec.nodeSelector : "");
  return test === undefined || test({ ...metadata.labels, [WITHDRAWN]: "true" });
}
