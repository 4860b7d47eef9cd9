import { importRoutes, type LeafPath } from "./import-routes.ts";
import type { SessionEnd } from "./session-end.ts";
import type { OpenSession } from "./sessions.ts";

/** What the leaf has of a session. */
export type Phase =
  | { readonly kind: "up" }
  /** Nothing is heard of the node; the leaf keeps session and routes until the hold time is over. Times in milliseconds of the lab's clock. */
  | { readonly kind: "silent"; readonly until: number; readonly reason: string }
  /** The session is down, its routes are kept for the restart time. */
  | { readonly kind: "stale"; readonly until: number; readonly paths: readonly LeafPath[]; readonly reason: string }
  | { readonly kind: "down"; readonly reason: string };

/** A session that was up at least once. */
export interface Life {
  /** As it was when it was last up. */
  readonly session: OpenSession;
  readonly phase: Phase;
  /** When the node's program has the connection up again; undefined while it cannot. */
  readonly opensAt: number | undefined;
}

/** What a session meets at a moment. */
export interface Encounter {
  readonly now: number;
  /** How many times faster than a clock the lab's delays are. */
  readonly speed: number;
  /** The attempt of the session's program that would be up if nothing had happened. */
  readonly open: OpenSession | undefined;
  readonly end: SessionEnd | undefined;
}

/** The session after what it met. */
export function livedOn(life: Life, met: Encounter): Life {
  return reopened({ ...life, phase: phaseAfter(life, met) }, met);
}

function phaseAfter({ session, phase }: Life, { now, speed, open, end }: Encounter): Phase {
  switch (phase.kind) {
    case "up":
      return end === undefined ? phase : phaseOf(session, end, now, speed);
    case "silent":
      if (now >= phase.until) return { kind: "down", reason: `hold timer expired: ${phase.reason}` };
      if (end?.byLeaf === true) return { kind: "down", reason: end.reason };
      if (open === undefined) return phase;
      // Heard again: the same connection, or a new one that takes its place.
      return end === undefined ? { kind: "up" } : phaseOf(session, end, now, speed);
    case "stale":
      if (now >= phase.until) return { kind: "down", reason: `restart time over: ${phase.reason}` };
      return end?.byLeaf === true ? { kind: "down", reason: end.reason } : phase;
    case "down":
      return phase;
  }
}

/** Where an end leads to: only silence needs the hold timer, only a closed connection is a graceful restart (RFC 4724, section 4.2). */
function phaseOf(session: OpenSession, { how, reason }: SessionEnd, now: number, speed: number): Phase {
  const { svi, nodePeer } = session;
  const after = (seconds: number) => now + (seconds * 1000) / speed;
  if (how === "silent") {
    const hold = Math.min(svi.domain.hold, nodePeer.hold);
    return { kind: "silent", until: hold === 0 ? Number.POSITIVE_INFINITY : after(hold), reason };
  }
  if (how === "cease" || nodePeer.restartTime === undefined || !svi.domain.restartHelper) return { kind: "down", reason };
  const paths = importRoutes(session).paths.map((path) => ({ ...path, stale: true }));
  return { kind: "stale", until: after(nodePeer.restartTime), paths, reason };
}

/** A program that lost a session waits before it connects again: BIRD in Calico 2 s (facts cni.md 1.5), GoBGP about 1 s. */
function reopened(life: Life, { now, speed, open }: Encounter): Life {
  if (life.phase.kind === "up") return { ...life, session: open ?? life.session, opensAt: undefined };
  if (life.phase.kind === "silent" || open === undefined) return { ...life, opensAt: undefined };
  const opensAt = life.opensAt ?? now + ((open.speaker.program === "calico" ? 2 : 1) * 1000) / speed;
  return now >= opensAt ? { session: open, phase: { kind: "up" }, opensAt: undefined } : { ...life, opensAt };
}

/** When something happens to a session without anybody's doing; infinite: never. */
export function nextMoment({ phase, opensAt = Number.POSITIVE_INFINITY }: Life): number {
  return phase.kind === "silent" || phase.kind === "stale" ? Math.min(phase.until, opensAt) : opensAt;
}
