import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, textAt, valueAt } from "../objects/kube-object.ts";
import { selectsLabels } from "../objects/label-selector.ts";
import { isTerminating } from "../objects/pod-deletion.ts";
import type { ObjectStore } from "../objects/store.ts";
import { scaled } from "./percentage.ts";
import { isReady, replicasOf } from "./pods.ts";
import { type Controller, condition } from "./world.ts";

/** Kinds that say how many pods there ought to be. */
const SCALED = ["Deployment", "StatefulSet", "ReplicaSet"];

/** What a PodDisruptionBudget's status says. */
export interface BudgetState {
  readonly expectedPods: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly disruptionsAllowed: number;
  /** Why it cannot be worked out; then nothing may be disrupted. */
  readonly problem: string | undefined;
}

/** The budgets that a pod is under. A budget without selector takes no pod, one with an empty selector all of its namespace. */
export function budgetsOf(store: ObjectStore, pod: KubeObject): readonly KubeObject[] {
  return store.list(builtinOf("PodDisruptionBudget").storage, pod.metadata.namespace).filter((budget) => covers(budget, pod));
}

function covers(budget: KubeObject, pod: KubeObject): boolean {
  const selector = valueAt(budget, "spec", "selector");
  return selector !== undefined && selector !== null && selectsLabels(selector, pod.metadata.labels ?? {});
}

/** Works a budget out (Kubernetes docs, Disruptions; policy/v1 PodDisruptionBudgetStatus). Percentages are rounded up. */
export function budgetState(store: ObjectStore, budget: KubeObject): BudgetState {
  const pods = store.list(builtinOf("Pod").storage, budget.metadata.namespace).filter((pod) => covers(budget, pod));
  const currentHealthy = pods.filter((pod) => !isTerminating(pod) && isReady(pod)).length;
  const least = valueAt(budget, "spec", "minAvailable");
  const most = valueAt(budget, "spec", "maxUnavailable");
  if (most === undefined && typeof least === "number") return allowance(pods.length, currentHealthy, least);
  const expected = expectedScale(store, pods);
  if (typeof expected === "string") {
    return { expectedPods: 0, currentHealthy, desiredHealthy: 0, disruptionsAllowed: 0, problem: expected };
  }
  const desired = most === undefined ? scaled(least ?? 0, expected) : Math.max(0, expected - scaled(most, expected));
  return allowance(expected, currentHealthy, desired);
}

function allowance(expectedPods: number, currentHealthy: number, desiredHealthy: number): BudgetState {
  const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  return { expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed, problem: undefined };
}

/** How many pods the controllers of these pods are to have together; the text is why nobody can say. Pods without one do not count. */
function expectedScale(store: ObjectStore, pods: readonly KubeObject[]): number | string {
  const scales = new Map<string, number>();
  for (const pod of pods) {
    const owner = listAt(pod, "metadata", "ownerReferences").find((reference) => valueAt(reference, "controller") === true);
    if (owner === undefined) continue;
    const kind = textAt(owner, "kind");
    if (kind === "DaemonSet") return "daemonsets.apps does not implement the scale subresource";
    if (!SCALED.includes(kind)) continue;
    const workload = store.get(builtinOf(kind).storage, pod.metadata.namespace, textAt(owner, "name"));
    if (workload !== undefined) scales.set(textAt(owner, "uid"), replicasOf(workload));
  }
  return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
}

/** What the status of budgets says. */
export const reportBudgets: Controller = (world) => {
  const resource = builtinOf("PodDisruptionBudget");
  for (const budget of world.store.list(resource.storage)) {
    const { problem, ...counts } = budgetState(world.store, budget);
    const known = listAt(budget, "status", "conditions");
    const allowed = counts.disruptionsAllowed > 0;
    const reason = problem !== undefined ? "SyncFailed" : allowed ? "SufficientPods" : "InsufficientPods";
    const { generation = 1 } = budget.metadata;
    const wanted = { type: "DisruptionAllowed", status: allowed, reason, message: problem ?? "" };
    const conditions = [{ ...condition(known, wanted), observedGeneration: generation }];
    world.setStatus(resource, budget, { ...counts, observedGeneration: generation, conditions });
  }
};
