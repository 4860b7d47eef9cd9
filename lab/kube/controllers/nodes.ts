import type { Json } from "../../../runner/json.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, textAt } from "../objects/kube-object.ts";
import { hasCondition } from "../objects/registry.ts";
import { agentsByNode, nodesWithAgentPod } from "./agents.ts";
import { podPrefixes } from "./pod-addresses.ts";
import { type Controller, condition, type World } from "./world.ts";

/** Key of the taint of a Node that says itself that it is not ready. */
export const NOT_READY = "node.kubernetes.io/not-ready";
/** Key of the taints of a Node that says nothing. */
export const UNREACHABLE = "node.kubernetes.io/unreachable";

/** What a kubelet says while there is no CNI. */
const NO_NETWORK =
  "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady " +
  "message:Network plugin returns error: cni plugin not initialized";

/**
 * Nodes whose kubelet runs become Ready, and lose their taints, once the agent of a CNI runs on them, and stay so while its pod is replaced.
 * kube-router and Cilium also need the node's pod prefix first; Calico takes a block when the first pod comes.
 */
export const readyNodes: Controller = (world) => {
  const agents = agentsByNode(world);
  const replaced = nodesWithAgentPod(world);
  const prefixes = podPrefixes(world);
  for (const node of world.store.list(builtinOf("Node").storage)) {
    const { name } = node.metadata;
    if (!world.machines.runs(name)) continue;
    const agent = agents.get(name);
    const networked = agent === "calico-node" || (agent !== undefined && prefixes.has(name));
    const kept = agent === undefined && replaced.has(name) && hasCondition(node, "Ready");
    setReady(world, node, networked || kept);
  }
};

/** Writes what a kubelet says of itself, and the taints that follow from it. */
export function setReady(world: World, node: KubeObject, ready: boolean): void {
  const resource = builtinOf("Node");
  const conditions = listAt(node, "status", "conditions");
  const wanted = ready
    ? { type: "Ready", status: true, reason: "KubeletReady", message: "kubelet is posting ready status" }
    : { type: "Ready", status: false, reason: "KubeletNotReady", message: NO_NETWORK };
  const others = conditions.filter((entry) => textAt(entry, "type") !== "Ready");
  const status = isJsonObject(node.status) ? node.status : {};
  world.setStatus(resource, node, { ...status, conditions: [...others, condition(conditions, wanted)] });

  const taints = listAt(node, "spec", "taints");
  const kept = taints.filter((taint) => ![NOT_READY, UNREACHABLE].includes(textAt(taint, "key")));
  const tainted = taints.some((taint) => textAt(taint, "key") === NOT_READY);
  if (ready ? kept.length === taints.length : tainted) return;
  writeTaints(world, node, ready ? kept : [...kept, { key: NOT_READY, effect: "NoSchedule" }]);
}

/** Replaces a node's taints as the node controller does. */
export function writeTaints(world: World, node: KubeObject, taints: readonly Json[]): void {
  const spec = { taints: taints.length === 0 ? null : taints };
  world.ensure(builtinOf("Node"), { name: node.metadata.name }, { spec }, "kube-controller-manager");
}
