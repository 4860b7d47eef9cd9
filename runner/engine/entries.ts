import type { BlockEntry, Entry, Play } from "../load/model.ts";
import { type Inherited, within } from "./inherited.ts";
import type { RunState } from "./run-state.ts";
import { type Leaving, runTask } from "./task-run.ts";

/** Hosts that leave the play, and why. */
export type Left = ReadonlyMap<string, Leaving>;

/** Runs tasks and blocks in order. Returns the hosts that dropped out on the way; stops when none is left or the run was interrupted. */
export async function runEntries(
  run: RunState,
  play: Play,
  inherited: Inherited,
  entries: readonly Entry[],
  hosts: readonly string[],
): Promise<Left> {
  const left = new Map<string, Leaving>();
  for (const entry of entries) {
    const live = hosts.filter((host) => !left.has(host));
    if (live.length === 0 || run.signal.aborted) break;
    const leaving =
      entry.kind === "task"
        ? await runTask(run, play, inherited, entry, live)
        : await runBlock(run, play, within(inherited, entry), entry, live);
    for (const [host, why] of leaving) left.set(host, why);
  }
  return left;
}

/**
 * Runs a block. As in Ansible: `rescue` runs on the hosts that failed in the block, and on those stopped with them by
 * `any_errors_fatal`; they then go on as if nothing had happened. Unreachable hosts are not rescued. `always` runs on every host that can
 * still be reached, also after a failed rescue.
 */
async function runBlock(
  run: RunState,
  play: Play,
  inherited: Inherited,
  block: BlockEntry,
  hosts: readonly string[],
): Promise<Left> {
  const left = new Map(await runEntries(run, play, inherited, block.block, hosts));
  if (block.rescue.length > 0) {
    const rescuing = hosts.filter((host) => left.has(host) && left.get(host) !== "unreachable");
    if (!run.signal.aborted) {
      for (const host of rescuing) {
        run.gone.delete(host);
        if (left.get(host) === "failed") run.tally.rescued(host);
      }
    }
    const lost = await runEntries(run, play, inherited, block.rescue, rescuing);
    for (const host of rescuing) {
      const why = lost.get(host);
      if (why !== undefined) left.set(host, why);
      else if (!run.signal.aborted) left.delete(host);
    }
  }
  const reachable = hosts.filter((host) => left.get(host) !== "unreachable");
  for (const [host, why] of await runEntries(run, play, inherited, block.always, reachable)) left.set(host, why);
  return left;
}
