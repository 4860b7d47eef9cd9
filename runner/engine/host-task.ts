import type { Rendered } from "../expression/evaluator.ts";
import { runLoop } from "./loop.ts";
import { type Outcome, registered } from "./outcome.ts";
import { tellResult } from "./result-event.ts";
import { runPass } from "./run-pass.ts";
import { type RunState, scopeOf } from "./run-state.ts";
import type { StartedTask } from "./started-task.ts";

/** What a task came to on a host: the outcome as counted, and what `register` stores. */
export interface HostResult {
  readonly outcome: Outcome;
  readonly ignored: boolean;
  readonly registered: Rendered;
}

/** Runs a task on one host: all items of its loop, with conditions and retries. Tells its result and counts it. */
export async function runOnHost(run: RunState, task: StartedTask, host: string): Promise<HostResult> {
  const { entry, id, name } = task;
  const since = run.clock.now();
  run.emit({ event: "start", id, task: name, host });
  const scope = scopeOf(run, task, host);
  const { outcome, results } =
    entry.loop === undefined
      ? { outcome: await runPass(run, task, host, scope), results: undefined }
      : await runLoop(run, task, host, scope, entry.loop);

  const ignored = outcome.status === "failed" && task.inherited.ignoreErrors;
  run.tally.count(host, ignored ? "ok" : outcome.status, outcome.changes.length);
  tellResult(run, task, host, outcome, { since, ignored });
  return { outcome, ignored, registered: registered(outcome, results) };
}
