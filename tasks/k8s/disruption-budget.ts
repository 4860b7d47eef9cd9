import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";
import { selects } from "./label-selector.ts";

/** A PodDisruptionBudget with the numbers of its status. */
export interface DisruptionBudget {
  readonly namespace: string;
  readonly name: string;
  readonly selector: unknown;
  /** Pods that must be healthy. */
  readonly desired: number;
  /** Pods that are. */
  readonly healthy: number;
  /** Pods that the budget counts on. */
  readonly expected: number;
  /** Pods that may go now. */
  readonly allowed: number;
  /** unhealthyPodEvictionPolicy AlwaysAllow: pods that are not Ready may always go. */
  readonly freesUnhealthy: boolean;
}

/** All budgets of the cluster, in one kubectl process. */
export async function readBudgets(reader: ClusterReader): Promise<Result<readonly DisruptionBudget[]>> {
  const listed = await reader.list("poddisruptionbudgets.policy");
  return listed.ok ? ok((listed.value ?? []).map(budgetOf)) : listed;
}

/** The budgets that count a pod. */
export function budgetsOf(pod: KubeObject, budgets: readonly DisruptionBudget[]): readonly DisruptionBudget[] {
  return budgets.filter(
    ({ namespace, selector }) => namespace === pod.metadata.namespace && selects(selector, pod.metadata.labels ?? {}),
  );
}

/**
 * The budget that keeps a pod from being evicted now. Pods that wait to be started or are about to end are not asked about; one that
 * is not Ready may go when enough others are healthy. Source: Kubernetes documentation, Specifying a Disruption Budget, and API-initiated Eviction.
 */
export function heldBy(pod: KubeObject, budgets: readonly DisruptionBudget[]): DisruptionBudget | undefined {
  const status = isObject(pod.status) ? pod.status : {};
  if (status.phase === "Pending" || pod.metadata.deletionTimestamp !== undefined) return undefined;
  const healthy = isReady(status);
  return budgetsOf(pod, budgets).find((budget) => {
    if (budget.allowed > 0) return false;
    const others = budget.freesUnhealthy || (budget.desired > 0 && budget.healthy >= budget.desired);
    return healthy || !others;
  });
}

/** `PodDisruptionBudget shop/web needs 2 healthy, has 2` */
export function budgetText({ namespace, name, desired, healthy }: DisruptionBudget): string {
  return `PodDisruptionBudget ${namespace}/${name} needs ${desired} healthy, has ${healthy}`;
}

function budgetOf({ metadata, spec, status }: KubeObject): DisruptionBudget {
  const number = (field: string): number => {
    const value = isObject(status) ? status[field] : undefined;
    return typeof value === "number" ? value : 0;
  };
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    selector: isObject(spec) ? spec.selector : undefined,
    desired: number("desiredHealthy"),
    healthy: number("currentHealthy"),
    expected: number("expectedPods"),
    allowed: number("disruptionsAllowed"),
    freesUnhealthy: isObject(spec) && spec.unhealthyPodEvictionPolicy === "AlwaysAllow",
  };
}

function isReady(status: Record<string, unknown>): boolean {
  const conditions: readonly unknown[] = Array.isArray(status.conditions) ? status.conditions : [];
  return conditions.some((condition) => isObject(condition) && condition.type === "Ready" && condition.status === "True");
}
