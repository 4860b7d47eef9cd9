import type { RunEvent } from "../event.ts";
import { counted } from "../report/counted.ts";
import { failureLines } from "../report/failure-lines.ts";

/** What a silent check found, for the question before the first write. */
export interface PlanSize {
  /** Takes in an event of the check. */
  readonly emit: (event: RunEvent) => void;
  /** Something would be done, or might be: there is something to ask about. */
  any(): boolean;
  /** The check failed on a host. */
  failed(): boolean;
  /** Failures in full, then `23 changes on 5 hosts, 6 not foreseeable`. */
  lines(): readonly string[];
}

export function planSize(): PlanSize {
  let play = "";
  let changes = 0;
  let unknown = 0;
  const changed = new Set<string>();
  const failed = new Set<string>();
  const failures: string[] = [];
  const emit = (event: RunEvent): void => {
    if (event.event === "play") play = event.play;
    if (event.event === "unknown") unknown += 1;
    if (event.event === "change") {
      changes += 1;
      changed.add(event.host);
    }
    if (event.event === "result" && event.failure !== undefined && event.ignored !== true && event.item === undefined) {
      const { task, host, at, failure } = event;
      failed.add(host);
      failures.push(...failureLines({ play, task, hosts: [host], at, failure }), "");
    }
  };
  return {
    emit,
    any: () => changes + unknown > 0,
    failed: () => failed.size > 0,
    lines: () => [
      ...failures,
      [
        `${counted(changes, "change")} on ${counted(changed.size, "host")}`,
        ...(unknown > 0 ? [`${unknown} not foreseeable`] : []),
        ...(failed.size > 0 ? [`${counted(failed.size, "host")} failed in the check`] : []),
      ].join(", "),
    ],
  };
}
