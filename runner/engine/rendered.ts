import type { Rendered } from "../expression/evaluator.ts";
import { Secret } from "../secret.ts";

/**
 * A copy of rendered data that may be changed: checking fills defaults into it, and a value that came from a variable is shared
 * with every other use of that variable. Secrets are kept as they are.
 */
export function copyOf(value: Rendered): unknown {
  if (value instanceof Secret || typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)]));
}

/** Whether rendered data is a list. */
export function isList(value: Rendered): value is readonly Rendered[] {
  return Array.isArray(value);
}

/** The entries of a rendered map; none for anything else. */
export function entriesOf(value: Rendered): readonly (readonly [string, Rendered])[] {
  if (value === null || typeof value !== "object" || value instanceof Secret || isList(value)) return [];
  return Object.entries(value);
}

/** Rendered data on one line, for names, labels and reasons; secrets are masked. */
export function show(value: Rendered): string {
  if (typeof value === "string") return value;
  if (value instanceof Secret) return value.toString();
  return JSON.stringify(value);
}
