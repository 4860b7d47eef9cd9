import type { AddressPlan } from "../address-plan/plan.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { createEvaluator } from "../expression/create-evaluator.ts";
import type { Evaluator, Underlay } from "../expression/evaluator.ts";
import type { Secret } from "../secret.ts";
import type { TaskRegistry } from "../task-type.ts";
import { withBatches } from "./batches.ts";
import { checkInventory } from "./check-inventory.ts";
import { checkTasks } from "./check-tasks.ts";
import { readExtraVars } from "./extra-vars.ts";
import { createIntake, displayName, type Intake } from "./intake.ts";
import { readInventory } from "./inventory.ts";
import { lateNames, withUnplanned } from "./late-names.ts";
import { withoutLeftOut } from "./left-out.ts";
import type { Inventory, Playbook, Variables } from "./model.ts";
import { type Planned, planInventory } from "./planned.ts";
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
  /** The address plan, which expressions know as `underlay`; empty when the inventory gives too little for one. */
  readonly plan: AddressPlan;
  /** What the inventory would have to give for a plan. */
  readonly lacks: readonly string[];
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

/** Stands for the plan while the inventory has errors. */
const WRONG: Underlay = { kind: "unknown", reason: "the inventory has errors" };

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

/** The hosts with their address plan, checked. `hosts.inventory` has the computed variables. */
async function readPlanned(
  intake: Intake,
  options: InventoryOptions,
): Promise<{ readonly hosts: Hosts; readonly planned: Planned }> {
  const read = readHosts(intake, options);
  const bare = await createEvaluator({ ...read, sources: intake.sources, secrets: intake.secrets });
  const planned = planInventory(read.inventory, read.extraVars, bare);
  for (const diagnostic of planned.wrong) intake.problems.report(diagnostic);
  const hosts = { ...read, inventory: planned.inventory };
  checkInventory({
    ...hosts,
    plan: planned.plan,
    soundPlan: planned.sound,
    evaluator: planned.evaluator,
    problems: intake.problems,
  });
  return { hosts, planned };
}

/** What both kinds of loading give. */
function loadedFrom(intake: Intake, hosts: Hosts, planned: Planned, warnings: readonly Diagnostic[]): LoadedInventory {
  const { inventory, extraVars } = hosts;
  const { plan, lacks, underlay } = planned;
  const evaluator = planned.evaluator.over(inventory, extraVars, underlay);
  return { inventory, extraVars, plan, lacks, evaluator, warnings, secrets: intake.secrets, sources: shownSources(intake) };
}

/**
 * Turns files into typed values, or into all their mistakes at once. Connects to nothing. Expressions that need what only a run can
 * know are left for the run.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const intake = createIntake(options.vaultPasswordFile);
  const { hosts, planned } = await readPlanned(intake, options);
  const { inventory, extraVars } = hosts;
  const soundVariables = split(intake).errors.length === 0;
  const read = readPlaybook({ intake, registry: options.registry, inventory }, options.playbook);
  const selected = selectPlays(read, options, inventory, intake.problems);
  const late = lateNames(selected);
  // Without a plan because something is wrong: what it would have given is not reported as missing once more.
  const unplanned = soundVariables ? late : withUnplanned(late, inventory, extraVars);
  const { evaluator: checker } = soundVariables ? planned : { evaluator: planned.evaluator.over(inventory, extraVars, WRONG) };
  const known = { inventory, extraVars, evaluator: checker, late: unplanned };
  const plays = withBatches(selected, { ...known, problems: intake.problems, soundVariables });
  checkTasks({ ...known, secrets: intake.secrets, problems: intake.problems, soundVariables }, plays);
  const { all, errors, warnings } = split(intake);
  if (errors.length > 0) return { ok: false, diagnostics: all, sources: shownSources(intake) };
  const playbook = { file: displayName(options.playbook), plays: withoutLeftOut(plays, known) };
  return { ok: true, value: { ...loadedFrom(intake, hosts, planned, warnings), playbook } };
}

/** The same without a playbook. */
export async function loadInventory(
  options: InventoryOptions,
): Promise<{ readonly ok: true; readonly value: LoadedInventory } | Extract<LoadResult, { readonly ok: false }>> {
  const intake = createIntake(options.vaultPasswordFile);
  const { hosts, planned } = await readPlanned(intake, options);
  const { all, errors, warnings } = split(intake);
  if (errors.length > 0) return { ok: false, diagnostics: all, sources: shownSources(intake) };
  return { ok: true, value: loadedFrom(intake, hosts, planned, warnings) };
}
