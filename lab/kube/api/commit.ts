import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type KubeObject, listAt, timestamp, without } from "../objects/kube-object.ts";
import { asServed, type ResourceType } from "../objects/resource-type.ts";
import { nextGeneration } from "./prepare.ts";
import type { Api } from "./request.ts";

/**
 * Stores a write, unless nothing differs or it is a dry run, and gives what the client is shown. The last finalizer of an object that is
 * being deleted takes it away.
 */
export function commit(
  api: Api,
  resource: ResourceType,
  before: KubeObject | undefined,
  after: KubeObject,
  dryRun: boolean,
): KubeObject {
  const changed = !isDeepStrictEqual(configuration(before), configuration(after));
  const next = nextGeneration(before, { ...after, metadata: { ...after.metadata, ...kept(before) } }, changed);
  if (before !== undefined && isDeepStrictEqual(comparable(before), comparable(next))) return asServed(resource, before);
  if (dryRun) return asServed(resource, { ...next, metadata: { ...next.metadata, ...born(before) } });
  const held = listAt(before, "metadata", "finalizers").length > 0;
  if (next.metadata.deletionTimestamp !== undefined && held && listAt(next, "metadata", "finalizers").length === 0) {
    api.store.remove(resource.storage, next);
    return asServed(resource, next);
  }
  return api.store.put(resource, next);
}

/** What a client cannot change. */
function kept(before: KubeObject | undefined) {
  if (before === undefined) return {};
  const { name, namespace, uid, creationTimestamp, resourceVersion, deletionTimestamp } = before.metadata;
  const identity = { name, ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }) };
  return {
    ...identity,
    ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  };
}

function born(before: KubeObject | undefined) {
  return before === undefined ? { uid: randomUUID(), creationTimestamp: timestamp() } : {};
}

function configuration(object: KubeObject | undefined) {
  return object === undefined ? undefined : without(object, "apiVersion", "kind", "metadata", "status");
}

function comparable(object: KubeObject) {
  return { ...without(object, "apiVersion", "kind"), metadata: without(object.metadata, "resourceVersion") };
}
