import { isObject } from "../json.ts";
import { Secret } from "../secret.ts";

/** Masks secrets in a text. */
export type Conceal = (text: string) => string;

/**
 * A value as one line of JSON with every text in it masked, whatever the secret looks like: masking the line as a whole could break its syntax
 * (a password `null`). Names of the outermost fields are ours and stay, as do the words that say what line it is.
 */
export function concealedLine(value: object, conceal: Conceal): string {
  return JSON.stringify(value, (key, item: unknown) => (key === "event" || key === "line" ? item : masked(key, item, conceal)));
}

/** Whether a value holds a secret, as `Secret` or as text. */
export function holdsSecret(value: unknown, conceal: Conceal): boolean {
  if (value instanceof Secret) return true;
  if (typeof value === "string" || typeof value === "number") return conceal(String(value)) !== String(value);
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item, conceal));
  return isObject(value) && Object.entries(value).some(([key, item]) => conceal(key) !== key || holdsSecret(item, conceal));
}

function masked(key: string, item: unknown, conceal: Conceal): unknown {
  if (typeof item === "string") return conceal(item);
  if (typeof item === "number" && conceal(String(item)) !== String(item)) return conceal(String(item));
  if (key === "" || !isObject(item)) return item;
  return Object.fromEntries(Object.entries(item).map(([name, inner]) => [conceal(name), inner]));
}
