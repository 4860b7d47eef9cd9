import { Type } from "#typebox";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { NodeNames, podPrefixes } from "../cni/pod-prefixes.ts";

/** The prefixes that nodes announce for their pods: those that Kubernetes gave to each node, one for each family. */
export const kubeRouterPodPrefixes = probeTask({
  name: "kube_router.pod_prefixes",
  summary: "The pod prefixes of every node",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: NodeNames,
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 60, description: "Seconds until every node has one" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Facts: `prefixes`, those of all these nodes, sorted; `by_node`, those of each.",
    "From Node.spec.podCIDRs, which kube-controller-manager fills in; annotation kube-router.io/pod-cidrs (or pod-cidr) wins, as it does for kube-router.",
  ],
  example: `- name: Pod prefixes of every node
  kube_router.pod_prefixes:
    nodes: [worker-1, worker-2]
  register: blocks`,
  observe: async (reader, { args }) => {
    const found = await reader.objects(args.nodes.map((name) => ({ apiVersion: "v1", kind: "Node", name })));
    if (!found.ok) return found;
    const nodes = new Map(found.value.map((node) => [node.metadata.name, node]));
    const byNode = Object.fromEntries(args.nodes.map((name) => [name, prefixesOf(nodes.get(name))] as const));
    const without = args.nodes.filter((name) => byNode[name]?.length === 0);
    const unmet = without.map((name) =>
      nodes.has(name)
        ? `${name}: no pod prefix; does kube-controller-manager run with --allocate-node-cidrs and --cluster-cidr?`
        : `${name}: not in the cluster; has it joined, and under this name?`,
    );
    return ok(podPrefixes(byNode, unmet, "prefixes"));
  },
});

function prefixesOf(node: KubeObject | undefined): readonly string[] {
  const annotations = node?.metadata.annotations ?? {};
  const own = annotations["kube-router.io/pod-cidrs"] ?? annotations["kube-router.io/pod-cidr"];
  if (own !== undefined && own !== "") return own.split(",").map((cidr) => cidr.trim());
  const spec = isObject(node?.spec) ? node.spec : {};
  const given = Array.isArray(spec.podCIDRs) ? spec.podCIDRs : [spec.podCIDR];
  return given.filter((cidr: unknown) => typeof cidr === "string");
}
