import { appendFileSync, closeSync, openSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";
import { type JournalLine, type Note, parseLines } from "./lines.ts";

const FILE = "journal.jsonl";

/** Lines that have reached the system when `write` returns: the process may be killed, also by SIGKILL, without losing one. */
export interface JournalFile {
  write(line: string): void;
  close(): void;
}

/** Begins the journal in a run's folder. Throws where the disk does. */
export function createJournalFile(folder: string): JournalFile {
  const file = openSync(path.join(folder, FILE), "ax", 0o600);
  return {
    write: (line) => {
      writeSync(file, `${line}\n`);
    },
    close: () => closeSync(file),
  };
}

/** The lines of a run's journal; none when there is no file. */
export function readJournal(folder: string): readonly JournalLine[] {
  try {
    return parseLines(readFileSync(path.join(folder, FILE), "utf8"));
  } catch {
    return [];
  }
}

/** Adds a line to a journal that nobody writes any more. Its own line, also when the last one was cut short. */
export function addToJournal(folder: string, note: Note): void {
  appendFileSync(path.join(folder, FILE), `\n${JSON.stringify(note)}\n`, { mode: 0o600 });
}
