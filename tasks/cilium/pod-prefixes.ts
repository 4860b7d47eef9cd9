import { Type } from "#typebox";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { inOrder, NodeNames, podPrefixes } from "../cni/pod-prefixes.ts";

/** The prefixes that nodes announce: with cluster-pool exactly one of each family. */
export const ciliumPodPrefixes = probeTask({
  name: "cilium.pod_prefixes",
  summary: "The pod prefixes of every node",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: NodeNames,
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 60, description: "Seconds until every node has a prefix" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Facts: `prefixes`, all pod prefixes of these nodes, sorted; `by_node`, those of each.",
    "Reads CiliumNode.spec.ipam.podCIDRs, which the operator fills in when the node joins.",
  ],
  example: `- name: Pod prefixes of every node
  cilium.pod_prefixes:
    nodes: [worker-1, worker-2]
  register: blocks`,
  observe: async (reader, { args, check }) => {
    const listed = await reader.list("ciliumnodes.cilium.io");
    if (!listed.ok) return listed;
    if (listed.value === undefined) {
      const reason = "the cluster does not serve CiliumNodes yet";
      return ok(check ? { unmet: [], unknown: reason } : { unmet: [reason] });
    }
    const found = new Map(listed.value.map((node) => [node.metadata.name, podCidrs(node)]));
    const byNode = Object.fromEntries(args.nodes.map((node) => [node, found.get(node) ?? []]));
    const unmet = args.nodes.flatMap((node) => {
      const own = found.get(node);
      if (own === undefined) return [`${node}: no CiliumNode; does the agent run there?`];
      return own.length > 0 ? [] : [`${node}: no pod prefix; is cilium-operator up, and has the pool room for another node?`];
    });
    return ok(podPrefixes(byNode, unmet, "prefixes"));
  },
});

function podCidrs({ spec }: KubeObject): readonly string[] {
  const ipam = isObject(spec) ? spec.ipam : undefined;
  const cidrs: unknown = isObject(ipam) ? ipam.podCIDRs : undefined;
  return Array.isArray(cidrs) ? inOrder(cidrs.filter((cidr) => typeof cidr === "string")) : [];
}
