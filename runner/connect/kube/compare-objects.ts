import { isDeepStrictEqual } from "node:util";
import { isObject, type Json } from "../../json.ts";
import { MASK, Secret } from "../../secret.ts";
import type { KubeObject } from "../cluster.ts";
import { OWN_FIELDS } from "./calicoctl-merge.ts";
import { maskAnnotations } from "./secret-annotations.ts";

/** Metadata that the API server keeps for itself. */
const SERVER_METADATA = new Set([
  "name",
  "namespace",
  "managedFields",
  "resourceVersion",
  "uid",
  "creationTimestamp",
  "generation",
  "selfLink",
]);

/** Annotations that hold a copy of the object (kubectl's client-side apply, Calico's API server for its stored form), or of its field names. */
const COPIES = new Set(["kubectl.kubernetes.io/last-applied-configuration", "projectcalico.org/metadata", OWN_FIELDS]);

/** An object without type, name and what the server adds: what a change shows and what is compared. */
export function contentOf(object: KubeObject): Record<string, unknown> {
  const { apiVersion: _apiVersion, kind: _kind, metadata, status: _status, ...rest } = object;
  const kept = Object.entries(metadata).flatMap(([field, value]) => {
    if (SERVER_METADATA.has(field)) return [];
    if (field !== "annotations" || !isObject(value)) return [[field, value] as const];
    const annotations = Object.entries(value).filter(([name]) => !COPIES.has(name));
    return annotations.length > 0 ? [[field, Object.fromEntries(annotations)] as const] : [];
  });
  return kept.length > 0 ? { metadata: Object.fromEntries(kept), ...rest } : rest;
}

/** Two values, cut down to where they differ. */
export interface Difference {
  readonly before: Json;
  readonly after: Json;
}

/**
 * Where two values differ: nested objects with only the differing fields; a field that one side lacks is null there. Lists are
 * shown whole: an index says little.
 */
export function differenceOf(before: unknown, after: unknown): Difference | undefined {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    const fields = names.flatMap((name) => {
      const difference = differenceOf(before[name], after[name]);
      return difference === undefined ? [] : [[name, difference] as const];
    });
    if (fields.length === 0) return undefined;
    return {
      before: Object.fromEntries(fields.map(([name, difference]) => [name, difference.before])),
      after: Object.fromEntries(fields.map(([name, difference]) => [name, difference.after])),
    };
  }
  // As JSON: the API server makes no difference between a field that is null and one that is not there.
  const [one, other] = [toJson(before), toJson(after)];
  return isDeepStrictEqual(one, other) ? undefined : { before: one, after: other };
}

/** A value as JSON; what JSON cannot hold (undefined) is null, a Secret is masked. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string") return value;
  if (value instanceof Secret) return MASK;
  if (Array.isArray(value)) return value.map(toJson);
  if (!isObject(value)) return null;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toJson(field)]));
}

/** Masks the values of a Secret's `data` and `stringData`, and annotations that hold passwords. Names of the entries stay visible. */
export function maskSecrets(kind: string, value: Json): Json {
  if (kind !== "Secret" || !isObject(value)) return maskAnnotations(value);
  return Object.fromEntries(
    Object.entries(toJson(value) ?? {}).map(([name, field]) => [
      name,
      name === "data" || name === "stringData" ? maskValues(field) : field,
    ]),
  );
}

function maskValues(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (!isObject(value)) return MASK;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, entry === null ? null : MASK]));
}
