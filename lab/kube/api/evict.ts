import type { Json, JsonObject } from "../../../runner/json.ts";
import { budgetState, budgetsOf } from "../controllers/disruption-budgets.ts";
import { isReady } from "../controllers/pods.ts";
import { type KubeObject, listAt, objectAt, textAt } from "../objects/kube-object.ts";
import { deletePod, isTerminating } from "../objects/pod-deletion.ts";
import { type Api, type ApiRequest, isDryRun, type Target } from "./request.ts";
import { accept, badRequest, modified, notFound, type Outcome, refuse } from "./status.ts";

/** Phases in which a pod serves nobody: no budget protects it. */
const IDLE = ["Pending", "Succeeded", "Failed"];

/** POST to pods/NAME/eviction, as `kubectl drain` does: deletes the pod unless a disruption budget needs it (policy/v1 Eviction). */
export function evict(api: Api, target: Target, request: ApiRequest, body: Json): Outcome<JsonObject> {
  const name = target.name ?? "";
  const named = textAt(body, "metadata", "name");
  if (named !== "" && named !== name) return badRequest("name in URL does not match name in Eviction object");
  const pod = api.store.get(target.resource.storage, target.namespace, name);
  if (pod === undefined) return notFound(target.resource, name);
  const { uid = pod.metadata.uid } = objectAt(body, "deleteOptions", "preconditions");
  if (uid !== pod.metadata.uid) return modified(target.resource, name);
  const allowed = mayGo(api, pod);
  if (!allowed.ok) return allowed;
  const dryRun = isDryRun(request) || listAt(body, "deleteOptions", "dryRun").includes("All");
  if (!dryRun) deletePod(api.store, api.kubeletRuns, pod);
  return accept({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" });
}

function mayGo(api: Api, pod: KubeObject): Outcome<void> {
  if (isTerminating(pod) || IDLE.includes(textAt(pod, "status", "phase"))) return accept(undefined);
  const [budget, ...others] = budgetsOf(api.store, pod);
  if (budget === undefined) return accept(undefined);
  if (others.length > 0) {
    const message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    return refuse(500, "", message);
  }
  const { currentHealthy, desiredHealthy, disruptionsAllowed, problem } = budgetState(api.store, budget);
  if (!isReady(pod)) {
    // A pod that is ill anyway may go where enough others are well, or always when the budget says so.
    if (textAt(budget, "spec", "unhealthyPodEvictionPolicy") === "AlwaysAllow") return accept(undefined);
    if (desiredHealthy > 0 && currentHealthy >= desiredHealthy) return accept(undefined);
  }
  if (disruptionsAllowed > 0) return accept(undefined);
  const { name } = budget.metadata;
  const cause =
    problem === undefined
      ? `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
      : `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${problem}`;
  const details = { causes: [{ reason: "DisruptionBudget", message: cause }] };
  return refuse(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", details);
}
