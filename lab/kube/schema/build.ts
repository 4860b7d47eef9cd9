import type { Json, JsonObject } from "../../../runner/json.ts";

// Words to write structural schemas with.

/** Any text. */
export const text: JsonObject = { type: "string" };
/** True or false. */
export const flag: JsonObject = { type: "boolean" };
/** A whole number. */
export const number: JsonObject = { type: "integer" };
/** An object whose fields are not described. */
export const open: JsonObject = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** One of these texts. */
export function oneOf(...values: readonly string[]): JsonObject {
  return { type: "string", enum: values };
}

/** A list, owned as a whole by who writes it. */
export function listOf(items: Json): JsonObject {
  return { type: "array", items };
}

/** A list whose entries are told apart by one field. */
export function mapOf(key: string, items: Json): JsonObject {
  return { ...listOf(items), "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [key] };
}

/** A whole number in a range, both ends included. */
export function between(minimum: number, maximum: number): JsonObject {
  return { type: "integer", minimum, maximum };
}

/** An object with these fields, of which some are required. */
export function record(properties: JsonObject, ...required: readonly string[]): JsonObject {
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}

/** A whole object: its specification, and a status that agents write. */
export function object(spec: JsonObject, status: JsonObject = open): JsonObject {
  return { type: "object", properties: { spec, status }, required: ["spec"] };
}

/** metav1.LabelSelector. */
export const labelSelector: JsonObject = {
  ...record({
    matchLabels: {
      type: "object",
      additionalProperties: { type: "string", maxLength: 63, pattern: "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$" },
    },
    matchExpressions: listOf(
      record({ key: text, operator: oneOf("In", "NotIn", "Exists", "DoesNotExist"), values: listOf(text) }, "key", "operator"),
    ),
  }),
  "x-kubernetes-map-type": "atomic",
};
