import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { isObject } from "../../runner/json.ts";
import { sharedPath } from "../support/shared.ts";

type Check = (object: unknown) => readonly string[];

/**
 * A checker made from a CRD in the reference data: structure, types, enums and patterns, unknown fields refused. Rules in CEL are not
 * executed. Undefined when the data is not there.
 */
export function crdCheck(folder: string, file: string): Check | undefined {
  const path = sharedPath("crds", folder, `${file}.yaml`);
  if (path === undefined) return undefined;
  const schema = closed(schemaOf(parse(readFileSync(path, "utf8"))));
  const ajv = new Ajv({ strict: false, allErrors: true });
  for (const format of ["int32", "int64", "cidr", "date-time", "int-or-string", "byte"]) ajv.addFormat(format, true);
  const validate = ajv.compile(isObject(schema) ? schema : {});
  return (object) =>
    validate(object)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        );
}

function schemaOf(crd: unknown): unknown {
  const versions = isObject(crd) && isObject(crd.spec) && Array.isArray(crd.spec.versions) ? crd.spec.versions : [];
  const [version]: unknown[] = versions;
  return isObject(version) && isObject(version.schema) ? version.schema.openAPIV3Schema : {};
}

/** Refuses fields that the schema does not name, as `--validate=strict` does; RE2's inline flag is not JavaScript's. */
export function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isObject(schema)) return schema;
  const own = Object.entries(schema)
    .filter(([name]) => !name.startsWith("x-kubernetes-"))
    .map(([name, value]) => [name, name === "pattern" ? String(value).replace("(?i)", "") : closed(value)] as const);
  const open =
    !isObject(schema.properties) || "additionalProperties" in schema || "x-kubernetes-preserve-unknown-fields" in schema;
  return { ...Object.fromEntries(own), ...(open ? {} : { additionalProperties: false }) };
}
