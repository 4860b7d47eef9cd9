import type { LabSession } from "../parts.ts";
import type { Attempts } from "./attempts.ts";
import type { LeafSvi } from "./fabric-side.ts";
import { withoutLength } from "./prefix.ts";
import type { Standing } from "./routing.ts";
import { endOf, leafEnd, type Surroundings } from "./session-end.ts";
import { type Life, livedOn, nextMoment } from "./session-life.ts";
import { isOpen, type OpenSession, type Session } from "./sessions.ts";

/** What the leaves have, and until when that holds if nobody does anything. */
export interface LivedStanding extends Standing {
  /** Milliseconds of the lab's clock; undefined: for ever. */
  readonly next: number | undefined;
  /** Sessions that were up once and are not now, with what ended them. */
  readonly downs: readonly { readonly session: LabSession; readonly reason: string }[];
}

/**
 * Remembers the sessions that were up, and so knows what time does to them: hold timers, graceful restart and the delay before a
 * connection is tried again (facts cni.md 4.3). A session that comes up for the first time does so at once. Its clock is the caller's.
 */
export class SessionLives {
  readonly #speed: number;
  #lives = new Map<string, Life>();

  /** `speed`: how many times faster than the caller's clock all delays are. */
  constructor(speed = 1) {
    this.#speed = speed;
  }

  /**
   * What becomes of the attempts at a moment, in milliseconds. `stopped`: boot IDs of machines that ended their containers before they went
   * off; a machine that just loses power says nothing to anybody.
   */
  step(attempts: Attempts, stopped: ReadonlySet<string>, now: number): LivedStanding {
    const around = { ...attempts, svis: byHost(attempts.svis), stopped };
    const tries = new Map<string, Session>();
    for (const attempt of attempts.sessions) {
      if (!isRemembered(attempt)) continue;
      tries.set(peerKey(attempt), attempt);
      if (isOpen(attempt) && !this.#lives.has(lifeKey(attempt)))
        this.#lives.set(lifeKey(attempt), { session: attempt, phase: { kind: "up" }, opensAt: undefined });
    }
    const after = new Map<string, Life>();
    for (const [key, life] of this.#lives) {
      const attempt = tries.get(peerKey(life.session));
      const open = attempt !== undefined && isOpen(attempt) && lifeKey(attempt) === key ? attempt : undefined;
      const end = endOf(life.session, attempt, around);
      after.set(key, livedOn(life, { now, speed: this.#speed, open, end }));
    }
    this.#lives = after;
    return standingOf(attempts.sessions, [...after.values()], tries, around);
  }
}

/** The router behind somebody else's L3Out just is there. */
function isRemembered({ speaker }: Session): boolean {
  return speaker !== undefined && speaker.program !== "router";
}

function peerKey({ leafAddress, node, speaker }: Session): string {
  return `${speaker?.program} ${node} ${speaker?.instance} ${leafAddress}`;
}

function lifeKey(session: Session): string {
  return `${peerKey(session)} ${session.nodeAddress}`;
}

function byHost(svis: readonly LeafSvi[]): Map<string, LeafSvi[]> {
  const found = new Map<string, LeafSvi[]>();
  for (const svi of svis) {
    const host = withoutLength(svi.address);
    const known = found.get(host);
    if (known === undefined) found.set(host, [svi]);
    else known.push(svi);
  }
  return found;
}

function standingOf(
  attempts: readonly Session[],
  lives: readonly Life[],
  tries: ReadonlyMap<string, Session>,
  around: Surroundings,
): LivedStanding {
  const shown = new Map<Session, Session>();
  const held: Session[] = [];
  const downs: LivedStanding["downs"][number][] = [];
  for (const life of lives) {
    const { phase, session } = life;
    const attempt = tries.get(peerKey(session));
    if (phase.kind === "up") continue;
    if (phase.kind !== "silent") {
      downs.push({ session, reason: phase.reason });
      if (attempt !== undefined && lifeKey(attempt) === lifeKey(session) && isOpen(attempt))
        shown.set(attempt, connecting(attempt, phase.reason));
      continue;
    }
    const leaf = leafEnd(session, around) ?? { svi: session.svi, leafPeer: session.leafPeer };
    const kept = { ...session, ...leaf, reason: phase.reason };
    if (attempt?.speaker?.process === session.speaker.process && attempt.nodePeer !== undefined && !isOpen(attempt)) {
      const { announces, filters } = session.nodePeer;
      const nodePeer = { ...attempt.nodePeer, announces, filters };
      shown.set(attempt, { ...kept, speaker: attempt.speaker, nodePeer });
    } else {
      held.push({ ...kept, nodeState: undefined });
      if (attempt !== undefined && !isOpen(attempt)) shown.set(attempt, { ...attempt, leafState: undefined });
    }
  }
  const isHeld = new Set(held.map((session) => `${session.leafAddress} ${session.nodeAddress}`));
  const isLonely = (session: Session) =>
    session.speaker === undefined && isHeld.has(`${session.leafAddress} ${session.nodeAddress}`);
  const next = Math.min(...lives.map(nextMoment));
  return {
    sessions: [...attempts.filter((one) => !isLonely(one)).map((one) => shown.get(one) ?? one), ...held],
    stale: lives.flatMap(({ phase }) => (phase.kind === "stale" ? phase.paths : [])),
    next: Number.isFinite(next) ? next : undefined,
    downs,
  };
}

/** What both ends say until the node's program tries again. */
function connecting(attempt: OpenSession, reason: string): Session {
  const leafState = attempt.leafPeer.dynamic ? undefined : "active";
  return { ...attempt, established: false, leafState, nodeState: "Active", reason };
}
