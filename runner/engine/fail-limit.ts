import type { Batch } from "./batch.ts";
import type { RunState } from "./run-state.ts";
import type { Leaving } from "./task-run.ts";

/**
 * `max_fail_percentage`: when more of a batch's hosts than that have failed or could not be reached, the others leave too, as in Ansible (50 with
 * two of four failed goes on; 49 does not). Failures that a `rescue` may still put right are not to be asked about.
 *
 * @param live hosts of the batch that have not left
 */
export function tooManyFailed(run: RunState, batch: Batch, live: readonly string[]): ReadonlyMap<string, Leaving> {
  const most = batch.play.maxFailPercentage;
  if (most === undefined || live.length === 0) return new Map();
  const failed = batch.hosts.filter((host) => run.gone.get(host) === "failed" || run.gone.get(host) === "unreachable");
  if ((failed.length / batch.hosts.length) * 100 <= most) return new Map();
  run.emit({
    event: "warning",
    message: `${failed.length} of ${batch.hosts.length} hosts failed, more than max_fail_percentage ${most}: play "${batch.play.name}" stops`,
  });
  for (const host of live) run.gone.set(host, "aborted");
  return new Map(live.map((host) => [host, "aborted"]));
}
