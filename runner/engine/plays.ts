import type { Play } from "../load/model.ts";
import type { Batch } from "./batch.ts";
import { runEntries } from "./entries.ts";
import { runHandlers } from "./handlers.ts";
import { inheritedFrom } from "./inherited.ts";
import { interruptionText } from "./interruption.ts";
import type { Resumed } from "./journal.ts";
import type { RunState } from "./run-state.ts";

/** Batches that an earlier run has been through. */
type Finished = Resumed["finished"];

/** Runs plays in order, each batch after batch. Ends with the first that loses all its hosts (Ansible's rule), and when the user interrupts. */
export async function runPlays(run: RunState, plays: readonly Play[], finished: Finished): Promise<void> {
  for (const [index, play] of plays.entries()) {
    if (!play.hosts.some((host) => !run.gone.has(host))) continue;
    const ended = await runPlay(run, play, index, finished);
    if (ended.goesOn) continue;
    if (!run.signal.aborted) tellNotRun(run, play, ended.waiting, plays.length - index - 1);
    return;
  }
}

/** How a play ended. `waiting` batches were not run. */
type PlayEnd = { readonly goesOn: true } | { readonly goesOn: false; readonly waiting: number };

async function runPlay(run: RunState, play: Play, index: number, finished: Finished): Promise<PlayEnd> {
  const isDone = (batch: number) => finished.some((each) => each.play === play.number && each.batch === batch);
  const of = play.batches.length;
  const hosts = play.hosts.filter((host) => !run.gone.has(host));
  const all = play.batches.every((_, number) => isDone(number));
  run.emit({ event: "play", play: play.name, index, hosts, ...(all ? { done: true } : {}) });
  if (all) return { goesOn: true };

  for (const [number, members] of play.batches.entries()) {
    const batch: Batch = { play, index: number, hosts: members.filter((host) => !run.gone.has(host)) };
    if (batch.hosts.length === 0) continue;
    const done = isDone(number);
    if (of > 1) {
      const told = { play: play.name, index, batch: number, of, hosts: batch.hosts };
      run.emit({ event: "batch", ...told, ...(done ? { done: true } : {}) });
    }
    if (done || (await runBatch(run, batch))) continue;
    return { goesOn: false, waiting: of - number - 1 };
  }
  return { goesOn: true };
}

/** The whole play for one batch, its handlers last. Whether the run goes on after it. */
async function runBatch(run: RunState, batch: Batch): Promise<boolean> {
  const { play } = batch;
  run.last = undefined;
  const left = new Map(await runEntries(run, batch, inheritedFrom(play), play.entries, batch.hosts));
  const live = batch.hosts.filter((host) => !left.has(host));
  for (const [host, why] of await runHandlers(run, batch, live, false)) left.set(host, why);
  for (const [host, why] of left) run.gone.set(host, why);
  if (run.signal.aborted) {
    run.emit({ event: "warning", message: interruptionText(run, batch) });
    return false;
  }
  if (left.size === batch.hosts.length) return false;
  run.journal?.finished(play.number, batch.index, left);
  return true;
}

/** No host is left: how many batches and plays do not run for it. */
function tellNotRun(run: RunState, play: Play, batches: number, plays: number): void {
  const parts = [...counted(batches, "more batch", "more batches"), ...counted(plays, "more play", "more plays")];
  if (parts.length === 0) return;
  const verb = batches + plays === 1 ? "was" : "were";
  const where = batches > 0 ? `in this batch of play "${play.name}"` : `in play "${play.name}"`;
  run.emit({ event: "warning", message: `no host is left ${where}: ${parts.join(" and ")} ${verb} not run` });
}

function counted(count: number, one: string, many: string): readonly string[] {
  if (count === 0) return [];
  return [count === 1 ? `1 ${one}` : `${count} ${many}`];
}
