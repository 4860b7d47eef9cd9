import type { Result } from "../result.ts";
import type { TaskPlan } from "../task-type.ts";
import { argumentFailure, evaluationFailure } from "./failures.ts";
import { done, failing, isBad, type Outcome, unknown } from "./outcome.ts";
import type { Pass } from "./pass.ts";
import { look } from "./probe.ts";
import { copyOf, entriesOf } from "./rendered.ts";
import type { RunState } from "./run-state.ts";

/** Carries a task out once: renders and checks its arguments, then plans and applies, or looks. */
export async function attempt(run: RunState, pass: Pass): Promise<Outcome> {
  const { entry, target, host } = pass;
  const args = run.loaded.evaluator.render(entry.args, pass.scope);
  if (args.kind === "unknown") return unforeseen(run, pass, args.reason);
  if (args.kind === "error") return evaluationFailure(`rendering the arguments of ${entry.type.name}`, args.diagnostic);

  const prepared = entry.type.prepare(copyOf(args.value), target, run.check);
  if (!prepared.ok) return argumentFailure(entry, prepared.errors);
  for (const message of prepared.value.warnings) {
    if (run.warned.has(message)) continue;
    run.warned.add(message);
    run.emit({ event: "warning", message, task: pass.task, host });
  }
  if ("plan" in prepared.value) return carryOut(run, pass, await prepared.value.plan(run.connections));
  const seen = await look(run, pass, prepared.value);
  if (isBad(seen) || !entry.type.setsVariables) return seen;
  return { ...seen, hostFacts: Object.fromEntries(entriesOf(args.value)) };
}

/** The arguments or the condition hang on something check mode cannot know: if the task can write, what follows may hang on it as well. */
export function unforeseen(run: RunState, pass: Pass, reason: string): Outcome {
  if (pass.entry.type.form === "declared" || pass.entry.type.form === "action") run.unforeseen += 1;
  run.emit({ event: "unknown", id: pass.id, task: pass.task, host: pass.host, target: pass.entry.type.name, reason });
  return unknown(reason);
}

/**
 * Tells the planned changes, then makes them, or in check mode lays them over what later tasks will read. Changes are told before they are
 * made, so that the user sees what is about to happen also when it hangs or fails; the result says whether it was carried out, and
 * a change whose writing failed is counted nowhere.
 */
async function carryOut(run: RunState, pass: Pass, planned: Result<TaskPlan>): Promise<Outcome> {
  if (!planned.ok) return failing(planned.failure);
  const plan = planned.value;
  const subject = { id: pass.id, task: pass.task, host: pass.host };
  for (const { target, action, before, after } of plan.changes) {
    run.emit({ event: "change", ...subject, target, action, before, after });
  }
  for (const { target, reason } of plan.unknown) run.emit({ event: "unknown", ...subject, target, reason });
  for (const message of plan.warnings ?? []) run.emit({ event: "warning", message, task: pass.task, host: pass.host });

  if (plan.changes.length > 0) run.notified.add(pass.play, pass.host, pass.notify);
  if (run.check) {
    run.planned += plan.changes.length;
    run.unforeseen += plan.unknown.length;
    plan.project();
  } else if (plan.changes.length > 0) {
    const applied = await plan.apply({
      tell: (text) => run.emit({ event: "progress", ...subject, text }),
      signal: run.signal,
    });
    if (!applied.ok) return failing(applied.failure, { facts: plan.facts });
    return done({ changes: plan.changes, facts: { ...plan.facts, ...applied.value } });
  }
  const first = plan.unknown[0];
  if (plan.changes.length === 0 && first !== undefined) return unknown(first.reason, { facts: plan.facts });
  return done({ changes: plan.changes, facts: plan.facts });
}
