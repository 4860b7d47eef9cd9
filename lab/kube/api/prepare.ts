import { withDefaults } from "../objects/defaults.ts";
import { isKubeObject, type KubeObject, valueAt } from "../objects/kube-object.ts";
import { metadataCauses } from "../objects/metadata-rules.ts";
import { groupVersion, type ResourceType } from "../objects/resource-type.ts";
import { brokenRules } from "../schema/cel.ts";
import { pruneAndDefault, unknownFields } from "../schema/structural.ts";
import type { SchemaCheck } from "../schema/validate.ts";
import { accept, badRequest, invalid, type Outcome, refuse } from "./status.ts";

/** An object ready to be stored, and what the client should be told. */
export interface Prepared {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** Admission: unknown fields by `fieldValidation` (`Strict`, `Warn`, `Ignore`), pruning, defaults, then every check. */
export function prepare(
  resource: ResourceType,
  candidate: KubeObject,
  validation: string,
  check: SchemaCheck,
): Outcome<Prepared> {
  const { kind, version, schema } = resource;
  const unknown = schema === undefined ? [] : unknownFields(schema, candidate);
  if (unknown.length > 0 && validation === "Strict") {
    const list = unknown.map((field) => `unknown field "${field}"`).join(", ");
    return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${list}`);
  }
  const warnings = validation === "Ignore" ? [] : unknown.map((field) => `unknown field "${field}"`);
  const complete = schema === undefined ? withDefaults(candidate) : pruneAndDefault(schema, candidate);
  if (!isKubeObject(complete)) throw new Error("defaulting lost the object's identity");
  const schemaCauses = schema === undefined ? [] : check(schema, complete);
  const ruleCauses = schema === undefined ? [] : brokenRules(schema, complete);
  const causes = [...metadataCauses(complete), ...schemaCauses, ...ruleCauses];
  if (causes.length > 0) return invalid(resource, complete.metadata.name, causes);
  const refused = resource.rules?.(complete) ?? [];
  if (refused.length > 0) {
    const causesOfRules = refused.map((message) => ({
      reason: "FieldValueInvalid",
      field: "spec",
      message: `Invalid value: "object": ${message}`,
    }));
    return invalid(resource, complete.metadata.name, causesOfRules);
  }
  return accept({ object: complete, warnings });
}

/** A server-side apply refuses unknown fields always, and by other words: the configuration has no type it could be merged by. */
export function refuseUntyped(resource: ResourceType, config: KubeObject): Outcome<void> {
  const unknown = resource.schema === undefined ? [] : unknownFields(resource.schema, config);
  const [first] = unknown;
  if (first === undefined) return accept(undefined);
  const namespace = config.metadata.namespace ?? "";
  const who = `${namespace}/${config.metadata.name}; ${groupVersion(resource)}, Kind=${resource.kind}`;
  const fields = unknown.map((field) => `.${field}: field not declared in schema`).join("\n  ");
  const list = unknown.length === 1 ? fields : `errors:\n  ${fields}`;
  return refuse(500, "", `failed to create typed patch object (${who}): ${list}`);
}

/** Whether objects of a kind count their generations: those with a specification. */
export function nextGeneration(before: KubeObject | undefined, after: KubeObject, changed: boolean): KubeObject {
  if (valueAt(after, "spec") === undefined || after.kind === "Node") return after;
  const generation = (before?.metadata.generation ?? 0) + (changed || before === undefined ? 1 : 0);
  return { ...after, metadata: { ...after.metadata, generation } };
}
