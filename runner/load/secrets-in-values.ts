import type { TSchema } from "#typebox";
import { errorAt } from "../diagnostic.ts";
import { isObject } from "../json.ts";
import { Secret } from "../secret.ts";
import type { Intake } from "./intake.ts";
import type { Inventory, Value, Variable, Variables } from "./model.ts";
import type { Data } from "./render-tree.ts";
import { KnownVariables } from "./variables.ts";

/**
 * Plain text where a schema says secret. A lab's inventory may have it (there is nothing to protect): the text becomes a Secret, so that
 * everything behaves as with a real one. Everywhere else it is refused (design section 7).
 */

function isSecretSchema(schema: TSchema): boolean {
  return "secret" in schema && schema.secret === true;
}

function propertySchema(schema: TSchema, key: string): TSchema | undefined {
  const properties: unknown = "properties" in schema ? schema.properties : undefined;
  const found = isObject(properties) ? properties[key] : undefined;
  return isObject(found) ? found : undefined;
}

function convert(intake: Intake, schema: TSchema, value: Value, plainSecrets: boolean, name: string): Value {
  if (isSecretSchema(schema)) {
    if (value.kind !== "literal" || value.value === null) return value;
    if (!plainSecrets) {
      const hint = "use !vault, {{ env('NAME') }} or {{ file('path') }}";
      intake.problems.report(errorAt(value.at, "plain-text-secret", `${name} must be a secret, not plain text`, hint));
    }
    const secret = new Secret(String(value.value));
    intake.secrets.add(secret);
    return { kind: "secret", secret, at: value.at };
  }
  if (value.kind !== "map") return value;
  const entries = new Map<string, Value>();
  let changed = false;
  for (const [key, item] of value.entries) {
    const inner = propertySchema(schema, key);
    const next = inner === undefined ? item : convert(intake, inner, item, plainSecrets, `${name}.${key}`);
    changed ||= next !== item;
    entries.set(key, next);
  }
  return changed ? { ...value, entries } : value;
}

/** Puts secrets in the place of plain text in some variables. The same value object gives the same result. */
function convertVariables(intake: Intake, vars: Variables, plainSecrets: boolean, done: Map<Value, Value>): Variables {
  const converted = new Map<string, Variable>();
  for (const [name, variable] of vars) {
    const schema = propertySchema(KnownVariables, name);
    const known = done.get(variable.value);
    const value = known ?? (schema === undefined ? variable.value : convert(intake, schema, variable.value, plainSecrets, name));
    done.set(variable.value, value);
    converted.set(name, value === variable.value ? variable : { ...variable, value });
  }
  return converted;
}

/** The inventory and the extra variables with secrets in the place of plain text; on a real inventory each one is an error. */
export function concealPlainSecrets(
  intake: Intake,
  inventory: Inventory,
  extraVars: Variables,
  plainSecrets: boolean,
): { readonly inventory: Inventory; readonly extraVars: Variables } {
  const done = new Map<Value, Value>();
  const hosts = new Map(
    [...inventory.hosts].map(([name, host]) => [
      name,
      { ...host, vars: convertVariables(intake, host.vars, plainSecrets, done) },
    ]),
  );
  return { inventory: { ...inventory, hosts }, extraVars: convertVariables(intake, extraVars, plainSecrets, done) };
}

/** The same for rendered data: a template in a lab's inventory may give plain text for a secret. Changes `data`. */
export function concealPlainData(schema: TSchema, data: Data): Data {
  if (isSecretSchema(schema) && typeof data === "string") return new Secret(data);
  if (typeof data !== "object" || data === null || data instanceof Secret || Array.isArray(data)) return data;
  for (const [key, item] of Object.entries(data)) {
    const inner = propertySchema(schema, key);
    if (inner !== undefined && isObject(data)) Object.assign(data, { [key]: concealPlainData(inner, item) });
  }
  return data;
}
