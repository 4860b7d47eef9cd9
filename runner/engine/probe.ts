import type { Failure, Result } from "../result.ts";
import type { Observation } from "../task.ts";
import type { PreparedTask } from "../task-type.ts";
import { done, failing, type Outcome, unknown } from "./outcome.ts";
import type { Pass } from "./pass.ts";
import type { RunState } from "./run-state.ts";

/** Milliseconds between two looks. */
const BETWEEN_LOOKS = 1000;

/** The two forms that look and do not write. */
type Looking = Extract<PreparedTask, { readonly form: "probe" | "local" }>;

/**
 * Looks until nothing is unmet, for `timeout` seconds, or until waiting cannot help. What the probe brought along for looking is removed whatever happens. In check
 * mode it looks once: what is not met may be what the planned changes bring, so after any of them it is unknown.
 */
export async function look(run: RunState, pass: Pass, task: Looking): Promise<Outcome> {
  let outcome: Outcome;
  try {
    const begun = await task.begin(run.connections);
    outcome = begun.ok ? await lookUntilMet(run, pass, task) : failing(begun.failure);
  } finally {
    const ended = await task.end(run.connections);
    if (!ended.ok) {
      const { doing, message } = ended.failure;
      const text = `what was made only for looking could not be removed: ${doing}: ${message}`;
      run.emit({ event: "warning", message: text, task: pass.task, host: pass.host });
    }
  }
  return outcome;
}

async function lookUntilMet(run: RunState, pass: Pass, task: Looking): Promise<Outcome> {
  const wait = run.check ? 0 : (task.timeout ?? 0) * 1000;
  const since = run.clock.now();
  let told = "";
  for (let attempt = 1; ; attempt++) {
    const seen = await observe(run, pass, task);
    if (!seen.ok) return failing(seen.failure);
    const { unmet, stuck } = seen.value;
    if (unmet.length === 0 || seen.value.unknown !== undefined || stuck !== undefined) return judge(run, pass, task, seen.value);
    if (run.signal.aborted || run.clock.now() - since >= wait) return judge(run, pass, task, seen.value);
    const reasons = unmet.join("\n");
    if (reasons !== told) {
      told = reasons;
      const of = Math.max(1, Math.ceil(wait / BETWEEN_LOOKS));
      run.emit({ event: "retry", id: pass.id, task: pass.task, host: pass.host, attempt, of, reasons: unmet });
    }
    await run.clock.sleep(BETWEEN_LOOKS, run.signal);
  }
}

/** A look; a task type that only waits (`pause`) does not hold up an interrupted run. */
async function observe(run: RunState, pass: Pass, task: Looking): Promise<Result<Observation>> {
  const looking = task.observe(run.connections);
  if (task.form === "probe") return looking;
  return new Promise((resolve, reject) => {
    const interrupted = () => resolve({ ok: false, failure: interruption(pass) });
    run.signal.addEventListener("abort", interrupted);
    looking.then(resolve, reject).finally(() => run.signal.removeEventListener("abort", interrupted));
  });
}

function judge(run: RunState, pass: Pass, task: Looking, seen: Observation): Outcome {
  const subject = { id: pass.id, task: pass.task, host: pass.host };
  const facts = seen.facts ?? {};
  for (const message of seen.warnings ?? []) run.emit({ event: "warning", message, task: pass.task, host: pass.host });
  if (seen.unknown !== undefined) {
    run.emit({ event: "unknown", ...subject, target: pass.entry.type.name, reason: seen.unknown });
    return unknown(seen.unknown, { facts });
  }
  if (seen.unmet.length === 0) {
    if (seen.message !== undefined) run.emit({ event: "message", ...subject, text: seen.message });
    return done({ facts, message: seen.message });
  }
  const planned = onlyPlanned(run);
  if (task.form === "probe" && planned !== undefined) {
    run.emit({ event: "unknown", ...subject, target: pass.entry.type.name, reason: planned });
    return unknown(planned, { facts });
  }
  return failing(unmetFailure(run, pass, task, seen), { facts });
}

/**
 * Why what is found now says nothing about after the run: `3 changes before this are only planned, 2 more cannot be foreseen`. Undefined in a run,
 * and when check mode has found nothing to change so far.
 */
export function onlyPlanned({ check, planned, unforeseen }: RunState): string | undefined {
  if (!check || planned + unforeseen === 0) return undefined;
  const known = planned === 1 ? "1 change before this is only planned" : `${planned} changes before this are only planned`;
  if (unforeseen === 0) return known;
  if (planned === 0) return `changes before this cannot be foreseen (${unforeseen})`;
  return `${known}, ${unforeseen} more cannot be foreseen`;
}

function unmetFailure(run: RunState, pass: Pass, task: Looking, { unmet, stuck }: Observation): Failure {
  if (run.signal.aborted) return { ...interruption(pass), message: `interrupted while waiting for:\n${unmet.join("\n")}` };
  const waited = !run.check && stuck === undefined && task.timeout !== undefined ? `, after looking for ${task.timeout} s` : "";
  return {
    kind: "failed",
    doing: `${pass.entry.type.name} on ${pass.target}${waited}`,
    message: unmet.join("\n"),
    ...(task.form === "probe"
      ? { next: stuck ?? "put right what is named above and run again: what is done already is left alone" }
      : {}),
  };
}

function interruption(pass: Pass): Failure {
  return { kind: "failed", doing: `${pass.entry.type.name} on ${pass.target}`, message: "interrupted" };
}
