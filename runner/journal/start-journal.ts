import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Journal, Resumed } from "../engine/journal.ts";
import type { Emit } from "../event.ts";
import type { Loaded } from "../load/load.ts";
import { mask } from "../secret.ts";
import { concealedLine, holdsSecret } from "./concealed.ts";
import { addToJournal, createJournalFile } from "./journal-file.ts";
import { keptPlays } from "./kept-plays.ts";
import { keptVariables } from "./kept-variables.ts";
import type { EndState, JournalLine } from "./lines.ts";
import { forgetOldRuns, KEPT } from "./past-run.ts";
import { ownMark } from "./process-life.ts";
import { type KeptInput, type RunRecord, writeRecord } from "./record.ts";
import { newRunId } from "./run-id.ts";

/** The journal of the run that is going on, for who runs it; the engine sees only `Journal`. */
export interface OpenJournal extends Journal {
  /** Writes an event down. */
  readonly event: Emit;
  /** Says how the run ended. Only the first call counts. */
  end(state: EndState): void;
}

/** What a journal is begun with. */
export interface JournalStart {
  /** The folder of all runs. */
  readonly runs: string;
  readonly version: string;
  readonly loaded: Loaded;
  readonly input: Omit<KeptInput, "extraVars" | "lab">;
  /** `-e` as given. */
  readonly extraVars: readonly string[];
  /** `--lab`. */
  readonly lab: boolean;
  readonly flags: RunRecord["flags"];
  /** The run that this one goes on with, and what it left. */
  readonly after?: { readonly id: string; readonly how: "resume" | "rerun"; readonly left: Resumed } | undefined;
  /** Told once, when the disk takes no more: the run goes on without. */
  readonly onLoss: (message: string) => void;
}

/**
 * Begins `<runs>/<id>/` with `run.json` and `journal.jsonl` (0600 in a folder 0700) and forgets the oldest runs. Then the earlier run that this
 * one goes on with is settled: from here on everything that it had left stands in this journal. Throws where the disk does.
 */
export function startJournal(start: JournalStart): OpenJournal {
  const { runs, loaded, after } = start;
  const conceal = (text: string) => mask(text, loaded.secrets);
  const started = new Date();
  const id = newRunId(started);
  const folder = path.join(runs, id);
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  let known = -1;
  /** The record, written again when there are secrets that were not known before: a `-e` may turn out to be one. */
  const record = () => {
    if (loaded.secrets.size === known) return;
    known = loaded.secrets.size;
    const extraVars = [...keptVariables(start.extraVars, loaded, conceal)];
    writeRecord(folder, {
      id,
      version: start.version,
      started: started.toISOString(),
      process: ownMark(),
      input: { ...start.input, extraVars, lab: start.lab },
      inLab: loaded.inventory.lab,
      flags: start.flags,
      plays: [...keptPlays(loaded.playbook)],
      ...(after === undefined ? {} : { after: { id: after.id, how: after.how } }),
    });
  };
  record();
  const file = createJournalFile(folder);
  let open = true;
  const stop = () => {
    open = false;
    file.close();
  };
  const write = (line: JournalLine) => {
    if (!open) return;
    try {
      record();
      file.write(concealedLine(line, conceal));
    } catch (error) {
      stop();
      const why = error instanceof Error ? error.message : String(error);
      start.onLoss(
        `the journal of this run ends here, should it be interrupted it cannot be resumed from later: ${conceal(why)}`,
      );
    }
  };
  if (after !== undefined) {
    const { finished, remembered, notified } = after.left;
    file.write(concealedLine({ line: "carried", finished, remembered, notified }, conceal));
    addToJournal(path.join(runs, after.id), { line: "settled", by: id });
  }
  forgetOldRuns(runs, KEPT);

  return {
    id,
    event: write,
    remembered: (host, name, value) => {
      if (holdsSecret(value, conceal)) write({ line: "not kept", host, name });
      else write({ line: "remembered", host, name, value: JSON.parse(JSON.stringify(value)) });
    },
    notified: (play, host, handlers) => write({ line: "notified", play, host, handlers: [...handlers] }),
    handled: (play, host, handler) => write({ line: "handled", play, host, handler }),
    finished: (play, batch, left) => write({ line: "finished", play, batch, left: Object.fromEntries(left) }),
    end: (state) => {
      write({ line: "ended", state, at: new Date().toISOString() });
      if (open) stop();
    },
  };
}
