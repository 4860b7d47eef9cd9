import { errorAt } from "../diagnostic.ts";
import type { Evaluated, Evaluator, Rendered, Scope } from "../expression/evaluator.ts";
import { hintFor } from "../nearest.ts";
import { check } from "../schema.ts";
import { schemaDiagnostics } from "../schema-words.ts";
import { Secret } from "../secret.ts";
import type { TaskType } from "../task-type.ts";
import { textOf } from "../value.ts";
import { type LateNames, reasonFor, scopeBeforeRun } from "./late-names.ts";
import type { Entry, Expression, Host, Inventory, Play, TaskEntry, Value, Variables } from "./model.ts";
import { withKnownHint } from "./not-given.ts";
import type { Problems } from "./problems.ts";
import { type RenderedTree, renderedFor, unrenderedTree } from "./render-tree.ts";

/** What checking tasks needs. The evaluator is one of its own: it learns what a run will register as unknown. */
export interface TaskCheck {
  readonly evaluator: Evaluator;
  readonly inventory: Inventory;
  readonly extraVars: Variables;
  readonly problems: Problems;
  /** Names without a value before the run. */
  readonly late: LateNames;
  /** Grows with what stands in plain text where a secret belongs, so that it is not shown. */
  readonly secrets: Set<Secret>;
  /** False when variables are wrong already: then what they would give as arguments is not reported once more. */
  readonly soundVariables: boolean;
}

/** More items of a loop than this are checked as if they were not known yet. */
const MOST_ITEMS = 100;

/**
 * Checks every task of every play before anything is connected: literal arguments against the task type's schema, then, for each host, everything
 * that can be rendered from inventory and play variables alone, with `TaskType.prepare`.
 */
export function checkTasks(context: TaskCheck, plays: readonly Play[]): void {
  const { late } = context;
  for (const [host, names] of late) {
    for (const name of names) context.evaluator.learnUnknown(host, name, reasonFor(name));
  }
  for (const play of plays) {
    const scopes = new Map<string, Scope>();
    const scopeOf = (host: string, layers: readonly Variables[]): Scope => scopeBeforeRun(play, host, layers, context);
    const plainScope = (host: string, layers: readonly Variables[]): Scope => {
      if (layers.some((layer) => layer.size > 0)) return scopeOf(host, layers);
      const known = scopes.get(host) ?? scopeOf(host, []);
      scopes.set(host, known);
      return known;
    };
    const around: Around = { layers: [], when: [], scope: plainScope, delegated: undefined, runOnce: false };
    checkEntries(context, play, play.entries, around);
    checkEntries(
      context,
      play,
      play.handlers.map(({ task }) => task),
      around,
    );
  }
}

interface Around {
  readonly layers: readonly Variables[];
  readonly when: readonly Expression[];
  readonly scope: (host: string, layers: readonly Variables[]) => Scope;
  readonly delegated: Value | undefined;
  readonly runOnce: boolean;
}

function checkEntries(context: TaskCheck, play: Play, entries: readonly Entry[], around: Around): void {
  for (const entry of entries) {
    if (entry.kind === "flush") continue;
    const inner: Around = {
      ...around,
      layers: [...around.layers, entry.vars],
      when: [...around.when, ...entry.when],
      delegated: entry.delegateTo ?? around.delegated,
      runOnce: entry.runOnce || around.runOnce,
    };
    checkDelegate(context, entry.delegateTo);
    if (entry.kind === "task") checkTask(context, play, entry, inner);
    else for (const part of [entry.block, entry.rescue, entry.always]) checkEntries(context, play, part, inner);
  }
}

function checkDelegate({ inventory, problems }: TaskCheck, target: Value | undefined): void {
  const name = textOf(target);
  if (target === undefined || name === undefined || inventory.hosts.has(name)) return;
  const hint = hintFor(name, inventory.hosts.keys());
  problems.report(errorAt(target.at, "unknown-host", `there is no host named ${name} in the inventory`, hint));
}

function checkTask(context: TaskCheck, play: Play, task: TaskEntry, around: Around): void {
  const { problems, inventory } = context;
  const literal = unrenderedTree(task.args);
  const checked = check(task.type.args, literal.data);
  if (!checked.ok) {
    for (const { keyword, data } of checked.errors) {
      if (keyword === "secret" && typeof data === "string") context.secrets.add(new Secret(data));
    }
    for (const wrong of schemaDiagnostics(checked.errors, task.args, task.type.name, literal.isHole)) problems.report(wrong);
  }
  const speakers = play.batches.flatMap((batch) => batch.slice(0, 1));
  for (const name of around.runOnce ? speakers : play.hosts) {
    const host = inventory.hosts.get(name);
    if (host === undefined) continue;
    if (around.delegated === undefined) checkPlace(problems, task, host);
    checkOnHost(context, task, name, around);
  }
}

