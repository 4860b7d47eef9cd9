import type { Batch } from "./batch.ts";
import { tooManyFailed } from "./fail-limit.ts";
import { inheritedFrom } from "./inherited.ts";
import type { RunState } from "./run-state.ts";
import { type Leaving, runTask } from "./task-run.ts";

/**
 * Runs the handlers that were notified on hosts of a batch, in the order in which the play defines them, each once on all its hosts. One that was
 * notified by a later one runs afterwards; handlers cannot notify each other in a circle (refused at load). As in Ansible without
 * `force_handlers` they do not run on a host that has failed, nor after an interruption: there they go on waiting, for the next run.
 *
 * @param hosts those of the batch that have not left
 * @param guarded a `rescue` stands ready for what fails here
 * @returns hosts that dropped out
 */
export async function runHandlers(
  run: RunState,
  batch: Batch,
  hosts: readonly string[],
  guarded: boolean,
): Promise<ReadonlyMap<string, Leaving>> {
  const { play } = batch;
  const left = new Map<string, Leaving>();
  const live = () => hosts.filter((host) => !left.has(host));
  while (!run.signal.aborted && run.notified.waiting(play, live()).length > 0) {
    for (const handler of play.handlers) {
      if (run.signal.aborted) break;
      const wanted = run.notified.take(play, handler, live());
      if (wanted.length === 0) continue;
      const { leaving, finished } = await runTask(run, batch, inheritedFrom(play), handler.task, wanted, live());
      for (const host of finished) run.notified.handled(play, handler, host);
      for (const [host, why] of leaving) left.set(host, why);
      if (guarded) continue;
      for (const [host, why] of tooManyFailed(run, batch, live())) left.set(host, why);
    }
  }
  return left;
}
