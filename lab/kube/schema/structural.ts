import type { Json, JsonObject } from "../../../runner/json.ts";
import { isJsonObject, isList, objectAt, valueAt } from "../objects/kube-object.ts";

/** Schema of a field of an object: named in `properties`, else `additionalProperties`; undefined when the schema does not know it. */
function fieldSchema(schema: Json | undefined, name: string): Json | undefined {
  return objectAt(schema, "properties")[name] ?? valueAt(schema, "additionalProperties");
}

/** Whether a schema takes fields it does not name. A schema without properties, as `metadata` has, says nothing about them. */
function isOpen(schema: Json | undefined): boolean {
  if (valueAt(schema, "x-kubernetes-preserve-unknown-fields") === true) return true;
  return valueAt(schema, "properties") === undefined && valueAt(schema, "additionalProperties") === undefined;
}

/**
 * Paths of the fields that a structural schema does not know (`spec.ipPools[0].blocksize`). `apiVersion`, `kind` and `metadata` of the
 * object itself are always known.
 */
export function unknownFields(schema: Json | undefined, value: Json, path = ""): readonly string[] {
  if (isList(value)) {
    return value.flatMap((entry, index) => unknownFields(valueAt(schema, "items"), entry, `${path}[${index}]`));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, entry]) => {
    if (path === "" && isTypeField(name)) return [];
    const inner = fieldSchema(schema, name);
    const at = path === "" ? name : `${path}.${name}`;
    if (inner !== undefined) return unknownFields(inner, entry, at);
    return isOpen(schema) ? [] : [at];
  });
}

/** Takes out what the schema does not know and fills in its defaults, as the API server does with custom resources. */
export function pruneAndDefault(schema: Json | undefined, value: Json, top = true): Json {
  if (isList(value)) return value.map((entry) => pruneAndDefault(valueAt(schema, "items"), entry, false));
  if (!isJsonObject(value)) return value;
  const result: Record<string, Json> = {};
  for (const [name, entry] of Object.entries(value)) {
    const inner = fieldSchema(schema, name);
    if (top && isTypeField(name)) result[name] = entry;
    else if (inner !== undefined) result[name] = pruneAndDefault(inner, entry, false);
    else if (isOpen(schema)) result[name] = entry;
  }
  for (const [name, inner] of Object.entries(objectAt(schema, "properties"))) {
    const fallback = valueAt(inner, "default");
    if (result[name] === undefined && fallback !== undefined) result[name] = pruneAndDefault(inner, fallback, false);
  }
  return result;
}

function isTypeField(name: string): boolean {
  return name === "apiVersion" || name === "kind" || name === "metadata";
}

/**
 * The JSON Schema that says the same to ajv: without Kubernetes' extensions and formats, which ajv does not know. RE2's inline flag `(?i)`
 * has no JavaScript form inside a pattern, so such a pattern is not checked.
 */
export function toJsonSchema(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).flatMap(([name, value]): [string, Json][] => {
    if (name.startsWith("x-") || name === "format" || name === "default" || name === "description") return [];
    if (name === "pattern" && typeof value === "string" && value.includes("(?i)")) return [];
    if (name === "properties" && isJsonObject(value)) {
      const fields = Object.entries(value).filter(([field]) => !isTypeField(field) || value[field] === undefined);
      return [
        [name, Object.fromEntries(fields.map(([field, inner]) => [field, isJsonObject(inner) ? toJsonSchema(inner) : inner]))],
      ];
    }
    if ((name === "items" || name === "additionalProperties") && isJsonObject(value)) return [[name, toJsonSchema(value)]];
    return [[name, value]];
  });
  const converted = Object.fromEntries(entries);
  if (schema["x-kubernetes-int-or-string"] === true) return { ...converted, type: ["integer", "string"] };
  return converted;
}