/** A task type for leaves cannot run on a node. */
function checkPlace(problems: Problems, task: TaskEntry, host: Host): void {
  const { on, name } = task.type;
  if (on === "any" || on === host.kind || (on === "localhost" && host.name === "localhost")) return;
  const hint = PLACES[on];
  problems.reportFor(host.name, errorAt(task.args.at, "wrong-place", `${name} does not run on hosts of kind ${host.kind}`, hint));
}

const PLACES: Readonly<Record<Exclude<TaskType["on"], "any">, string>> = {
  apic: "use a play with hosts: apics",
  leaf: "use a play with hosts: leaves",
  node: "use a play with hosts: nodes",
  localhost: "use a play with hosts: localhost",
};

function checkOnHost(context: TaskCheck, task: TaskEntry, host: string, around: Around): void {
  const { evaluator, problems } = context;
  const scope = around.scope(host, around.layers);
  const report = (outcome: Evaluated<unknown>): void => {
    if (outcome.kind === "error") problems.reportFor(host, withKnownHint(outcome.diagnostic));
  };
  // As in the run: a loop that cannot be had is no mistake when the conditions leave the task out anyway.
  const leftOut = around.when.map((condition) => evaluator.test(condition, scope)).some(isFalse);
  const items = leftOut ? [] : itemsOf(context, task, scope, report);
  for (const item of items) {
    const itemScope: Scope =
      task.loop === undefined
        ? scope
        : item === undefined
          ? { ...scope, unknown: { ...scope.unknown, item: reasonFor("item") } }
          : { ...scope, facts: { ...scope.facts, item } };
    const conditions = around.when.map((condition) => evaluator.test(condition, itemScope));
    conditions.forEach(report);
    if (conditions.some(isFalse)) continue;
    checkTarget(context, task, itemScope, around.delegated);
    for (const text of [task.name, task.loopLabel]) if (text?.kind === "template") report(evaluator.render(text, itemScope));
    for (const condition of task.until) report(evaluator.test(condition, itemScope));
    const tree = renderedFor(task.args, evaluator, itemScope);
    for (const wrong of tree.errors) problems.reportFor(host, withKnownHint(wrong));
    if (context.soundVariables) checkArguments(problems, task, host, tree);
  }
}

/** The host that `delegate_to` gives is in the inventory, and one that the task type can run on. */
function checkTarget(
  { evaluator, inventory, problems }: TaskCheck,
  task: TaskEntry,
  scope: Scope,
  target: Value | undefined,
): void {
  if (target === undefined) return;
  const outcome = evaluator.render(target, scope);
  if (outcome.kind === "error") problems.reportFor(scope.host, outcome.diagnostic);
  if (outcome.kind !== "value") return;
  const found = typeof outcome.value === "string" ? inventory.hosts.get(outcome.value) : undefined;
  if (found !== undefined) checkPlace(problems, task, found);
  else if (target.kind === "template") {
    const name = typeof outcome.value === "string" ? outcome.value : "this";
    const problem = errorAt(target.at, "unknown-host", `delegate_to gives ${name}, which is no host of the inventory`);
    problems.reportFor(scope.host, problem);
  }
}

function isFalse(outcome: Evaluated<boolean>): boolean {
  return outcome.kind === "value" && !outcome.value;
}

/** The items of a loop, as far as they are known: one undefined item stands for those that are not. */
function itemsOf(
  { evaluator, problems }: TaskCheck,
  task: TaskEntry,
  scope: Scope,
  report: (outcome: Evaluated<unknown>) => void,
): readonly (Rendered | undefined)[] {
  if (task.loop === undefined) return [undefined];
  const outcome = evaluator.render(task.loop, scope);
  report(outcome);
  if (outcome.kind !== "value") return outcome.kind === "error" ? [] : [undefined];
  if (!isList(outcome.value)) {
    problems.reportFor(scope.host, errorAt(task.loop.at, "wrong-type", "loop does not give a list"));
    return [];
  }
  return outcome.value.length > MOST_ITEMS ? [undefined] : outcome.value;
}

function isList(value: Rendered): value is readonly Rendered[] {
  return Array.isArray(value);
}

function checkArguments(problems: Problems, task: TaskEntry, host: string, tree: RenderedTree): void {
  const name = task.type.name;
  if (!tree.complete) {
    const checked = check(task.type.args, tree.data);
    if (!checked.ok)
      for (const wrong of schemaDiagnostics(checked.errors, task.args, name, tree.isHole)) problems.reportFor(host, wrong);
    return;
  }
  const prepared = task.type.prepare(tree.data, host, true);
  if (!prepared.ok) {
    for (const wrong of schemaDiagnostics(prepared.errors, task.args, name)) problems.reportFor(host, wrong);
    return;
  }
  for (const warning of prepared.value.warnings) {
    problems.reportFor(host, {
      severity: "warning",
      rule: "doubtful-argument",
      message: `${name}: ${warning}`,
      at: task.args.at,
    });
  }
}
