import { isObject } from "../json.ts";
import type { Plain } from "./tokens.ts";

const PATH = /^\s*[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\s*$/;

/** Words that are values of their own, whatever variables there are. */
const LITERALS: ReadonlySet<string> = new Set(["true", "false", "none", "True", "False", "None"]);

/**
 * What `l3out.tenant` names, when it is a text, a number or a truth value: most expressions of a playbook are such paths, and asking the
 * engine copies all of `l3out` first. Undefined for everything else, which is the engine's to judge: what is missing, what is
 * none, and lists and maps, of which it makes the copies that callers may change.
 */
export function scalarAt(expression: string, context: Readonly<Record<string, Plain>>): string | number | boolean | undefined {
  if (!PATH.test(expression)) return undefined;
  const names = expression.trim().split(".");
  if (LITERALS.has(names[0] ?? "")) return undefined;
  let value: unknown = context;
  for (const name of names) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}
