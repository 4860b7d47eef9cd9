import type { Planned } from "../../runner/connect/connection.ts";
import type { Failure, Result } from "../../runner/result.ts";
import { ok } from "../../runner/result.ts";
import type { Secret } from "../../runner/secret.ts";

/** One end of the sessions, as far as its password goes: the peers on the fabric, or what the cluster's agents read. */
export interface PasswordSide<Writer> {
  /** As in a sentence: `the fabric`. */
  readonly name: string;
  /** What is to be written so that it has this password everywhere. */
  plan(password: Secret): Promise<Result<Planned<Writer>>>;
}

/** Both passwords of a rotation. */
export interface Passwords {
  /** In force before. */
  readonly from: Secret;
  readonly to: Secret;
}

/** Which password is where. Never the text. */
export interface Held {
  /** Targets of changes (a DN, `secret calico-system/bgp-secrets`, `node worker-1`) that have the old one. */
  readonly old: readonly string[];
  readonly new: readonly string[];
  /** Have neither, or are not there, or differ in something else as well. */
  readonly other: readonly string[];
}

/**
 * Which password a side has, told from what would have to change for either. Where both are the same text, nothing would: all three are
 * empty.
 *
 * @returns also the plan towards the new one
 */
export async function heldBy<Writer>(
  side: PasswordSide<Writer>,
  { from, to }: Passwords,
): Promise<Result<{ readonly held: Held; readonly forward: Planned<Writer> }>> {
  const forward = await side.plan(to);
  if (!forward.ok) return forward;
  const back = await side.plan(from);
  if (!back.ok) return back;
  const [lacksNew, lacksOld] = [targetsOf(forward.value), targetsOf(back.value)];
  return ok({
    forward: forward.value,
    held: {
      old: [...lacksNew].filter((target) => !lacksOld.has(target)),
      new: [...lacksOld].filter((target) => !lacksNew.has(target)),
      other: [...lacksNew].filter((target) => lacksOld.has(target)),
    },
  });
}

/** In words: `the old one`, `the new one in 2 places of 6, the old one in the others`. */
export function heldText({ old, new: renewed, other }: Held): string {
  const all = old.length + renewed.length + other.length;
  if (other.length > 0) return `another one, or none, at ${other.join(", ")}`;
  if (renewed.length === all) return "the new one";
  if (old.length === all) return "the old one";
  return `the new one in ${renewed.length} places of ${all}, the old one in the others`;
}

/** How long a write is tried again, and what is worth it. */
export interface Patience {
  /** Until this moment, by Date.now(). */
  readonly until: number;
  readonly worthIt: (failure: Failure) => boolean;
}

/** Milliseconds between two tries. */
const PAUSE = 500;

/**
 * Gives a side this password everywhere, read back. Each try plans anew: after a write that broke off it is not known what has arrived.
 * Nothing is written where it is there already.
 */
export async function put<Writer>(
  side: PasswordSide<Writer>,
  writer: Writer,
  password: Secret,
  patience: Patience,
): Promise<Result<void>> {
  for (;;) {
    const planned = await side.plan(password);
    const done: Result<void> = planned.ok
      ? planned.value.changes.length === 0
        ? ok(undefined)
        : await planned.value.apply(writer)
      : planned;
    if (done.ok || Date.now() >= patience.until || !patience.worthIt(done.failure)) return done;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

function targetsOf({ changes }: Pick<Planned<unknown>, "changes">): ReadonlySet<string> {
  return new Set(changes.map(({ target }) => target));
}
