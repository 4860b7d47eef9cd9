import type { ErrorObject } from "ajv";
import { type Diagnostic, errorAt, type SourceRange } from "./diagnostic.ts";
import { isObject } from "./json.ts";
import type { Value } from "./load/model.ts";
import { hintFor } from "./nearest.ts";
import { Secret } from "./secret.ts";
import { keyAt, kindName } from "./value.ts";

/** Keywords whose own error only says that none of several schemas fits. */
const COMBINED = new Set(["anyOf", "oneOf"]);

/**
 * Turns ajv's errors into diagnostics at the very key or value. Never shows a value, only its kind.
 *
 * @param root the checked value as it stands in the file
 * @param what what was checked, as the subject of "needs": `aci.l3out`, `fabric`
 * @param isHole whether something at (or below, or above) a path could not be known yet: errors about it are dropped
 */
export function schemaDiagnostics(
  errors: readonly ErrorObject[],
  root: Value,
  what: string,
  isHole: (path: readonly string[]) => boolean = () => false,
): Diagnostic[] {
  const unions = errors.filter((error) => COMBINED.has(error.keyword));
  const inUnion = (error: ErrorObject): boolean =>
    unions.some((union) => union !== error && error.schemaPath.startsWith(`${union.schemaPath}/`));
  return errors
    .filter((error) => !inUnion(error) && error.keyword !== "if")
    .filter(
      (error) =>
        !isHole(pathOf(error)) &&
        !((COMBINED.has(error.keyword) || error.keyword === "uniqueItems") && hasHoleBelow(error, isHole)),
    )
    .map((error) => diagnostic(error, root, what, errors));
}

function pathOf(error: ErrorObject): readonly string[] {
  const path = error.instancePath.split("/").slice(1);
  return path.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function hasHoleBelow(error: ErrorObject, isHole: (path: readonly string[]) => boolean): boolean {
  const walk = (data: unknown, path: readonly string[]): boolean => {
    if (isHole(path)) return true;
    if (Array.isArray(data)) return data.some((item, index) => walk(item, [...path, String(index)]));
    return isObject(data) && Object.entries(data).some(([key, item]) => walk(item, [...path, key]));
  };
  return walk(error.data, pathOf(error));
}

function diagnostic(error: ErrorObject, root: Value, what: string, all: readonly ErrorObject[]): Diagnostic {
  const path = pathOf(error);
  const { value, at } = locate(root, path);
  const name =
    path.length === 0
      ? what
      : path
          .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
          .join("")
          .replace(/^\./, "");
  switch (error.keyword) {
    case "required": {
      const missing = String(error.params.missingProperty);
      return errorAt(at, "missing-argument", `${name} needs ${missing}`, descriptionOf(error, missing));
    }
    case "additionalProperties": {
      const key = String(error.params.additionalProperty);
      const known = isObject(error.parentSchema?.properties) ? Object.keys(error.parentSchema.properties) : [];
      const where = value === undefined ? at : keyAt(value, key);
      return errorAt(where, "unknown-key", `${name} has no key ${key}`, hintFor(key, known));
    }
    case "secret":
      return errorAt(
        at,
        "plain-text-secret",
        `${name} must be a secret, not plain text`,
        "use !vault, {{ env('NAME') }} or {{ file('path') }}",
      );
    case "type":
      return errorAt(at, "wrong-type", `${name} is ${article(String(error.params.type))}, not ${dataKind(error.data, value)}`);
    case "const":
    case "enum": {
      const allowed: unknown[] =
        error.keyword === "const" ? [error.params.allowedValue] : Object.values(error.params.allowedValues ?? []);
      return notAllowed(at, name, error.data, allowed);
    }
    case "anyOf":
    case "oneOf": {
      const inner = all.filter((other) => other.schemaPath.startsWith(`${error.schemaPath}/`));
      if (inner.every((other) => other.keyword === "const" && other.instancePath === error.instancePath)) {
        return notAllowed(
          at,
          name,
          error.data,
          inner.map((other) => other.params.allowedValue),
        );
      }
      const deeper = inner.filter((other) => other.instancePath !== error.instancePath || other.keyword !== "type");
      const [first] = deeper;
      if (first !== undefined && deeper.length < inner.length) return diagnostic(first, root, what, []);
      const types = [
        ...new Set(inner.filter((other) => other.keyword === "type").map((other) => article(String(other.params.type)))),
      ];
      const expected =
        types.length > 0
          ? `${name} is ${types.join(" or ")}, not ${dataKind(error.data, value)}`
          : `${name} fits none of the allowed forms`;
      return errorAt(at, "wrong-type", expected);
    }
    case "format":
      return badFormat(at, name, String(error.params.format));
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum": {
      const shown = typeof error.data === "number" ? ` (it is ${error.data})` : "";
      return errorAt(at, "out-of-range", `${name} ${error.message ?? "is out of range"}${shown}`, rangeOf(error));
    }
    case "refused": {
      const hint: unknown = error.params.hint;
      return errorAt(at, "refused-argument", `${name} ${error.message}`, typeof hint === "string" ? hint : undefined);
    }
    default:
      return errorAt(at, "invalid-value", `${name} ${error.message ?? "is not valid"}`);
  }
}

