import type { Diagnostic } from "../diagnostic.ts";
import { createEvaluator } from "../expression/create-evaluator.ts";
import type { Evaluator } from "../expression/evaluator.ts";
import type { Secret } from "../secret.ts";
import type { TaskRegistry } from "../task-type.ts";
import { checkInventory } from "./check-inventory.ts";
import { checkTasks } from "./check-tasks.ts";
import { readExtraVars } from "./extra-vars.ts";
import { createIntake, displayName, type Intake } from "./intake.ts";
import { readInventory } from "./inventory.ts";
import type { Inventory, Playbook, Variables } from "./model.ts";
import { readPlaybook } from "./playbook.ts";
import { concealPlainSecrets } from "./secrets-in-values.ts";
import { selectPlays } from "./selection.ts";
import { starSecrets } from "./star-secrets.ts";

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
  /** Every secret that was met, for masking foreign text. Grows during the run. */
  readonly secrets: Set<Secret>;
  /** Text of every file that was read, for diagnostics with the source line. Secrets are starred out. */
  readonly sources: ReadonlyMap<string, string>;
  readonly evaluator: Evaluator;
  /** Doubtful but legal. */
  readonly warnings: readonly Diagnostic[];
}

/** Input that cannot be run: all diagnostics at once. Nothing was connected. */
export type LoadResult =
  | { readonly ok: true; readonly value: Loaded }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly sources: ReadonlyMap<string, string> };

/** What reading only the inventory needs (`inventory show`, `graph`, `lab up`). */
export type InventoryOptions = Pick<LoadOptions, "inventories" | "extraVars" | "lab" | "vaultPasswordFile">;

/** The inventory part of a run: no playbook. */
export type LoadedInventory = Omit<Loaded, "playbook">;

interface Hosts {
  readonly inventory: Inventory;
  readonly extraVars: Variables;
  readonly plainSecrets: boolean;
}

function readHosts(intake: Intake, options: InventoryOptions): Hosts {
  const read = readInventory(intake, options.inventories, options.lab);
  const { plainSecrets } = read;
  return { ...concealPlainSecrets(intake, read.inventory, readExtraVars(intake, options.extraVars), plainSecrets), plainSecrets };
}

/** What people see of the files: secrets that stand in them are starred out, at the same length so that carets stay right. */
function shownSources(intake: Intake): ReadonlyMap<string, string> {
  return new Map([...intake.sources].map(([file, text]) => [file, starSecrets(text, intake.secrets)]));
}

/** Rules about files of which nothing, or not everything, is known. */
const UNREAD = /^(?:yaml-|vault-|duplicate-key$|missing-file$|missing-inventory$|inventory-layout$)/;

function split(intake: Intake): {
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  readonly all: readonly Diagnostic[];
} {
  const found = intake.problems.all();
  // What stands in a file that could not be read is missing everywhere: saying so helps nobody.
  const unread = found.some(({ severity, rule }) => severity === "error" && UNREAD.test(rule));
  const all = unread ? found.filter(({ rule }) => rule !== "undefined-variable") : found;
  const errors = all.filter(({ severity }) => severity === "error");
  return { all, errors, warnings: all.filter(({ severity }) => severity === "warning") };
}

/**
 * Turns files into typed values, or into all their mistakes at once. Connects to nothing. Expressions that need what only a run can
 * know are left for the run.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const intake = createIntake(options.vaultPasswordFile);
  const { inventory, extraVars, plainSecrets } = readHosts(intake, options);
  const known = { inventory, extraVars, sources: intake.sources, secrets: intake.secrets };
  const checker = await createEvaluator(known);
  checkInventory({ ...known, evaluator: checker, plainSecrets, problems: intake.problems });
  const soundVariables = split(intake).errors.length === 0;
  const read = readPlaybook({ intake, registry: options.registry, inventory }, options.playbook);
  const plays = selectPlays(read, options, inventory, intake.problems);
  checkTasks({ ...known, evaluator: checker, problems: intake.problems, soundVariables }, plays);
  const { all, errors, warnings } = split(intake);
  if (errors.length > 0) return { ok: false, diagnostics: all, sources: shownSources(intake) };
  const playbook = { file: displayName(options.playbook), plays };
  return {
    ok: true,
    value: { ...known, playbook, evaluator: await createEvaluator(known), warnings, sources: shownSources(intake) },
  };
}

/** The same without a playbook. */
export async function loadInventory(
  options: InventoryOptions,
): Promise<{ readonly ok: true; readonly value: LoadedInventory } | Extract<LoadResult, { readonly ok: false }>> {
  const intake = createIntake(options.vaultPasswordFile);
  const { inventory, extraVars, plainSecrets } = readHosts(intake, options);
  const known = { inventory, extraVars, sources: intake.sources, secrets: intake.secrets };
  const evaluator = await createEvaluator(known);
  checkInventory({ ...known, evaluator, plainSecrets, problems: intake.problems });
  const { all, errors, warnings } = split(intake);
  if (errors.length > 0) return { ok: false, diagnostics: all, sources: shownSources(intake) };
  return { ok: true, value: { ...known, evaluator, warnings, sources: shownSources(intake) } };
}
