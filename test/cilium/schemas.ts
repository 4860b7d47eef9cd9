import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { isObject } from "../../runner/json.ts";
import { closed } from "../calico/crd-schema.ts";
import { sharedPath } from "../support/shared.ts";

/** Words of what is wrong with an object; empty: it fits. */
export type Check = (object: unknown) => readonly string[];

/**
 * A checker made from one API version of a CRD in the reference data, unknown fields refused. Undefined when the data is not there.
 * Fails when the CRD has no such version.
 */
export function crdVersionCheck(folder: string, file: string, version: string): Check | undefined {
  const path = sharedPath("crds", folder, `${file}.yaml`);
  if (path === undefined) return undefined;
  const crd: unknown = parse(readFileSync(path, "utf8"));
  const versions: unknown[] = isObject(crd) && isObject(crd.spec) && Array.isArray(crd.spec.versions) ? crd.spec.versions : [];
  const found = versions.filter(isObject).find(({ name }) => name === version);
  if (!isObject(found?.schema)) throw new Error(`${file} has no version ${version}`);
  return checkOf(closed(found.schema.openAPIV3Schema));
}

/** A checker made from a chart's values.schema.json. Undefined when the data is not there. */
export function valuesCheck(version: string): Check | undefined {
  const path = sharedPath("crds", "cilium-charts", `values.schema-${version}.json`);
  return path === undefined ? undefined : checkOf(JSON.parse(readFileSync(path, "utf8")));
}

function checkOf(schema: unknown): Check {
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
  for (const format of ["int32", "int64", "cidr", "date-time", "byte", "ipv4"]) ajv.addFormat(format, true);
  const { $schema: _draft, ...plain } = isObject(schema) ? schema : {};
  const validate = ajv.compile(plain);
  return (object) =>
    validate(object)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        );
}
