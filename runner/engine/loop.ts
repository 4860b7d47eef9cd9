import type { Evaluated, Rendered, Scope } from "../expression/evaluator.ts";
import type { Value } from "../load/model.ts";
import { unforeseen } from "./attempt.ts";
import { verdictOf } from "./condition.ts";
import { evaluationFailure } from "./failures.ts";
import { done, failing, isBad, type Outcome, registered, skipped, unknown } from "./outcome.ts";
import { isList, show } from "./rendered.ts";
import { tellResult } from "./result-event.ts";
import { passOf, runPass } from "./run-pass.ts";
import { type RunState, withFact } from "./run-state.ts";
import type { StartedTask } from "./started-task.ts";

/** What the items of a loop came to, together and one by one. */
export interface LoopResult {
  readonly outcome: Outcome;
  readonly results: readonly Rendered[];
}

/**
 * Runs a task for each item, one after the other, with the item as `item`. As in Ansible a failed item does not stop the others, but
 * the task has failed then; an unreachable host does. Each of several items tells a result of its own, with `item`; the one without is
 * counted, and says all there is to say of a single item.
 */
export async function runLoop(run: RunState, task: StartedTask, host: string, scope: Scope, loop: Value): Promise<LoopResult> {
  const items = itemsOf(run.loaded.evaluator.render(loop, scope));
  if (items.kind !== "value") return { outcome: withoutItems(run, task, host, scope, loop, items), results: [] };

  const outcomes: Outcome[] = [];
  const results: Rendered[] = [];
  for (const item of items.value) {
    if (run.signal.aborted) break;
    const since = run.clock.now();
    const itemScope = withFact(scope, "item", item);
    const outcome = await runPass(run, task, host, itemScope);
    if (items.value.length > 1) {
      tellResult(run, task, host, outcome, { since, ignored: false, item: labelOf(run, task, itemScope, item) });
    }
    outcomes.push(outcome);
    results.push({ ...registered(outcome), item });
    if (outcome.status === "unreachable") break;
  }
  return { outcome: together(outcomes, items.value.length), results };
}

type Items = Evaluated<readonly Rendered[]> | { readonly kind: "wrong"; readonly found: string };

function itemsOf(rendered: Evaluated<Rendered>): Items {
  if (rendered.kind !== "value") return rendered;
  const { value } = rendered;
  if (isList(value)) return { kind: "value", value };
  return { kind: "wrong", found: value === null ? "nothing" : typeof value };
}

/** No items to be had: the conditions may still say that the task is not wanted; if not, that is what happened. */
function withoutItems(
  run: RunState,
  task: StartedTask,
  host: string,
  scope: Scope,
  loop: Value,
  items: Exclude<Items, { readonly kind: "value" }>,
): Outcome {
  const verdict = verdictOf(run.loaded.evaluator, task.inherited.when, scope);
  if (verdict.kind === "fails") return skipped(`when: ${verdict.expression.text}`);
  if (items.kind === "error") return evaluationFailure("rendering loop", items.diagnostic);
  if (items.kind === "unknown") return unforeseen(run, passOf(task, host, scope), items.reason);
  const failure = { kind: "failed", doing: "rendering loop", message: `expected a list, found ${items.found}` } as const;
  return failing(failure, { at: loop.at });
}

/** What stands for an item in the output: `loop_control.label`, or the item on one line. */
function labelOf(run: RunState, task: StartedTask, scope: Scope, item: Rendered): string {
  if (task.entry.loopLabel === undefined) return show(item);
  const label = run.loaded.evaluator.render(task.entry.loopLabel, scope);
  return label.kind === "value" ? show(label.value) : show(item);
}

/** The whole loop's outcome: the worst that happened to an item. */
function together(outcomes: readonly Outcome[], items: number): Outcome {
  const changes = outcomes.flatMap((outcome) => outcome.changes);
  const hostFacts = Object.assign({}, ...outcomes.map((outcome) => outcome.hostFacts));
  const all = { changes, hostFacts };
  const bad = outcomes.filter(isBad);
  const worst = bad.find((outcome) => outcome.status === "unreachable") ?? bad[0];
  if (worst?.failure !== undefined) {
    const failed = { ...failing(worst.failure, all), at: worst.at };
    return items === 1 ? failed : { ...failed, reason: `${bad.length} of ${items} items` };
  }
  if (items === 0) return skipped("the loop has no items");
  if (outcomes.length < items) {
    return failing(
      { kind: "failed", doing: "going through loop", message: `interrupted after ${outcomes.length} of ${items} items` },
      all,
    );
  }
  const first = outcomes[0];
  if (first !== undefined && outcomes.every((outcome) => outcome.status === "skipped")) return skipped(first.reason ?? "");
  const unforeseeable = outcomes.find((outcome) => outcome.status === "unknown");
  if (changes.length === 0 && unforeseeable !== undefined) return unknown(unforeseeable.reason ?? "", all);
  return done(all);
}
