import type { Evaluator } from "../expression/evaluator.ts";
import { type LateNames, scopeBeforeRun } from "./late-names.ts";
import type { Inventory, Play, Variables } from "./model.ts";

/**
 * The plays that a run has something to do in: without those that an `import_playbook` leaves out by its `when` on all their hosts. Only what inventory, play
 * and extra variables decide: a condition that needs the run, or that is wrong, keeps its play.
 */
export function withoutLeftOut(
  plays: readonly Play[],
  known: {
    readonly inventory: Inventory;
    readonly extraVars: Variables;
    readonly evaluator: Evaluator;
    readonly late: LateNames;
  },
): readonly Play[] {
  const { evaluator } = known;
  return plays.filter((play) => {
    if (play.importedWhen.length === 0 || play.hosts.length === 0) return true;
    return play.hosts.some((host) => {
      const scope = scopeBeforeRun(play, host, [], known);
      return !play.importedWhen.some((condition) => {
        const outcome = evaluator.test(condition, scope);
        return outcome.kind === "value" && !outcome.value;
      });
    });
  });
}
