import { isObject } from "../json.ts";
import { Secret } from "../secret.ts";
import type { Evaluated, Rendered } from "./evaluator.ts";

/** Plain data as the Jinja2 engine gets it: tokens stand where a Secret, or a value that could not be had, would be. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** Why a value is missing: it hangs on a change that was not made, or it is wrong where it is written. */
export type Missing = Exclude<Evaluated<never>, { readonly kind: "value" }>;

/**
 * What stands for secrets and missing values inside the engine. A token consists of private-use characters only (U+E000 to U+E00B), so that no
 * filter changes it by accident and every piece of one that was cut is noticed.
 */
export interface Tokens {
  /** The token of a secret; secrets of the same text get the same one, so that they compare as equal. */
  secret(secret: Secret): string;
  /** A token for a value that could not be had. `name` is the variable; using it anywhere must fail. */
  missing(name: string, missing: Missing): string;
  /** Plain data for a rendered value. */
  conceal(value: Rendered): Plain;
  /** The rendered value for plain data that came out of the engine. */
  reveal(value: Plain): Rendered | { readonly [broken]: Missing | "cut" };
  /** The missing values in some data, with their variable's names. Free when nothing is missing at all. */
  missingIn(value: unknown): readonly { readonly name: string; readonly missing: Missing }[];
}

/** Key of the object that `reveal` gives when a value contains a missing one, or a secret that was cut to pieces. */
export const broken: unique symbol = Symbol("broken");

/** A token is longer than most slices, so that a cut is noticed. */
const ID_DIGITS = 16;
const START = "\uE00A";
const END = "\uE00B";
const PIECE = /[\uE000-\uE00B]/;
const TOKEN = /\uE00A([\uE000-\uE009]+)\uE00B/g;

/** Whether a text holds a character that tokens are made of; such a character in a user's file is refused. */
export function holdsToken(text: string): boolean {
  return PIECE.test(text);
}

function encode(index: number): string {
  const digits = [...String(index).padStart(ID_DIGITS, "0")].map((digit) => String.fromCharCode(0xe000 + Number(digit)));
  return `${START}${digits.join("")}${END}`;
}

function decode(digits: string): number {
  return Number([...digits].map((letter) => letter.charCodeAt(0) - 0xe000).join(""));
}

/** A new set of tokens. `onSecret` hears of every secret that is made by joining a secret with text. */
export function createTokens(onSecret: (secret: Secret) => void): Tokens {
  const entries: (Secret | { readonly name: string; readonly missing: Missing })[] = [];
  const byText = new Map<string, string>();
  let anyMissing = false;

  function exchange(text: string): Rendered | { readonly [broken]: Missing | "cut" } {
    if (!PIECE.test(text)) return text;
    const found = [...text.matchAll(TOKEN)].map((match) => entries[decode(match[1] ?? "")]);
    const missing = found.find((entry) => entry !== undefined && !(entry instanceof Secret));
    if (missing !== undefined && !(missing instanceof Secret)) return { [broken]: missing.missing };
    const [only] = found;
    if (only instanceof Secret && found.length === 1 && text === byText.get(only.reveal())) return only;
    let cut = false;
    const joined = text.replaceAll(TOKEN, (_token, digits: string) => {
      const entry = entries[decode(digits)];
      if (entry instanceof Secret) return entry.reveal();
      cut = true;
      return "";
    });
    const rest = text.replaceAll(TOKEN, "");
    if (cut || PIECE.test(rest)) return { [broken]: "cut" };
    const secret = new Secret(joined);
    onSecret(secret);
    return secret;
  }

  const tokens: Tokens = {
    secret(secret) {
      const known = byText.get(secret.reveal());
      if (known !== undefined) return known;
      const token = encode(entries.push(secret) - 1);
      byText.set(secret.reveal(), token);
      return token;
    },
    missing(name, missing) {
      anyMissing = true;
      return encode(entries.push({ name, missing }) - 1);
    },
    conceal(value) {
      if (value instanceof Secret) return tokens.secret(value);
      if (isList(value)) return value.map((item) => tokens.conceal(item));
      if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tokens.conceal(item)]));
      }
      return value;
    },
    reveal(value) {
      if (typeof value === "string") return exchange(value);
      if (Array.isArray(value)) {
        const items: Rendered[] = [];
        for (const item of value) {
          const shown = tokens.reveal(item);
          if (isBroken(shown)) return shown;
          items.push(shown);
        }
        return items;
      }
      if (value === null || typeof value !== "object") return value;
      const entriesShown: [string, Rendered][] = [];
      for (const [key, item] of Object.entries(value)) {
        if (PIECE.test(key)) return { [broken]: "cut" };
        const shown = tokens.reveal(item);
        if (isBroken(shown)) return shown;
        entriesShown.push([key, shown]);
      }
      return Object.fromEntries(entriesShown);
    },
    missingIn(value) {
      return anyMissing ? collect(value) : [];
    },
  };

  function collect(value: unknown): { readonly name: string; readonly missing: Missing }[] {
    if (typeof value === "string") {
      if (!PIECE.test(value)) return [];
      return [...value.matchAll(TOKEN)].flatMap((match) => {
        const entry = entries[decode(match[1] ?? "")];
        return entry === undefined || entry instanceof Secret ? [] : [entry];
      });
    }
    if (Array.isArray(value)) return value.flatMap(collect);
    return isObject(value) ? Object.values(value).flatMap(collect) : [];
  }
  return tokens;
}

function isList(value: Rendered): value is readonly Rendered[] {
  return Array.isArray(value);
}

/** Whether `reveal` found something missing or cut. */
export function isBroken(value: unknown): value is { readonly [broken]: Missing | "cut" } {
  return typeof value === "object" && value !== null && broken in value;
}
