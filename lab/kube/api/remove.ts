import type { Json, JsonObject } from "../../../runner/json.ts";
import { type KubeObject, listAt, objectAt, textAt, timestamp, valueAt } from "../objects/kube-object.ts";
import { deletePod } from "../objects/pod-deletion.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { selected } from "./read.ts";
import { type Api, type ApiRequest, isDryRun, type Target } from "./request.ts";
import { accept, modified, notFound, type Outcome, successStatus } from "./status.ts";

/** DELETE of an object, or of all objects of a collection that the selectors choose. */
export function remove(api: Api, target: Target, request: ApiRequest, body: Json): Outcome<JsonObject> {
  const { resource, name } = target;
  const dryRun = isDryRun(request) || listAt(body, "dryRun").includes("All");
  const forced = Number(request.query.get("gracePeriodSeconds") ?? valueAt(body, "gracePeriodSeconds") ?? -1) === 0;
  if (name === undefined) {
    const chosen = selected(api, target, request);
    if (!chosen.ok) return chosen;
    if (!dryRun) for (const object of chosen.value) takeAway(api, resource, object, forced);
    return accept(successStatus({ group: resource.group, kind: resource.plural }));
  }
  const object = api.store.get(resource.storage, target.namespace, name);
  if (object === undefined) return notFound(resource, name);
  const { uid = object.metadata.uid, resourceVersion = object.metadata.resourceVersion } = objectAt(body, "preconditions");
  if (uid !== object.metadata.uid || resourceVersion !== object.metadata.resourceVersion) return modified(resource, name);
  if (!dryRun) takeAway(api, resource, object, forced);
  return accept(successStatus({ name, group: resource.group, kind: resource.plural, uid: object.metadata.uid ?? "" }));
}

/** Deletes, or marks as being deleted while a finalizer or a silent kubelet holds it. A namespace takes what is in it along. */
function takeAway(api: Api, resource: ResourceType, object: KubeObject, forced: boolean): void {
  if (listAt(object, "metadata", "finalizers").length > 0) {
    if (textAt(object, "metadata", "deletionTimestamp") !== "") return;
    api.store.put(resource, { ...object, metadata: { ...object.metadata, deletionTimestamp: timestamp() } });
    return;
  }
  if (resource.kind === "Namespace") api.store.removeNamespace(object.metadata.name);
  if (resource.kind === "CustomResourceDefinition") removeInstances(api, object);
  if (resource.kind === "Pod") deletePod(api.store, api.kubeletRuns, object, forced);
  else api.store.remove(resource.storage, object);
}

/** Custom resources go with their definition. */
function removeInstances(api: Api, definition: KubeObject): void {
  const group = textAt(definition, "spec", "group");
  const plural = textAt(definition, "spec", "names", "plural");
  const served = api.resources().find((resource) => resource.group === group && resource.plural === plural);
  if (served !== undefined) for (const object of api.store.list(served.storage)) api.store.remove(served.storage, object);
}
