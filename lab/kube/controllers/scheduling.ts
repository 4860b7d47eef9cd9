import type { Json, JsonObject } from "../../../runner/json.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, objectAt, textAt, valueAt } from "../objects/kube-object.ts";
import type { Controller, World } from "./world.ts";

/** Taints that pods of a DaemonSet tolerate without saying so (Kubernetes docs, DaemonSet, Taints and tolerations). */
const DAEMON_TOLERATES = ["not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"];

/** Whether a pod of this specification may be put on a node: its node selector, its tolerations, and unless a DaemonSet puts it there the cordon. */
export function mayRunOn(pod: JsonObject, node: KubeObject, daemon = false): boolean {
  const selected = Object.entries(objectAt(pod, "nodeSelector")).every(
    ([label, value]) => node.metadata.labels?.[label] === value,
  );
  if (!selected) return false;
  if (!daemon && valueAt(node, "spec", "unschedulable") === true) return false;
  const tolerations = listAt(pod, "tolerations");
  return listAt(node, "spec", "taints").every((taint) => {
    if (textAt(taint, "effect") === "PreferNoSchedule") return true;
    const key = textAt(taint, "key");
    if (daemon && DAEMON_TOLERATES.some((name) => key === `node.kubernetes.io/${name}`)) return true;
    return tolerations.some((toleration) => tolerates(toleration, taint));
  });
}

/** Whether a toleration is for this taint (Kubernetes docs, Taints and Tolerations). */
export function tolerates(toleration: Json, taint: Json): boolean {
  const effect = textAt(toleration, "effect");
  const key = textAt(toleration, "key");
  const exists = textAt(toleration, "operator") === "Exists";
  if (effect !== "" && effect !== textAt(taint, "effect")) return false;
  if (key === "") return exists;
  return key === textAt(taint, "key") && (exists || textAt(toleration, "value") === textAt(taint, "value"));
}

/** The nodes that take a pod of this specification. */
export function eligible(world: World, pod: JsonObject, daemon = false): readonly KubeObject[] {
  return world.store.list(builtinOf("Node").storage).filter((node) => mayRunOn(pod, node, daemon));
}

/** Puts pods where the fewest are: of the same workload first, then at all, then by name. */
export class Placement {
  readonly #own: Map<string, number>;
  readonly #all: Map<string, number>;

  /** `own`: the pods of the workload that are there already. */
  constructor(world: World, own: readonly KubeObject[]) {
    this.#own = podCounts(own);
    this.#all = podCounts(world.store.list(builtinOf("Pod").storage));
  }

  /** The node for one more pod; undefined when there is none to choose from. */
  next(nodes: readonly KubeObject[]): string | undefined {
    const rank = (name: string) => (this.#own.get(name) ?? 0) * 10_000 + (this.#all.get(name) ?? 0);
    let best: string | undefined;
    for (const { metadata } of nodes) if (best === undefined || rank(metadata.name) < rank(best)) best = metadata.name;
    if (best !== undefined) for (const counts of [this.#own, this.#all]) counts.set(best, (counts.get(best) ?? 0) + 1);
    return best;
  }
}

function podCounts(pods: readonly KubeObject[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    const node = textAt(pod, "spec", "nodeName");
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return counts;
}

/** What kube-scheduler does with pods that nobody has placed: those that no workload owns. */
export const placeBarePods: Controller = (world) => {
  const resource = builtinOf("Pod");
  for (const pod of world.store.list(resource.storage)) {
    if (textAt(pod, "spec", "nodeName") !== "" || listAt(pod, "metadata", "ownerReferences").length > 0) continue;
    const nodeName = new Placement(world, []).next(eligible(world, objectAt(pod, "spec")));
    const { name, namespace = "default" } = pod.metadata;
    if (nodeName !== undefined) world.ensure(resource, { name, namespace }, { spec: { nodeName } }, "kube-scheduler");
  }
};
