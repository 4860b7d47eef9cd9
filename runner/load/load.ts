import type { Diagnostic } from "../diagnostic.ts";
import type { Evaluator } from "../expression/evaluator.ts";
import type { Secret } from "../secret.ts";
import type { TaskRegistry } from "../task-type.ts";
import type { Inventory, Playbook, Variables } from "./model.ts";

/** What the command line gives the loader. */
export interface LoadOptions {
  readonly playbook: string;
  /** Files or directories; empty: `inventory/lab.yaml` of the package. */
  readonly inventories: readonly string[];
  readonly limit: string | undefined;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** `k=v` (a YAML scalar) or `@file`. */
  readonly extraVars: readonly string[];
  /** `--vault-password-file`; undefined: the file named by ANSIBLE_VAULT_PASSWORD_FILE, if any. */
  readonly vaultPasswordFile?: string | undefined;
  /** `--lab`: rehearse whatever inventory was given. */
  readonly lab: boolean;
  readonly registry: TaskRegistry;
}

/** Everything a run needs, resolved and checked. */
export interface Loaded {
  readonly playbook: Playbook;
  readonly inventory: Inventory;
  readonly extraVars: Variables;
  /** Every secret that was met, for masking foreign text. */
  readonly secrets: ReadonlySet<Secret>;
  readonly evaluator: Evaluator;
  /** Doubtful but legal. */
  readonly warnings: readonly Diagnostic[];
}

/** Input that cannot be run: all diagnostics at once. Nothing was connected. */
export type LoadResult =
  | { readonly ok: true; readonly value: Loaded }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
