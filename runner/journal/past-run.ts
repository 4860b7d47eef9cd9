import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { readJournal } from "./journal-file.ts";
import type { EndState, JournalLine } from "./lines.ts";
import { isAlive } from "./process-life.ts";
import { type RunRecord, readRecord } from "./record.ts";
import { isRunId } from "./run-id.ts";

/** Where runs are kept, below the working directory. */
export const RUNS: string = path.join(".underlay", "runs");

/** How many runs are kept. */
export const KEPT = 50;

/** How it stands with a run. `killed`: it never said that it ended, and its process is gone. */
export type RunState = EndState | "running" | "killed";

/** A run as its folder tells it. */
export interface PastRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly lines: readonly JournalLine[];
  readonly state: RunState;
  /** Id of the run that went on with it. */
  readonly settledBy?: string;
}

/** Runs by what was asked for: the one that is meant, or why none is. */
export type Found = { readonly ok: true; readonly run: PastRun } | { readonly ok: false; readonly problem: string };

/** Ids of all runs kept in a folder, oldest first. */
export function runIds(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter(isRunId).sort() : [];
}

/** A run by its whole id; undefined when there is none, or its record cannot be read. */
export function readRun(runs: string, id: string): PastRun | undefined {
  const folder = path.join(runs, id);
  const record = readRecord(folder);
  if (record === undefined) return undefined;
  const lines = readJournal(folder);
  let ended: EndState | undefined;
  let settledBy: string | undefined;
  for (const line of lines) {
    if (!("line" in line)) continue;
    if (line.line === "ended") ended = line.state;
    if (line.line === "settled") settledBy = line.by;
  }
  const state = ended ?? (isAlive(record.process) ? "running" : "killed");
  return { folder, record, lines, state, ...(settledBy === undefined ? {} : { settledBy }) };
}

/** The newest run that fits, told one after the other from the newest on. */
export function newestRun(runs: string, fits: (run: PastRun) => boolean): PastRun | undefined {
  for (const id of [...runIds(runs)].reverse()) {
    const run = readRun(runs, id);
    if (run !== undefined && fits(run)) return run;
  }
  return undefined;
}

/** A run by a part of its id, its beginning or its end, that only one run has. */
export function findRun(runs: string, part: string): Found {
  const ids = runIds(runs);
  const fitting = ids.filter((id) => id === part || id.startsWith(part) || id.endsWith(part));
  const [id, ...others] = fitting;
  if (id === undefined)
    return { ok: false, problem: `there is no run ${part} in ${runs}: underlay runs list shows those there are` };
  if (others.length > 0) return { ok: false, problem: `${part} may be any of ${fitting.join(", ")}` };
  const run = readRun(runs, id);
  return run === undefined ? { ok: false, problem: `the record of run ${id} in ${runs} cannot be read` } : { ok: true, run };
}

/** Forgets the oldest runs so that `keep` are left; a run that is still going on stays. */
export function forgetOldRuns(runs: string, keep: number): void {
  const ids = runIds(runs);
  for (const id of ids.slice(0, Math.max(0, ids.length - keep))) {
    if (readRun(runs, id)?.state !== "running") rmSync(path.join(runs, id), { recursive: true, force: true });
  }
}
