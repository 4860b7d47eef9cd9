import { inspect } from "node:util";

/** What stands in the place of a secret wherever something is shown. */
export const MASK = "‹secret›";

/**
 * A text that must never be shown: passwords, tokens, private keys, passphrases.
 * Every way of turning it into text gives `‹secret›`; only a connection calls `reveal()`, right where the text leaves
 * for the server (design section 7).
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. For connections only. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** Texts shorter than this are not searched for in foreign text: masking every "a" would help nobody. */
const SHORTEST_MASKED = 4;

/**
 * Masks every known secret in a text that came from somewhere else (a server's error, a program's output): as it is,
 * in Base64, percent-encoded and as JSON escapes it. The last line of defence, not the first.
 */
export function mask(text: string, secrets: Iterable<Secret>): string {
  let masked = text;
  for (const secret of secrets) {
    const plain = secret.reveal();
    if (plain.length < SHORTEST_MASKED) continue;
    const forms = [plain, Buffer.from(plain).toString("base64"), encodeURIComponent(plain), JSON.stringify(plain).slice(1, -1)];
    for (const form of new Set(forms)) masked = masked.replaceAll(form, MASK);
  }
  return masked;
}
