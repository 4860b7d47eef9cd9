import { readFileSync } from "node:fs";
import { errorAt, type SourceRange } from "../diagnostic.ts";
import { displayName, type Intake } from "./intake.ts";
import type { Value } from "./model.ts";
import { isVault } from "./vault.ts";
import { parseYaml } from "./yaml.ts";

/**
 * Reads a YAML file. Undefined when it cannot be read or parsed (reported); an empty file is null. A file that is vault text as a whole is decrypted
 * first; then every text in it counts as secret.
 *
 * @param from where the file was named, for the diagnostic when it is missing
 */
export function readYaml(intake: Intake, file: string, missingRule: string, from?: SourceRange): Value | undefined {
  const name = displayName(file);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error && error.code === "ENOENT" ? "does not exist" : "cannot be read";
    intake.problems.report(errorAt(from, missingRule, `${name} ${reason}`));
    return undefined;
  }
  intake.sources.set(name, text);
  const encrypted = isVault(text);
  const plain = encrypted ? intake.decrypt(text, { file: name, line: 1, column: 1, length: text.indexOf("\n") }) : text;
  return plain === undefined ? undefined : parseYaml(intake, name, plain, encrypted);
}
