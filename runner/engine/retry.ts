import { attempt } from "./attempt.ts";
import { verdictOf } from "./condition.ts";
import { evaluationFailure } from "./failures.ts";
import { failing, type Outcome, registered, unknown } from "./outcome.ts";
import type { Pass } from "./pass.ts";
import { onlyPlanned } from "./probe.ts";
import type { RunState } from "./run-state.ts";
import { withFact } from "./run-state.ts";

/**
 * Repeats a task until its `until` holds, `retries` times after the first attempt and `delay` seconds apart. `until` sees the registered
 * result of the attempt. Changes of all attempts count. Check mode tries once: what does not hold yet may be what the planned
 * changes bring.
 */
export async function attemptUntil(run: RunState, pass: Pass): Promise<Outcome> {
  const { entry } = pass;
  if (entry.until.length === 0) return attempt(run, pass);
  const changes: Outcome["changes"][number][] = [];
  const attempts = run.check ? 1 : entry.retries + 1;
  for (let number = 1; ; number++) {
    const once = await attempt(run, pass);
    changes.push(...once.changes);
    const outcome: Outcome = { ...once, changes, status: once.status === "ok" && changes.length > 0 ? "changed" : once.status };
    if (outcome.status === "unknown" || outcome.status === "unreachable") return outcome;

    const scope = entry.register === undefined ? pass.scope : withFact(pass.scope, entry.register, registered(outcome));
    const verdict = verdictOf(run.loaded.evaluator, entry.until, scope);
    if (verdict.kind === "holds") return outcome;
    if (verdict.kind === "error") return { ...evaluationFailure("evaluating until", verdict.diagnostic), changes };
    if (verdict.kind === "unknown") return unknown(verdict.reason, { changes, facts: outcome.facts });

    const reason = `until does not hold: ${verdict.expression.text}`;
    const planned = onlyPlanned(run);
    if (planned !== undefined) return heldBack(run, pass, `${planned}; now ${reason}`, outcome);
    if (number >= attempts || run.signal.aborted) return givenUp(pass, reason, number, outcome);
    run.emit({
      event: "retry",
      id: pass.id,
      task: pass.task,
      host: pass.host,
      attempt: number,
      of: attempts,
      reasons: [outcome.failure?.message ?? reason],
    });
    await run.clock.sleep(entry.delay * 1000, run.signal);
  }
}

function heldBack(run: RunState, pass: Pass, reason: string, outcome: Outcome): Outcome {
  const { type } = pass.entry;
  run.emit({ event: "unknown", id: pass.id, task: pass.task, host: pass.host, target: type.name, reason });
  return unknown(reason, { changes: outcome.changes, facts: outcome.facts });
}

function givenUp(pass: Pass, reason: string, attempts: number, outcome: Outcome): Outcome {
  if (outcome.failure !== undefined) return outcome;
  const { changes, facts } = outcome;
  const times = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  return failing(
    {
      kind: "failed",
      doing: `${pass.entry.type.name} on ${pass.target}, ${times}`,
      message: reason,
      next: "raise retries or delay if it only needs longer",
    },
    { changes, facts, at: pass.entry.until[0]?.at },
  );
}
