import type { Emit } from "../event.ts";

/** Turns the events of a run into output. */
export interface Reporter {
  readonly emit: Emit;
  /** Resolves when everything has been written out. */
  finish(): Promise<void>;
}

/** The ways a run can be shown: live on a terminal, a line for each event, JSON lines. */
export type ReporterKind = "tty" | "plain" | "json";

/** Where and how to show a run. */
export interface ReporterOptions {
  /** Show before and after of each change. */
  readonly diff: boolean;
  /** Colours; off when `NO_COLOR` is set. Only the terminal reporter uses them. */
  readonly color: boolean;
  /** Width in characters, asked at each use because a window can be resized. Only the terminal reporter needs it. */
  readonly columns: () => number;
  readonly write: (text: string) => void;
  /** Masks known secrets in what the live display draws by itself; `write` is expected to do the same. */
  readonly conceal: (text: string) => string;
}

/** Makes a reporter; the terminal's libraries are loaded only for it. */
export async function createReporter(kind: ReporterKind, options: ReporterOptions): Promise<Reporter> {
  switch (kind) {
    case "json":
      return (await import("./json.ts")).jsonReporter(options);
    case "plain":
      return (await import("./plain.ts")).plainReporter(options);
    case "tty":
      return (await import("./tty.ts")).ttyReporter(options);
    default:
      return kind satisfies never;
  }
}
