import { type Static, Type } from "#typebox";
import type { Value, Variables } from "../load/model.ts";
import type { Secret } from "../secret.ts";
import { type Conceal, holdsSecret } from "./concealed.ts";

/** A `-e` as it is kept: its text, or only the variable's name where the value is or holds a secret. A file is kept by its path. */
export const KeptVariable = Type.Union([
  Type.Object({ text: Type.String() }),
  /** Has to be given again to go on with the run. */
  Type.Object({ name: Type.String() }),
]);
export type KeptVariable = Static<typeof KeptVariable>;

/** Names that say secret, whatever the schemas know about them. */
const SECRET_NAME = /pass|secret|token|private_key/i;

/**
 * What may be kept of the `-e` of a run. Secret is what a schema says is (it was loaded as `Secret`), what holds a text that is known to be
 * one, and what is named like one.
 */
export function keptVariables(
  given: readonly string[],
  loaded: { readonly extraVars: Variables; readonly secrets: Iterable<Secret> },
  conceal: Conceal,
): readonly KeptVariable[] {
  const texts = new Set([...loaded.secrets].map((secret) => secret.reveal()));
  return given.map((text) => {
    if (text.startsWith("@")) return { text };
    const [name = "", ...rest] = text.split("=");
    const value = rest.join("=");
    const loadedAs = loaded.extraVars.get(name.trim())?.value;
    const secret =
      SECRET_NAME.test(name) || texts.has(value) || holdsSecret(value, conceal) || (loadedAs !== undefined && isSecret(loadedAs));
    return secret ? { name: name.trim() } : { text };
  });
}

/** Whether any part of a value is a secret. */
function isSecret(value: Value): boolean {
  if (value.kind === "secret") return true;
  if (value.kind === "list") return value.items.some(isSecret);
  return value.kind === "map" && [...value.entries.values()].some(isSecret);
}