function notAllowed(at: SourceRange, name: string, data: unknown, allowed: readonly unknown[]): Diagnostic {
  const names = allowed.map(String);
  const near = typeof data === "string" ? hintFor(data, names) : undefined;
  const hint = near?.startsWith("did") === true ? near : undefined;
  return errorAt(at, "not-allowed", `${name} must be ${names.length > 1 ? "one of " : ""}${names.join(", ")}`, hint);
}

function badFormat(at: SourceRange, name: string, format: string): Diagnostic {
  switch (format) {
    case "ip":
      return errorAt(at, "bad-format", `${name} is not an IP address`, "without prefix length: 192.168.2.201");
    case "network":
      return errorAt(
        at,
        "bad-format",
        `${name} is not a subnet`,
        "network address with prefix length and no host bits: 192.168.2.0/24",
      );
    case "interface-address":
      return errorAt(at, "bad-format", `${name} is not an address with prefix length`, "example: 192.168.2.201/24");
    default:
      return errorAt(at, "bad-format", `${name} is not a valid ${format}`);
  }
}

function rangeOf(error: ErrorObject): string | undefined {
  const { minimum, maximum } = error.parentSchema ?? {};
  return typeof minimum === "number" && typeof maximum === "number" ? `allowed: ${minimum} to ${maximum}` : undefined;
}

function descriptionOf(error: ErrorObject, key: string): string | undefined {
  const properties: unknown = error.parentSchema?.properties;
  const schema = isObject(properties) ? properties[key] : undefined;
  return isObject(schema) && typeof schema.description === "string" ? schema.description : undefined;
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = {
    string: "a text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "a map",
    null: "nothing",
  };
  return words[type] ?? type;
}

function dataKind(data: unknown, value: Value | undefined): string {
  if (value !== undefined && value.kind !== "template") return kindName(value);
  if (data === null) return "nothing";
  if (Array.isArray(data)) return "a list";
  if (data instanceof Secret) return "a secret";
  return typeof data === "string" ? "a text" : typeof data === "object" ? "a map" : `a ${typeof data}`;
}

/** The value at a path; below a template or a missing key, the nearest place above. */
function locate(root: Value, path: readonly string[]): { readonly value: Value | undefined; readonly at: SourceRange } {
  let value = root;
  for (const [index, part] of path.entries()) {
    const next = value.kind === "map" ? value.entries.get(part) : value.kind === "list" ? value.items[Number(part)] : undefined;
    if (next === undefined) return { value: index === path.length ? value : undefined, at: value.at };
    value = next;
  }
  return { value, at: value.at };
}
