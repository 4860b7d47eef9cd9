import type { RunSummary } from "../engine/run.ts";
import type { RunEvent } from "../event.ts";
import { counted } from "../report/counted.ts";

/** The last line of `underlay drift`. */
export interface DriftVerdict {
  /** Takes in an event of the check. */
  readonly take: (event: RunEvent) => void;
  /** `no drift`, `3 differences`, or why that is not known. */
  text(summary: RunSummary): string;
}

export function driftVerdict(): DriftVerdict {
  let unknown = 0;
  return {
    take: (event) => {
      if (event.event === "unknown") unknown += 1;
    },
    text: ({ changes, exitCode }) => {
      const found = changes === 0 ? "no drift" : counted(changes, "difference");
      if (exitCode === 130) return `${changes === 0 ? "no drift found" : found} before it was interrupted`;
      if (exitCode !== 0)
        return `${changes === 0 ? "no drift found" : found}, but not everything could be looked at: see the failures`;
      return unknown === 0 ? found : `${found}, ${unknown} not foreseeable`;
    },
  };
}
