import { writeSync } from "node:fs";
import type { RunSummary } from "../engine/run.ts";
import type { Emit, RunEvent } from "../event.ts";
import type { EndState } from "../journal/lines.ts";
import { createReporter, type ReporterKind } from "../report/reporter.ts";
import { mask } from "../secret.ts";
import { columnsOf } from "./columns.ts";
import { driftVerdict } from "./drift-verdict.ts";
import { execute, type Job } from "./execute.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { inProgress } from "./in-progress.ts";
import { onInterruption } from "./interruption.ts";
import { openJournal } from "./open-journal.ts";

/** Runs with a reporter and, unless it is a check, with a journal. */
export async function reportRun(job: Job): Promise<ExitCode> {
  const { loaded, flags } = job;
  const check = flags.check ?? false;
  const kind = reporterKind(flags.output);
  // The last line of defence: whatever a connection let through (design section 7). Secrets can be added while the run goes on.
  const conceal = (text: string) => mask(text, loaded.secrets);
  const reporter = await createReporter(kind, {
    diff: flags.diff ?? check,
    color: process.env.NO_COLOR === undefined || process.env.NO_COLOR === "",
    columns: () => columnsOf(process.stdout, 80),
    write: (text) => process.stdout.write(conceal(text)),
    conceal,
  });
  const warn = (message: string) => emit({ event: "warning", message });
  const journal = check ? undefined : openJournal(job, (message) => reporter.emit({ event: "warning", message }));
  const progress = inProgress();
  const verdict = driftVerdict();
  const emit: Emit = (event: RunEvent) => {
    journal?.event(event);
    progress.take(event);
    verdict.take(event);
    reporter.emit(event);
    if (event.event === "run") for (const message of job.earlier?.warnings ?? []) warn(message);
  };
  const toGoOn = journal === undefined ? "" : `to go on: underlay resume ${journal.id}`;
  const interruption = onInterruption({
    first: () => warn("interrupted: running tasks are finished first; Ctrl-C again ends at once"),
    second: () => {
      journal?.end("interrupted");
      if (kind === "tty") sayNow(1, `\n${CURSOR_SHOWN}`);
      sayNow(2, conceal(`underlay: ended at once: ${[progress.text(), toGoOn].filter((text) => text !== "").join("; ")}\n`));
    },
  });
  let summary: RunSummary | undefined;
  try {
    summary = await execute(job, { check, emit, signal: interruption.signal, journal });
  } finally {
    journal?.end(stateOf(summary));
    interruption.release();
    await reporter.finish();
  }
  // JSON lines stay events only.
  if (job.verdict) (kind === "json" ? process.stderr : process.stdout).write(`${verdict.text(summary)}\n`);
  const found = check && flags.exitCode === true && summary.exitCode === exitCodes.done && summary.changes > 0;
  return found ? exitCodes.changesFound : summary.exitCode;
}

/** The live display hides it (DEC private mode 25). */
const CURSOR_SHOWN = "\u001b[?25h";

/** Writes past the live display, which holds back what others write, and without waiting. */
function sayNow(file: 1 | 2, text: string): void {
  try {
    writeSync(file, text);
  } catch {
    // Nobody reads it any more; the process ends either way.
  }
}

/** How a run ended, for its journal; without a summary it ended in a bug. */
function stateOf(summary: RunSummary | undefined): EndState {
  if (summary === undefined) return "failed";
  if (summary.exitCode === exitCodes.interrupted) return "interrupted";
  return summary.exitCode === exitCodes.done ? "done" : "failed";
}

/** Live on a terminal, lines elsewhere. A live display needs a terminal that knows its size: without one, `tty` is plain lines too. */
function reporterKind(wanted: ReporterKind | undefined): ReporterKind {
  const live = process.stdout.isTTY === true && process.stdout.columns > 0 && process.env.TERM !== "dumb";
  if (wanted === undefined || wanted === "tty") return live ? "tty" : "plain";
  return wanted;
}
