import { appendFileSync } from "node:fs";
import type { LivedStanding } from "../bgp/session-lives.ts";
import type { LabSession } from "../parts.ts";
import type { LabSpec } from "../spec.ts";
import { changesBetween } from "./changes.ts";
import type { RecordEntry, Untimed } from "./entry.ts";
import { recordFile } from "./read.ts";
import { type Moment, snapshotOf } from "./snapshot.ts";
import { type GrowingState, nothing, sessionKey } from "./state.ts";

/** Writes the record of a lab: only what changed, and nothing when nothing did. */
export class Recorder {
  readonly #file: string;
  readonly #spec: LabSpec;
  #known: GrowingState | undefined;

  /** Appends to the record in the lab's directory. */
  constructor(spec: LabSpec) {
    this.#file = recordFile(spec.directory);
    this.#spec = spec;
  }

  /** Notes what changed since the last moment; at the first one everything that is there. `downs`: what ended sessions. */
  note(moment: Moment, downs: LivedStanding["downs"], now: Date): void {
    const after = snapshotOf(moment, this.#spec);
    const start: Untimed<RecordEntry>[] = this.#known === undefined ? [{ what: "start" }] : [];
    const reasons = new Map<string, string>();
    for (const session of moment.routing.sessions) if (session.reason !== undefined) reasons.set(keyOf(session), session.reason);
    for (const { session, reason } of downs) reasons.set(keyOf(session), reason);
    this.#append([...start, ...changesBetween(this.#known ?? nothing(), after, reasons)], now);
    this.#known = after;
  }

  /** Notes that the lab ends. */
  close(now: Date): void {
    this.#append([{ what: "stop" }], now);
  }

  #append(entries: readonly Untimed<RecordEntry>[], now: Date): void {
    if (entries.length === 0) return;
    const time = now.toISOString();
    appendFileSync(this.#file, entries.map((entry) => `${JSON.stringify({ time, ...entry })}\n`).join(""), { mode: 0o600 });
  }
}

function keyOf({ leafId: leaf, leafAddress, node, nodeAddress }: LabSession): string {
  return sessionKey({ leaf, leafAddress, node, nodeAddress });
}
