import { Type } from "#typebox";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { isWithdrawn } from "../cni/withdrawn.ts";

/** Kubernetes' own word on each node. */
export const nodesReady = probeTask({
  name: "verify.nodes_ready",
  summary: "Every node is Ready",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description: "Names of the nodes, as the cluster knows them",
      }),
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 120, description: "Seconds until all of them are" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Ready says nothing about BGP: a node without peers is Ready too. See verify.calico_sessions.",
    "Facts: expected and ready, how many; withdrawn (label underlay/withdrawn) and cordoned, the names of these nodes, which may well be Ready.",
  ],
  example: `- name: Nodes are Ready
  verify.nodes_ready:
    nodes: "{{ groups.nodes }}"
    timeout: 120`,
  observe: async (reader, { args }) => {
    const found = await reader.objects(args.nodes.map((name) => ({ apiVersion: "v1", kind: "Node", name })));
    if (!found.ok) return found;
    const byName = new Map(found.value.map((node) => [node.metadata.name, node]));
    const unmet = args.nodes.flatMap((name) => {
      const reason = notReady(byName.get(name));
      return reason === undefined ? [] : [`${name}: ${reason}`];
    });
    const total = args.nodes.length;
    const those = (is: (node: KubeObject) => boolean) =>
      found.value
        .filter(is)
        .map(({ metadata }) => metadata.name)
        .sort();
    return ok({
      facts: { expected: total, ready: total - unmet.length, withdrawn: those(isWithdrawn), cordoned: those(isCordoned) },
      unmet,
      message: `${total - unmet.length} of ${total} nodes Ready`,
    });
  },
});

function isCordoned({ spec }: KubeObject): boolean {
  return isObject(spec) && spec.unschedulable === true;
}

function notReady(node: KubeObject | undefined): string | undefined {
  if (node === undefined) return "not in the cluster; has it joined, and under this name?";
  const conditions = isObject(node.status) && Array.isArray(node.status.conditions) ? node.status.conditions : [];
  const ready: unknown = conditions.find((condition: unknown) => isObject(condition) && condition.type === "Ready");
  if (!isObject(ready)) return "no condition Ready; the kubelet has never reported";
  if (ready.status === "True") return undefined;
  if (ready.status === "Unknown") return "the kubelet no longer reports; is the node up and can it reach the API server?";
  return `not Ready: ${[ready.reason, ready.message].filter((text) => typeof text === "string").join(": ")}`;
}
