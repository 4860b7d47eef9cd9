import { randomBytes } from "node:crypto";
import type { Json, JsonObject } from "../../../runner/json.ts";
import { trackUpdate } from "../apply/managers.ts";
import { shapeOf } from "../apply/shape.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, isKubeObject, type KubeObject, textAt, without } from "../objects/kube-object.ts";
import { asServed, groupVersion, type ResourceType } from "../objects/resource-type.ts";
import type { SchemaCheck } from "../schema/validate.ts";
import { commit } from "./commit.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { type Api, type ApiRequest, isDryRun, managerName, type Target } from "./request.ts";
import { accept, alreadyExists, badRequest, modified, notFound, type Outcome } from "./status.ts";

/** A write that was done. */
export interface Written extends Prepared {
  readonly created: boolean;
}

/** A body as an object of the target's resource: version, kind and namespace must fit the path. */
export function objectFor(target: Target, body: Json, name: string | undefined): Outcome<KubeObject> {
  const { resource, namespace } = target;
  if (!isJsonObject(body)) return badRequest("the request body is not an object");
  const { apiVersion = groupVersion(resource), kind = resource.kind } = body;
  if (apiVersion !== groupVersion(resource) || kind !== resource.kind) {
    return badRequest(`${String(apiVersion)} ${String(kind)} is not ${groupVersion(resource)} ${resource.kind}`);
  }
  const metadata = isJsonObject(body.metadata) ? body.metadata : {};
  const given = textAt(metadata, "namespace");
  if (given !== "" && namespace !== undefined && given !== namespace) {
    return badRequest(
      `the namespace of the provided object does not match the namespace sent on the request (${given}, ${namespace})`,
    );
  }
  const prefix = textAt(metadata, "generateName");
  const generated = prefix === "" ? {} : { name: `${prefix}${randomBytes(4).toString("hex").slice(0, 5)}` };
  const placed = resource.namespaced && namespace !== undefined ? { namespace } : {};
  const named = { ...generated, ...metadata, ...(name === undefined ? {} : { name }), ...placed };
  const object: JsonObject = { ...body, apiVersion, kind, metadata: named };
  if (name !== undefined && textAt(metadata, "name") !== "" && textAt(metadata, "name") !== name) {
    return badRequest("the name of the object does not match the name on the URL");
  }
  return isKubeObject(object)
    ? accept(object)
    : badRequest("metadata.name or metadata.generateName is required, labels are texts");
}

/** The object that a write is laid over, as the version of the request shows it. */
export function live(api: Api, { resource, namespace }: Target, name: string): KubeObject | undefined {
  const found = api.store.get(resource.storage, namespace, name);
  return found === undefined ? undefined : asServed(resource, found);
}

/** Objects can be made only in a namespace that exists and is not on its way out. */
export function namespaceExists(api: Api, target: Target): Outcome<void> {
  if (!target.resource.namespaced) return accept(undefined);
  const namespaces = builtinOf("Namespace");
  const name = target.namespace ?? "";
  return api.store.get(namespaces.storage, undefined, name) === undefined ? notFound(namespaces, name) : accept(undefined);
}

/** POST to a collection. */
export function create(api: Api, target: Target, request: ApiRequest, body: Json, check: SchemaCheck): Outcome<Written> {
  const { resource } = target;
  const object = objectFor(target, body, undefined);
  if (!object.ok) return object;
  const place = namespaceExists(api, target);
  if (!place.ok) return place;
  const { name } = object.value.metadata;
  if (api.store.get(resource.storage, target.namespace, name) !== undefined) return alreadyExists(resource, name);
  const fresh = { ...object.value, metadata: cleared(object.value) };
  const prepared = prepare(resource, statusFrom(resource, fresh, undefined), validationOf(request), check);
  if (!prepared.ok) return prepared;
  const tracked = trackUpdate(undefined, prepared.value.object, shapeOf(resource), writerOf(request, target));
  const stored = commit(api, resource, undefined, tracked, isDryRun(request));
  return accept({ object: stored, warnings: prepared.value.warnings, created: true });
}

/** PUT of an object or its status. A resourceVersion in the body must be the current one. */
export function replace(api: Api, target: Target, request: ApiRequest, body: Json, check: SchemaCheck): Outcome<Written> {
  const before = live(api, target, target.name ?? "");
  if (before === undefined) return notFound(target.resource, target.name ?? "");
  const object = objectFor(target, body, target.name);
  return object.ok ? update(api, target, request, before, object.value, check) : object;
}

/** Stores the outcome of a PUT or of a patch that is not an apply. */
export function update(
  api: Api,
  target: Target,
  request: ApiRequest,
  before: KubeObject,
  wanted: KubeObject,
  check: SchemaCheck,
) {
  const { resource } = target;
  const base = wanted.metadata.resourceVersion;
  if (base !== undefined && base !== before.metadata.resourceVersion) return modified(resource, before.metadata.name);
  const candidate = target.subresource === "status" ? onlyStatus(before, wanted) : statusFrom(resource, wanted, before);
  const prepared = prepare(resource, candidate, validationOf(request), check);
  if (!prepared.ok) return prepared;
  const tracked = trackUpdate(before, prepared.value.object, shapeOf(resource), writerOf(request, target));
  const stored = commit(api, resource, before, tracked, isDryRun(request));
  return accept({ object: stored, warnings: prepared.value.warnings, created: false });
}

/** How unknown fields are met; the API server's default is to warn. */
export function validationOf(request: ApiRequest): string {
  return request.query.get("fieldValidation") ?? "Warn";
}

/** The writer of a request, for managed fields. */
export function writerOf(request: ApiRequest, target: Target) {
  return { manager: managerName(request), apiVersion: groupVersion(target.resource), subresource: target.subresource };
}

/** Where status is a subresource, a write to the object leaves it as it was. */
export function statusFrom(resource: ResourceType, wanted: KubeObject, before: KubeObject | undefined): KubeObject {
  if (!resource.subresources.includes("status")) return wanted;
  const { apiVersion, kind, metadata } = wanted;
  const rest = { ...without(wanted, "status"), apiVersion, kind, metadata };
  return before?.status === undefined ? rest : { ...rest, status: before.status };
}

function onlyStatus(before: KubeObject, wanted: KubeObject): KubeObject {
  return wanted.status === undefined ? before : { ...before, status: wanted.status };
}

/** A client cannot choose what the server assigns. */
function cleared(object: KubeObject): KubeObject["metadata"] {
  const { name, namespace } = object.metadata;
  const rest = without(
    object.metadata,
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "generation",
    "managedFields",
    "name",
    "namespace",
  );
  return { ...rest, name, ...(namespace === undefined ? {} : { namespace }) };
}
