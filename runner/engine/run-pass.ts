import type { Evaluated, Scope } from "../expression/evaluator.ts";
import { unforeseen } from "./attempt.ts";
import { verdictOf } from "./condition.ts";
import { evaluationFailure } from "./failures.ts";
import type { Inherited } from "./inherited.ts";
import { failing, type Outcome, skipped } from "./outcome.ts";
import type { Pass } from "./pass.ts";
import { placeProblem } from "./place.ts";
import { show } from "./rendered.ts";
import { attemptUntil } from "./retry.ts";
import type { RunState } from "./run-state.ts";
import type { StartedTask } from "./started-task.ts";

/** One pass: conditions first, then `delegate_to`, then the task itself until its `until` holds. */
export async function runPass(run: RunState, task: StartedTask, host: string, scope: Scope): Promise<Outcome> {
  const { entry, inherited } = task;
  const { evaluator } = run.loaded;
  const pass = passOf(task, host, scope);

  const verdict = verdictOf(evaluator, inherited.when, scope);
  if (verdict.kind === "fails") return skipped(`when: ${verdict.expression.text}`);
  if (verdict.kind === "error") return evaluationFailure("evaluating when", verdict.diagnostic);
  if (verdict.kind === "unknown") return unforeseen(run, pass, verdict.reason);

  const delegate = delegateOf(run, inherited, scope);
  if (delegate.kind === "error") return evaluationFailure("rendering delegate_to", delegate.diagnostic);
  if (delegate.kind === "unknown") return unforeseen(run, pass, delegate.reason);
  const target = delegate.value ?? host;
  const kind = run.loaded.inventory.hosts.get(target)?.kind;
  const problem = kind === undefined ? `${target} is not in the inventory` : placeProblem(entry.type, kind);
  if (problem === undefined) return attemptUntil(run, { ...pass, target });
  const doing = `${entry.type.name} on ${target}`;
  return failing({ kind: "failed", doing, message: problem }, { at: inherited.delegateTo?.at });
}

/** A task on the host itself. */
export function passOf(task: StartedTask, host: string, scope: Scope): Pass {
  const { entry, id, name, batch, inherited } = task;
  return { entry, id, task: name, host, target: host, play: batch.play, notify: inherited.notify, scope };
}

/** Name of the host that is spoken to instead; undefined: no other. */
function delegateOf(run: RunState, { delegateTo }: Inherited, scope: Scope): Evaluated<string | undefined> {
  if (delegateTo === undefined) return { kind: "value", value: undefined };
  const rendered = run.loaded.evaluator.render(delegateTo, scope);
  return rendered.kind === "value" ? { kind: "value", value: show(rendered.value) } : rendered;
}
