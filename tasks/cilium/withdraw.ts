import { Type } from "#typebox";
import { isObject } from "../../runner/json.ts";
import { ok } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { MANAGED_BY } from "../calico/managed-by.ts";
import { type DeafPeers, type FindDeaf, planWithdrawal, withdrawArguments } from "../cni/withdrawal.ts";
import { WITHDRAWN } from "../cni/withdrawn.ts";
import { isSelected } from "./node-selector.ts";

/** Nodes that leave or rest: an agent that is not selected any more says Cease, and the leaves drop its routes at once (facts cni.md 4.3, 4.5). */
export const ciliumWithdraw = actionTask({
  name: "cilium.withdraw",
  summary: "Nodes take their routes back from the leaves, or may announce again",
  steps: [],
  on: "localhost",
  args: Type.Object(withdrawArguments, { additionalProperties: false }),
  notes: [
    "A label on the Node, underlay/withdrawn, which the objects of cilium.bgp do not select; the rack label stays. The design playbook leaves it alone.",
    "Fails before anything is changed when an object of ours would select the node all the same (written before this label was known): run the design playbook first. Objects of others are warned about.",
    "Done when the label is there: that the leaves have lost the routes is proven by verify.routes_absent.",
    "`absent` takes the label away, whoever set it; nodes that are not in the cluster need nothing. With `present` they are a failure.",
  ],
  example: `- name: Cilium takes its routes back
  cilium.withdraw:
    nodes: [worker-1]`,
  plan: (reader, { args }, elsewhere) => planWithdrawal(reader, elsewhere, args, findDeaf),
});

/** What gives a node peers: one kind before 1.16, the other after; while a cluster is upgraded both may be there. */
const KINDS = [
  ["ciliumbgpclusterconfigs.cilium.io", "CiliumBGPClusterConfig"],
  ["ciliumbgppeeringpolicies.cilium.io", "CiliumBGPPeeringPolicy"],
] as const;

const findDeaf: FindDeaf = async (reader, nodes) => {
  const found: DeafPeers[] = [];
  for (const [resource, kind] of KINDS) {
    const listed = await reader.list(resource);
    if (!listed.ok) return listed;
    for (const { spec, metadata } of listed.value ?? []) {
      const selector = isObject(spec) ? spec.nodeSelector : undefined;
      const chosen = nodes.filter((node) => isSelected(selector, { ...node.metadata.labels, [WITHDRAWN]: "true" }) !== false);
      const ours = Object.entries(MANAGED_BY).every(([name, value]) => metadata.labels?.[name] === value);
      if (chosen.length > 0)
        found.push({ name: `${kind} ${metadata.name}`, ours, nodes: chosen.map((node) => node.metadata.name) });
    }
  }
  return ok(found);
};
