import type { JsonObject } from "../../../runner/json.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { asServed, groupVersion } from "../objects/resource-type.ts";
import { fieldSelector, labelSelector, type Selector } from "../objects/selectors.ts";
import type { Api, ApiRequest, Target } from "./request.ts";
import { accept, badRequest, notFound, type Outcome } from "./status.ts";

/** The label and field selector of a request as one. */
export function selectorOf(request: ApiRequest): Outcome<Selector> {
  const labels = labelSelector(request.query.get("labelSelector") ?? "");
  const fields = fieldSelector(request.query.get("fieldSelector") ?? "");
  if (labels === undefined) return badRequest(`unable to parse requirement: ${request.query.get("labelSelector")}`);
  if (fields === undefined) return badRequest(`invalid field selector: ${request.query.get("fieldSelector")}`);
  return accept((object) => labels(object) && fields(object));
}

/** The objects of a collection that a request's selectors choose. */
export function selected(api: Api, target: Target, request: ApiRequest): Outcome<readonly KubeObject[]> {
  const selector = selectorOf(request);
  if (!selector.ok) return selector;
  return accept(api.store.list(target.resource.storage, target.namespace).filter(selector.value));
}

/** GET of an object or a collection. Tables are not made: kubectl then shows name and age. */
export function read(api: Api, target: Target, request: ApiRequest): Outcome<JsonObject> {
  const { resource, name } = target;
  if (name !== undefined) {
    const object = api.store.get(resource.storage, target.namespace, name);
    return object === undefined ? notFound(resource, name) : accept(asServed(resource, object));
  }
  const chosen = selected(api, target, request);
  if (!chosen.ok) return chosen;
  const items = chosen.value.map((object) => asServed(resource, object));
  const metadata = { resourceVersion: String(api.store.version) };
  return accept({ kind: `${resource.kind}List`, apiVersion: groupVersion(resource), metadata, items });
}
