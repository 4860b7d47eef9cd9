import { findRun, newestRun, RUNS, readRun, runIds } from "../journal/past-run.ts";
import { storyOf } from "../journal/story.ts";
import { exitCodes } from "./exit-codes.ts";
import { listRow, runTable } from "./run-table.ts";
import { aboutRun, storyLines } from "./story-lines.ts";
import type { Output, Write } from "./validate.ts";

/** How `underlay runs` prints. `columns`: width for people. */
export interface RunsOptions {
  readonly output?: Output;
  readonly columns: number;
}

/** `underlay runs list`: the runs that are kept, the newest first. */
export function runsList({ output, columns }: RunsOptions, write: Write): number {
  const runs = [...runIds(RUNS)].reverse().flatMap((id) => readRun(RUNS, id) ?? []);
  const rows = runs.map(listRow);
  if (output === "json") write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (rows.length === 0) write(`no runs in ${RUNS}: they are kept in the folder that underlay is run in\n`);
  else write(`${runTable(rows, columns).join("\n")}\n`);
  return exitCodes.done;
}

/** `underlay runs show [id]`: what a run did, where it stopped and what would be next. Without an id the newest. */
export function runsShow(id: string | undefined, { output, columns }: RunsOptions, write: Write): number {
  const newest = id === undefined ? newestRun(RUNS, () => true) : undefined;
  const found = newest === undefined ? findRun(RUNS, id ?? "") : { ok: true as const, run: newest };
  if (!found.ok) {
    console.error(`underlay: ${id === undefined ? `no runs in ${RUNS}` : found.problem}`);
    return exitCodes.refused;
  }
  const { run } = found;
  const story = storyOf(run);
  if (output === "json") write(`${JSON.stringify({ ...aboutRun(run), ...story }, null, 2)}\n`);
  else write(`${storyLines(run, story, columns).join("\n")}\n`);
  return exitCodes.done;
}
