import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { RecordEntry } from "./entry.ts";
import { nothing, type RecordState, take } from "./state.ts";

/** Where a lab keeps its record. */
export function recordFile(directory: string): string {
  return path.join(directory, "record.jsonl");
}

/**
 * The record of the lab that keeps its state in `directory`; empty when there is none. A last line that was cut off by a killed process is
 * left out.
 */
export function readRecord(directory: string): readonly RecordEntry[] {
  const file = recordFile(directory);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line) => (line === "" ? [] : parsed(line)));
}

function parsed(line: string): RecordEntry[] {
  try {
    // Only lab/record/recorder.ts writes this file.
    const entry: RecordEntry = JSON.parse(line);
    return [entry];
  } catch {
    return [];
  }
}

/** What was true at a moment: after all entries up to and including it. */
export function stateAt(record: readonly RecordEntry[], moment: Date): RecordState {
  const until = moment.toISOString();
  const state = nothing();
  for (const entry of record) {
    if (entry.time > until) break;
    take(state, entry);
  }
  return state;
}
