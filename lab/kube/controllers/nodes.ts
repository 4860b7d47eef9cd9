import type { Json } from "../../../runner/json.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, textAt } from "../objects/kube-object.ts";
import { agentsByNode } from "./agents.ts";
import { podPrefixes } from "./pod-addresses.ts";
import { type Controller, condition, type World } from "./world.ts";

const NOT_READY = "node.kubernetes.io/not-ready";

/** What a kubelet says while there is no CNI. */
const NO_NETWORK =
  "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady " +
  "message:Network plugin returns error: cni plugin not initialized";

/**
 * Nodes become Ready, and lose their taint, once the agent of a CNI runs on them. kube-router and Cilium also need the node's pod prefix
 * first; Calico takes a block when the first pod comes.
 */
export const readyNodes: Controller = (world) => {
  const agents = agentsByNode(world);
  const prefixes = podPrefixes(world);
  for (const node of world.store.list(builtinOf("Node").storage)) {
    const { name } = node.metadata;
    const agent = agents.get(name);
    setReady(world, node, agent === "calico-node" || (agent !== undefined && prefixes.has(name)));
  }
};

function setReady(world: World, node: KubeObject, ready: boolean): void {
  const resource = builtinOf("Node");
  const conditions = listAt(node, "status", "conditions");
  const wanted = ready
    ? { type: "Ready", status: true, reason: "KubeletReady", message: "kubelet is posting ready status" }
    : { type: "Ready", status: false, reason: "KubeletNotReady", message: NO_NETWORK };
  const others = conditions.filter((entry) => textAt(entry, "type") !== "Ready");
  const status = isJsonObject(node.status) ? node.status : {};
  world.setStatus(resource, node, { ...status, conditions: [...others, condition(conditions, wanted)] });

  const taints = listAt(node, "spec", "taints");
  const tainted = taints.some((taint) => textAt(taint, "key") === NOT_READY);
  if (tainted !== ready) return;
  const kept = taints.filter((taint) => textAt(taint, "key") !== NOT_READY);
  const next: readonly Json[] = ready ? kept : [...kept, { key: NOT_READY, effect: "NoSchedule" }];
  world.ensure(
    resource,
    { name: node.metadata.name },
    { spec: { taints: next.length === 0 ? null : next } },
    "kube-controller-manager",
  );
}
