import type { Json } from "../../../runner/json.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, textAt } from "../objects/kube-object.ts";
import { isReady } from "./pods.ts";
import { type Controller, condition, type World } from "./world.ts";

const NOT_READY = "node.kubernetes.io/not-ready";

/** What a kubelet says while there is no CNI. */
const NO_NETWORK =
  "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady " +
  "message:Network plugin returns error: cni plugin not initialized";

/** Nodes become Ready, and lose their taint, once an agent of the CNI runs on them (pods with this `k8s-app` label). */
export function readyNodes(agent: string): Controller {
  return (world) => {
    const networked = new Set(
      world.store
        .list(builtinOf("Pod").storage)
        .filter((pod) => pod.metadata.labels?.["k8s-app"] === agent && isReady(pod))
        .map((pod) => textAt(pod, "spec", "nodeName")),
    );
    for (const node of world.store.list(builtinOf("Node").storage)) setReady(world, node, networked.has(node.metadata.name));
  };
}

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
