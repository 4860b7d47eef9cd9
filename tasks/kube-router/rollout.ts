import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";
import { NAMESPACE, SELECTOR } from "./pods.ts";

/** Where the DaemonSets of kube-router are with replacing their pods. */
export interface Rollout {
  /** A new template is not on all nodes yet, or its pods are not all up; in check mode also one that is only planned. */
  readonly pending: boolean;
  /** A new template is not on all nodes yet: pods that run are going to be replaced. Not pending when a pod is just not up. */
  readonly replacing: boolean;
  /** `4 of 6 pods are up to date and available`. */
  readonly progress: string;
}

/** Looks at kube-router's DaemonSets; undefined when there is none. */
export async function rolloutOf(reader: ClusterReader): Promise<Result<Rollout | undefined>> {
  const listed = await reader.list("daemonsets.apps", { namespace: NAMESPACE, selector: SELECTOR });
  if (!listed.ok) return listed;
  const sets = (listed.value ?? []).map(countsOf);
  if (sets.length === 0) return ok(undefined);
  const sum = (key: "desired" | "current") => sets.reduce((total, counts) => total + counts[key], 0);
  return ok({
    pending: sets.some(({ observed, desired, current }) => !observed || current < desired),
    replacing: sets.some(({ observed, desired, updated }) => !observed || updated < desired),
    progress: `${sum("current")} of ${sum("desired")} pods are up to date and available`,
  });
}

/** As `kubectl rollout status` counts. With OnDelete the controller replaces nothing: what runs is what there is. */
function countsOf({ metadata, spec, status }: KubeObject): {
  readonly observed: boolean;
  readonly desired: number;
  readonly updated: number;
  readonly current: number;
} {
  const number = (name: string) => (isObject(status) && typeof status[name] === "number" ? status[name] : 0);
  const onDelete = isObject(spec) && isObject(spec.updateStrategy) && spec.updateStrategy.type === "OnDelete";
  const available = number("numberAvailable");
  const desired = number("desiredNumberScheduled");
  const updated = onDelete ? desired : number("updatedNumberScheduled");
  const generation = typeof metadata.generation === "number" ? metadata.generation : 1;
  return {
    observed: number("observedGeneration") >= generation,
    desired,
    updated,
    current: Math.min(available, updated),
  };
}
