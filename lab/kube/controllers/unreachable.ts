import type { Json } from "../../../runner/json.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, textAt, timestamp, valueAt } from "../objects/kube-object.ts";
import { isTerminating } from "../objects/pod-deletion.ts";
import { NOT_READY, UNREACHABLE, writeTaints } from "./nodes.ts";
import { endPod, isReady } from "./pods.ts";
import { tolerates } from "./scheduling.ts";
import { type Controller, condition, type World } from "./world.ts";

/** Seconds that every pod tolerates a node that says nothing unless it says otherwise (admission DefaultTolerationSeconds). */
const TOLERATED = 300;

/**
 * What kube-controller-manager makes of silent kubelets: after the grace period the Node's Ready is Unknown, the Node is tainted and its pods
 * are not ready; later the pods that do not tolerate it any longer are deleted (Kubernetes docs, Nodes; Taints and Tolerations).
 */
export const watchKubelets: Controller = (world) => {
  const now = world.clock.now();
  for (const node of world.store.list(builtinOf("Node").storage)) {
    const since = world.machines.silentSince(node.metadata.name, now);
    if (since === undefined) continue;
    const due = since + world.pace.monitorGrace;
    if (readyOf(node) !== "Unknown" && now < due) world.clock.wakeAt(due);
    else {
      markUnknown(world, node);
      evictPods(world, node, now);
    }
  }
};

/** Status of a Node's Ready condition: `True`, `False`, `Unknown`; empty when there is none. */
export function readyOf(node: KubeObject): string {
  return textAt(listAt(node, "status", "conditions").find((entry) => textAt(entry, "type") === "Ready") ?? null, "status");
}

function markUnknown(world: World, node: KubeObject): void {
  const conditions = listAt(node, "status", "conditions");
  const never = readyOf(node) === "" || conditions.some((entry) => textAt(entry, "reason") === "NodeStatusNeverUpdated");
  const wanted = never
    ? { reason: "NodeStatusNeverUpdated", message: "Kubelet never posted node status." }
    : { reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." };
  const others = conditions.filter((entry) => textAt(entry, "type") !== "Ready");
  const status = isJsonObject(node.status) ? node.status : {};
  const unknown = condition(conditions, { type: "Ready", status: "Unknown", ...wanted });
  world.setStatus(builtinOf("Node"), node, { ...status, conditions: [...others, unknown] });

  const taints = listAt(node, "spec", "taints");
  if (!taints.some((taint) => textAt(taint, "key") === UNREACHABLE)) {
    const kept = taints.filter((taint) => textAt(taint, "key") !== NOT_READY);
    const made = ["NoSchedule", "NoExecute"].map((effect) => ({ key: UNREACHABLE, effect, timeAdded: timestamp() }));
    writeTaints(world, node, [...kept, ...made]);
  }
  for (const pod of podsOn(world, node)) if (isReady(pod)) markNotReady(world, pod);
}

/** Only the condition: what a pod's containers do nobody knows. */
function markNotReady(world: World, pod: KubeObject): void {
  const known = listAt(pod, "status", "conditions");
  const others = known.filter((entry) => textAt(entry, "type") !== "Ready");
  const ready = condition(known, { type: "Ready", status: false, reason: "NodeNotReady" });
  const status = isJsonObject(pod.status) ? pod.status : {};
  world.setStatus(builtinOf("Pod"), pod, { ...status, conditions: [...others, ready] });
}

function evictPods(world: World, { metadata: { name } }: KubeObject, now: number): void {
  const node = world.store.get(builtinOf("Node").storage, undefined, name) ?? null;
  const isEvicting = (taint: Json) => textAt(taint, "key") === UNREACHABLE && textAt(taint, "effect") === "NoExecute";
  const taint = listAt(node, "spec", "taints").find(isEvicting);
  const added = Date.parse(textAt(taint, "timeAdded"));
  if (taint === undefined || Number.isNaN(added)) return;
  for (const pod of world.store.list(builtinOf("Pod").storage)) {
    if (textAt(pod, "spec", "nodeName") !== name || isTerminating(pod)) continue;
    const seconds = tolerationSeconds(pod, taint);
    if (seconds === undefined) continue;
    const due = added + seconds * world.pace.second;
    if (now < due) world.clock.wakeAt(due);
    else endPod(world, pod);
  }
}

/** How long a pod tolerates a taint; undefined: for ever, as pods of DaemonSets do. */
function tolerationSeconds(pod: KubeObject, taint: Json): number | undefined {
  if (listAt(pod, "metadata", "ownerReferences").some((owner) => textAt(owner, "kind") === "DaemonSet")) return undefined;
  const fitting = listAt(pod, "spec", "tolerations").filter((toleration) => tolerates(toleration, taint));
  if (fitting.length === 0) return TOLERATED;
  const limits = fitting
    .map((toleration) => valueAt(toleration, "tolerationSeconds"))
    .filter((limit) => typeof limit === "number");
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function podsOn(world: World, node: KubeObject): readonly KubeObject[] {
  return world.store.list(builtinOf("Pod").storage).filter((pod) => textAt(pod, "spec", "nodeName") === node.metadata.name);
}
