import type { LabSession } from "../parts.ts";

/** When it is, and since when sessions are in their state: the model itself knows no time. */
export interface SessionTimes {
  readonly now: Date;
  since(session: LabSession): Date;
}

/** Remembers when each session came into its state. */
export class SessionHistory {
  #entries = new Map<string, { readonly state: string; readonly since: Date }>();

  /** Takes over the sessions of a computation. */
  update(sessions: readonly LabSession[], now: Date): void {
    const after = new Map<string, { readonly state: string; readonly since: Date }>();
    for (const session of sessions) {
      const state = `${session.leafState} ${session.nodeState}`;
      const known = this.#entries.get(keyOf(session));
      after.set(keyOf(session), known?.state === state ? known : { state, since: now });
    }
    this.#entries = after;
  }

  /** The times as they are now. */
  at(now: Date): SessionTimes {
    return { now, since: (session) => this.#entries.get(keyOf(session))?.since ?? now };
  }
}

function keyOf({ leafAddress, node, nodeAddress }: LabSession): string {
  return `${leafAddress} ${node} ${nodeAddress}`;
}
