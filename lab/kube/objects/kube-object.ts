import type { Json, JsonObject } from "../../../runner/json.ts";
import { isObject } from "../../../runner/json.ts";

/** Standard object metadata (Kubernetes API reference, ObjectMeta), as far as this API looks at it by name. */
export type Metadata = JsonObject & {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};

/** An object as it is stored and sent. Never changed in place: a write stores a new one. */
export type KubeObject = JsonObject & { readonly apiVersion: string; readonly kind: string; readonly metadata: Metadata };

/** Whether a JSON value is a list. `Array.isArray` does not narrow read-only lists. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a JSON value is an object. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return isObject(value);
}

/** Whether a JSON value is a complete object: kind, version, name, and labels and annotations that are texts. */
export function isKubeObject(value: Json | undefined): value is KubeObject {
  if (!isJsonObject(value) || typeof value.apiVersion !== "string" || typeof value.kind !== "string") return false;
  const metadata = value.metadata;
  if (!isJsonObject(metadata) || typeof metadata.name !== "string" || metadata.name === "") return false;
  return isTextMap(metadata.labels) && isTextMap(metadata.annotations);
}

function isTextMap(value: Json | undefined): boolean {
  return value === undefined || (isJsonObject(value) && Object.values(value).every((entry) => typeof entry === "string"));
}

/** The value at a path of field names; undefined where the path ends early. */
export function valueAt(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current = value;
  for (const name of path) current = isJsonObject(current) ? current[name] : undefined;
  return current;
}

/** The object at a path; an empty one where there is none. */
export function objectAt(value: Json | undefined, ...path: readonly string[]): JsonObject {
  const found = valueAt(value, ...path);
  return isJsonObject(found) ? found : {};
}

/** The list at a path; an empty one where there is none. */
export function listAt(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = valueAt(value, ...path);
  return isList(found) ? found : [];
}

/** The text at a path; empty where there is none. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const found = valueAt(value, ...path);
  return typeof found === "string" ? found : "";
}

/** A copy without some fields. */
export function without(value: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** RFC 3339 in whole seconds, as metav1.Time is written. */
export function timestamp(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
