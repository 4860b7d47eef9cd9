import type { Evaluator } from "../expression/evaluator.ts";
import { type LateNames, scopeBeforeRun } from "./late-names.ts";
import type { Entry, Expression, Inventory, Play, Variables } from "./model.ts";

/** What is known before the run. */
interface Known {
  readonly inventory: Inventory;
  readonly extraVars: Variables;
  readonly evaluator: Evaluator;
  readonly late: LateNames;
}

/**
 * What a run has something to do for: without the plays, blocks and tasks that their `when` leaves out on all hosts. Only what inventory, play
 * and extra variables decide: a condition that needs the run, or that is wrong, keeps its task; so does a `register`, which others may ask for
 * `is skipped`.
 */
export function withoutLeftOut(plays: readonly Play[], known: Known): readonly Play[] {
  return plays
    .filter((play) => !isLeftOut(play, play.importedWhen, [], known))
    .map((play) => ({ ...play, entries: kept(play, play.entries, [], known) }));
}

function kept(play: Play, entries: readonly Entry[], layers: readonly Variables[], known: Known): readonly Entry[] {
  return entries.flatMap((entry): Entry[] => {
    if (entry.kind === "flush") return [entry];
    const own = [...layers, entry.vars];
    const out = isLeftOut(play, entry.when, own, known);
    if (entry.kind === "task") return out && entry.register === undefined ? [] : [entry];
    const inside = (part: readonly Entry[]) => (out ? registering(part) : kept(play, part, own, known));
    const block = { ...entry, block: inside(entry.block), rescue: inside(entry.rescue), always: inside(entry.always) };
    return block.block.length + block.always.length === 0 ? [] : [block];
  });
}

/** Of what is left out, the tasks that register something. */
function registering(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap((entry): Entry[] => {
    if (entry.kind === "flush") return [];
    if (entry.kind === "task") return entry.register === undefined ? [] : [entry];
    const { block, rescue, always } = entry;
    const own = { ...entry, block: registering(block), rescue: registering(rescue), always: registering(always) };
    return own.block.length + own.always.length === 0 ? [] : [own];
  });
}

/** Whether one of the conditions is false on every host of the play, whatever the run brings. */
function isLeftOut(play: Play, conditions: readonly Expression[], layers: readonly Variables[], known: Known): boolean {
  if (conditions.length === 0 || play.hosts.length === 0) return false;
  return play.hosts.every((host) => {
    const scope = scopeBeforeRun(play, host, layers, known);
    return conditions.some((condition) => {
      const outcome = known.evaluator.test(condition, scope);
      return outcome.kind === "value" && !outcome.value;
    });
  });
}
