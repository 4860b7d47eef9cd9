import type { TSchema } from "#typebox";
import type { Diagnostic } from "../diagnostic.ts";
import { isObject } from "../json.ts";
import { KnownVariables } from "./variables.ts";

/** An undefined name that is a known variable is no misspelling: the hint says what it is for, and that the inventory does not give it. */
export function withKnownHint(diagnostic: Diagnostic): Diagnostic {
  const path =
    diagnostic.rule === "undefined-variable" ? /^(\w+(?:\.\w+)*) is not defined/.exec(diagnostic.message)?.[1] : undefined;
  const description = path === undefined ? undefined : describedAt(KnownVariables, path.split("."));
  if (path === undefined || description === undefined) return diagnostic;
  return { ...diagnostic, hint: `set ${path} in the inventory${description === "" ? "" : `: ${description}`}` };
}

/** Description of the property at a path of a schema, empty when it has none; undefined when there is no such property. */
function describedAt(schema: TSchema, path: readonly string[]): string | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return "description" in schema && typeof schema.description === "string" ? schema.description : "";
  const properties: unknown = "properties" in schema ? schema.properties : undefined;
  const next: unknown = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isObject(next) ? describedAt(next, rest) : undefined;
}
