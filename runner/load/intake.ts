import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { errorAt, type SourceRange } from "../diagnostic.ts";
import type { Secret } from "../secret.ts";
import { createProblems, type Problems } from "./problems.ts";
import { decryptVault } from "./vault.ts";

/** One reading of all input files: what was read, what was wrong, which secrets were met. */
export interface Intake {
  readonly problems: Problems;
  /** Text of every file, by the name used in diagnostics. */
  readonly sources: Map<string, string>;
  readonly secrets: Set<Secret>;
  /** Decrypts vault text; a refusal is reported at its place and gives undefined. */
  readonly decrypt: (text: string, at: SourceRange) => string | undefined;
}

/** @param vaultPasswordFile `--vault-password-file`; undefined: $ANSIBLE_VAULT_PASSWORD_FILE */
export function createIntake(vaultPasswordFile: string | undefined): Intake {
  const problems = createProblems();
  const passwordFile = vaultPasswordFile ?? process.env.ANSIBLE_VAULT_PASSWORD_FILE;
  let password: string | undefined;
  const decrypt = (text: string, at: SourceRange): string | undefined => {
    if (passwordFile === undefined || passwordFile === "") {
      const hint = "give --vault-password-file FILE or set ANSIBLE_VAULT_PASSWORD_FILE";
      problems.report(errorAt(at, "vault-no-password", "this is encrypted with Ansible Vault and there is no password", hint));
      return undefined;
    }
    try {
      password ??= readFileSync(passwordFile, "utf8").trim();
    } catch {
      problems.report(errorAt(at, "vault-no-password", `the vault password file ${passwordFile} cannot be read`));
      return undefined;
    }
    const outcome = decryptVault(text, password);
    if (outcome.ok) return outcome.text;
    problems.report(errorAt(at, outcome.rule, outcome.message, outcome.hint));
    return undefined;
  };
  return { problems, sources: new Map(), secrets: new Set(), decrypt };
}

/** The name a file goes by in diagnostics: relative to the working directory unless it lies elsewhere. */
export function displayName(file: string): string {
  const relative = path.relative(process.cwd(), path.resolve(file));
  return relative.startsWith("..") ? path.resolve(file) : relative;
}

/** Whether a path is a directory; undefined when there is nothing. */
export function isDirectory(file: string): boolean | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory();
}
