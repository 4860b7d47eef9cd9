import type { Batch } from "./batch.ts";
import type { RunState } from "./run-state.ts";

/** More hosts than this are counted, not named. */
const MOST_NAMES = 12;

/**
 * Where an interrupted run stands, for its last warning: play, batch and task, on which hosts that task has ended, on which not, and how to
 * go on.
 */
export function interruptionText(run: RunState, { play, index, hosts }: Batch): string {
  const batch = play.batches.length > 1 ? `, batch ${index + 1} of ${play.batches.length}` : "";
  const resume =
    run.journal === undefined ? "run again to go on" : `go on with: underlay resume ${run.journal.id}, or run it again`;
  const waiting = run.notified.waiting(play, hosts).map(({ name }) => `"${name}"`);
  const handlers = waiting.length === 0 ? "" : `; notified, not run: ${waiting.join(", ")}`;
  return `interrupted in play "${play.name}"${batch}, ${taskText(run)}${handlers}; what was done stays done: ${resume}`;
}

function taskText({ last }: RunState): string {
  if (last === undefined) return "before its first task";
  const open = last.hosts.filter((host) => !last.finished.includes(host));
  const task = `task "${last.name}"`;
  if (open.length === 0) return `after ${task}, finished on ${names(last.finished)}`;
  if (last.finished.length === 0) return `${task}, not finished on ${names(open)}`;
  return `${task}, finished on ${names(last.finished)}, not on ${names(open)}`;
}

function names(hosts: readonly string[]): string {
  return hosts.length > MOST_NAMES ? `${hosts.length} hosts` : hosts.join(", ");
}
