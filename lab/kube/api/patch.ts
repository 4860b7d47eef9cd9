import type { Json } from "../../../runner/json.ts";
import { serverSideApply } from "../apply/server-side-apply.ts";
import { shapeOf } from "../apply/shape.ts";
import { isKubeObject, isList, type KubeObject, textAt } from "../objects/kube-object.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { strategicMerge } from "../patch/strategic-merge.ts";
import type { SchemaCheck } from "../schema/validate.ts";
import { commit } from "./commit.ts";
import { prepare, refuseUntyped } from "./prepare.ts";
import { type Api, type ApiRequest, isDryRun, type Target } from "./request.ts";
import { accept, applyConflict, badRequest, invalid, modified, notFound, type Outcome, refuse } from "./status.ts";
import { live, namespaceExists, objectFor, statusFrom, update, validationOf, type Written, writerOf } from "./write.ts";

/** PATCH, in the four forms that the content type tells apart. */
export function patch(api: Api, target: Target, request: ApiRequest, body: Json, check: SchemaCheck): Outcome<Written> {
  if (request.contentType === "application/apply-patch+yaml") return apply(api, target, request, body, check);
  const { resource } = target;
  const before = live(api, target, target.name ?? "");
  if (before === undefined) return notFound(resource, target.name ?? "");
  const wanted = patched(target, request.contentType, before, body);
  if (!wanted.ok) return wanted;
  const base = isList(body) ? "" : textAt(body, "metadata", "resourceVersion");
  if (base !== "" && base !== before.metadata.resourceVersion) return modified(resource, before.metadata.name);
  return isKubeObject(wanted.value)
    ? update(api, target, request, before, wanted.value, check)
    : badRequest("the patched object has no name, or labels that are not texts");
}

function patched(target: Target, contentType: string, before: KubeObject, body: Json): Outcome<Json> {
  const { resource } = target;
  if (contentType === "application/merge-patch+json") return accept(mergePatch(before, body));
  if (contentType === "application/strategic-merge-patch+json" && resource.schema === undefined) {
    return accept(strategicMerge(before, body, shapeOf(resource)));
  }
  if (contentType === "application/json-patch+json") {
    const result = jsonPatch(before, body);
    if (result.ok) return accept(result.value);
    return invalid(resource, before.metadata.name, [{ reason: "Invalid", field: "patch", message: result.message }]);
  }
  // Custom resources have no strategic merge: the API server says so in these words.
  const forms = "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";
  return refuse(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${forms}`,
  );
}

/** Server-side apply: makes the object when there is none. */
function apply(api: Api, target: Target, request: ApiRequest, body: Json, check: SchemaCheck): Outcome<Written> {
  const { resource } = target;
  if (!request.query.has("fieldManager"))
    return badRequest('PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch');
  const object = objectFor(target, body, target.name);
  if (!object.ok) return object;
  const config = object.value;
  if (textAt(body, "apiVersion") === "" || textAt(body, "kind") === "")
    return badRequest("apiVersion and kind are required to apply");
  if (config.metadata.managedFields !== undefined) return badRequest("metadata.managedFields must be nil");
  const typed = refuseUntyped(resource, config);
  if (!typed.ok) return typed;

  const before = live(api, target, config.metadata.name);
  const place = before === undefined ? namespaceExists(api, target) : accept(undefined);
  if (!place.ok) return place;
  const base = config.metadata.resourceVersion;
  if (base !== undefined && base !== before?.metadata.resourceVersion) return modified(resource, config.metadata.name);

  const ownsStatus = target.subresource === "" && resource.subresources.includes("status");
  const applied = serverSideApply({
    live: before,
    config,
    writer: writerOf(request, target),
    force: request.query.get("force") === "true",
    shape: shapeOf(resource),
    ...(ownsStatus ? { leave: "status" } : {}),
  });
  if (!applied.ok) return applyConflict(applied.conflicts);
  const candidate = target.subresource === "" ? statusFrom(resource, applied.object, before) : applied.object;
  const prepared = prepare(resource, candidate, validationOf(request), check);
  if (!prepared.ok) return prepared;
  const stored = commit(api, resource, before, prepared.value.object, isDryRun(request));
  return accept({ object: stored, warnings: prepared.value.warnings, created: before === undefined });
}
