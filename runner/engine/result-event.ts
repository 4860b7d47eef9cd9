import { isBad, type Outcome } from "./outcome.ts";
import type { RunState } from "./run-state.ts";
import type { StartedTask } from "./started-task.ts";

/** Tells what came of a task on a host, or of one item of its loop. */
export function tellResult(
  run: RunState,
  task: StartedTask,
  host: string,
  outcome: Outcome,
  how: { readonly since: number; readonly ignored: boolean; readonly item?: string },
): void {
  const { status, reason, failure } = outcome;
  run.emit({
    event: "result",
    id: task.id,
    task: task.name,
    host,
    status,
    changes: outcome.changes.length,
    milliseconds: Math.round(run.clock.now() - how.since),
    ...(how.item === undefined ? {} : { item: how.item }),
    ...(how.ignored ? { ignored: true } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(failure === undefined ? {} : { failure }),
    ...(isBad(outcome) ? { at: outcome.at ?? task.entry.at } : {}),
  });
}
