import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { NodeNames } from "../cni/pod-prefixes.ts";

/** A CiliumNode is owned by its Node; when it goes the operator has the node's prefix back (facts 4.5). */
export const ciliumPrefixesReleased = probeTask({
  name: "cilium.prefixes_released",
  summary: "Nodes that left have no pod prefixes any more",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: NodeNames,
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 120, description: "Seconds until their CiliumNodes are gone" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Looks for CiliumNodes with these names: Kubernetes deletes them with their Node, and cilium-operator then has the prefix back.",
  ],
  example: `- name: Cilium has their pod prefixes back
  cilium.prefixes_released:
    nodes: [worker-7]
    timeout: 120`,
  observe: async (reader, { args, check }) => {
    const listed = await reader.list("ciliumnodes.cilium.io");
    if (!listed.ok) return listed;
    if (listed.value === undefined) {
      const reason = "the cluster does not serve CiliumNodes";
      return ok(check ? { unmet: [], unknown: reason } : { unmet: [reason] });
    }
    const there = new Set(listed.value.map(({ metadata }) => metadata.name));
    const unmet = args.nodes
      .filter((node) => there.has(node))
      .map(
        (node) =>
          `${node} still has its CiliumNode: does the agent run there yet, or is kube-controller-manager (which deletes it) down?`,
      );
    return ok({ unmet, message: `no pod prefixes left of ${args.nodes.join(", ")}` });
  },
});
