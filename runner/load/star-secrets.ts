import type { Secret } from "../secret.ts";

/** Shorter texts are not searched for: starring out every "a" would help nobody. */
const SHORTEST = 4;

/** A value after a key that looks like a secret's, mistyped ones too, unless it is a template or a tag. */
const SECRET_KEY =
  /((?:pass|pasw|secret|token|private_key)[\w-]*["']?[ \t]*[:=][ \t]*)(?!!|["']?\{\{|[|>{[&*])([^\s,}#][^,}\r\n]*)/gi;

/**
 * Stars out the secrets in a file's text, each letter for itself: what diagnostics quote of a file must not show what was written in plain text there by
 * mistake.
 */
export function starSecrets(text: string, secrets: Iterable<Secret>): string {
  let shown = text;
  for (const secret of secrets) {
    const plain = secret.reveal();
    if (plain.length >= SHORTEST) shown = shown.replaceAll(plain, (found) => found.replace(/\S/g, "*"));
  }
  return shown.replace(SECRET_KEY, (_all, key: string, value: string) => key + value.replace(/\S/g, "*"));
}
