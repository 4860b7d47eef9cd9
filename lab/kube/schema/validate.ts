import type { ErrorObject, ValidateFunction } from "ajv";
import type { JsonObject } from "../../../runner/json.ts";
import type { Cause } from "../api/status.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { toJsonSchema } from "./structural.ts";

/** Checks an object against a structural schema. Reasons are worded as the API server words them. */
export type SchemaCheck = (schema: JsonObject, object: KubeObject) => readonly Cause[];

/** Loads the checker. It is heavy, so only clusters with custom resources pay for it. */
export async function loadSchemaCheck(): Promise<SchemaCheck> {
  const { Ajv } = await import("ajv");
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, verbose: true });
  const compiled = new WeakMap<JsonObject, ValidateFunction>();
  return (schema, object) => {
    const known = compiled.get(schema);
    const validate = known ?? ajv.compile(toJsonSchema(schema));
    if (known === undefined) compiled.set(schema, validate);
    return validate(object) ? [] : (validate.errors ?? []).map(causeOf);
  };
}

function causeOf(error: ErrorObject): Cause {
  const parent = pathOf(error.instancePath);
  const missing: unknown = error.params.missingProperty;
  if (typeof missing === "string") {
    const field = parent === "" ? missing : `${parent}.${missing}`;
    return { reason: "FieldValueRequired", field, message: "Required value" };
  }
  const field = parent === "" ? "<nil>" : parent;
  const found = JSON.stringify(error.data);
  if (error.keyword === "enum") {
    const allowed: unknown = error.params.allowedValues;
    const values = Array.isArray(allowed) ? allowed.map((value) => JSON.stringify(value)).join(", ") : "";
    return { reason: "FieldValueNotSupported", field, message: `Unsupported value: ${found}: supported values: ${values}` };
  }
  if (error.keyword === "type") {
    const kind = typeof error.data === "object" ? JSON.stringify(found) : JSON.stringify(typeof error.data);
    return {
      reason: "FieldValueTypeInvalid",
      field,
      message: `Invalid value: ${kind}: ${field} in body must be of type ${String(error.params.type)}: ${kind}`,
    };
  }
  return { reason: "FieldValueInvalid", field, message: `Invalid value: ${found}: ${field} in body ${wording(error)}` };
}

function wording(error: ErrorObject): string {
  if (error.keyword === "maximum") return `should be less than or equal to ${String(error.params.limit)}`;
  if (error.keyword === "minimum") return `should be greater than or equal to ${String(error.params.limit)}`;
  if (error.keyword === "pattern") return `should match '${String(error.params.pattern)}'`;
  return error.message ?? error.keyword;
}

/** `/spec/ipPools/0/cidr` → `spec.ipPools[0].cidr`. */
function pathOf(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path === "" ? step : `${path}.${step}`), "");
}
