import type { BlockEntry, Entry } from "../load/model.ts";
import type { Batch } from "./batch.ts";
import { tooManyFailed } from "./fail-limit.ts";
import { runHandlers } from "./handlers.ts";
import { type Inherited, within } from "./inherited.ts";
import type { RunState } from "./run-state.ts";
import { type Leaving, runTask } from "./task-run.ts";

/** Hosts that leave the play, and why. */
export type Left = ReadonlyMap<string, Leaving>;

/** Runs tasks, blocks and flushes of handlers in order. Returns the hosts that dropped out on the way; stops when none is left or the run was interrupted. */
export async function runEntries(
  run: RunState,
  batch: Batch,
  inherited: Inherited,
  entries: readonly Entry[],
  hosts: readonly string[],
): Promise<Left> {
  const left = new Map<string, Leaving>();
  for (const entry of entries) {
    const live = hosts.filter((host) => !left.has(host));
    if (live.length === 0 || run.signal.aborted) break;
    for (const [host, why] of await runEntry(run, batch, inherited, entry, live)) left.set(host, why);
    if (inherited.guarded) continue;
    const others = live.filter((host) => !left.has(host));
    for (const [host, why] of tooManyFailed(run, batch, others)) left.set(host, why);
  }
  return left;
}

async function runEntry(run: RunState, batch: Batch, inherited: Inherited, entry: Entry, live: readonly string[]): Promise<Left> {
  switch (entry.kind) {
    case "task":
      return (await runTask(run, batch, inherited, entry, live)).leaving;
    case "block":
      return runBlock(run, batch, within(inherited, entry), entry, live);
    case "flush":
      return runHandlers(run, batch, live, inherited.guarded);
    default:
      return entry satisfies never;
  }
}

/**
 * Runs a block. As in Ansible: `rescue` runs on the hosts that failed in the block, and on those stopped with them by
 * `any_errors_fatal`; they then go on as if nothing had happened. Unreachable hosts are not rescued. `always` runs on every host that can
 * still be reached, also after a failed rescue.
 */
async function runBlock(
  run: RunState,
  batch: Batch,
  inherited: Inherited,
  block: BlockEntry,
  hosts: readonly string[],
): Promise<Left> {
  const guarded = inherited.guarded || block.rescue.length > 0;
  const left = new Map(await runEntries(run, batch, { ...inherited, guarded }, block.block, hosts));
  if (block.rescue.length > 0) {
    const rescuing = hosts.filter((host) => left.has(host) && left.get(host) !== "unreachable");
    if (!run.signal.aborted) {
      for (const host of rescuing) {
        run.gone.delete(host);
        if (left.get(host) === "failed") run.tally.rescued(host);
      }
    }
    const lost = await runEntries(run, batch, inherited, block.rescue, rescuing);
    for (const host of rescuing) {
      const why = lost.get(host);
      if (why !== undefined) left.set(host, why);
      else if (!run.signal.aborted) left.delete(host);
    }
  }
  const reachable = hosts.filter((host) => left.get(host) !== "unreachable");
  for (const [host, why] of await runEntries(run, batch, inherited, block.always, reachable)) left.set(host, why);
  return left;
}
