import { isDeepStrictEqual } from "node:util";
import { isObject } from "../../json.ts";
import type { KubeObject } from "../cluster.ts";
import { toJson } from "./compare-objects.ts";

/**
 * Whether a server-side apply would certainly change nothing, as the object itself tells (`metadata.managedFields`): every field that
 * the manager has applied is still wanted, and every wanted field has its wanted value. Then the API server need not be asked with a
 * dry run. In doubt false: another notation of the same quantity, lists with keys, a manager that has never applied.
 *
 * Source: Kubernetes documentation, Server-Side Apply, Field management; FieldsV1.
 */
export function isSettled(wanted: KubeObject, live: KubeObject, manager: string): boolean {
  const entries = Array.isArray(live.metadata.managedFields) ? live.metadata.managedFields : [];
  const applied = entries.filter(
    (entry: unknown) => isObject(entry) && entry.manager === manager && entry.operation === "Apply" && !entry.subresource,
  );
  const [own] = applied;
  // Field names are those of a version; another one may have other names.
  if (applied.length !== 1 || !isObject(own) || own.apiVersion !== wanted.apiVersion) return false;
  return agrees(own.fieldsV1, applicable(wanted), applicable(live));
}

/** What an apply sets: all but type, identity and what the server keeps beside it. */
function applicable(object: KubeObject): Record<string, unknown> {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object;
  const { name: _name, namespace: _namespace, managedFields: _managedFields, ...kept } = metadata;
  return Object.keys(kept).length > 0 ? { ...rest, metadata: kept } : rest;
}

/** `owned` is a node of FieldsV1: `f:` leads to a field, `.` is the node itself, an empty node owns the value as a whole. */
function agrees(owned: unknown, wanted: unknown, live: unknown): boolean {
  if (!isObject(owned)) return same(wanted, live);
  const inner = Object.keys(owned).filter((element) => element !== ".");
  if (inner.length === 0) return same(wanted, live);
  if (!isObject(wanted) || !isObject(live)) return false;
  // Whatever we own and no longer want, an apply would remove. Items of lists (`k:`, `v:`) are not looked into.
  if (!inner.every((element) => element.startsWith("f:") && element.slice(2) in wanted)) return false;
  return Object.entries(wanted).every(([name, value]) => agrees(owned[`f:${name}`], value, live[name]));
}

function same(wanted: unknown, live: unknown): boolean {
  return isDeepStrictEqual(toJson(wanted), toJson(live));
}
