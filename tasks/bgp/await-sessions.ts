import { failed, ok, type Result } from "../../runner/result.ts";
import { problemLines } from "../cni/session-pattern.ts";
import type { RotatedSession } from "./arguments.ts";
import { downInCluster } from "./cluster-end.ts";
import type { Rotation, Voice } from "./rotation.ts";
import { keyOf, type SessionWatch } from "./session-watch.ts";

/** Seconds past the hold time after which a session that stands has outlived every keepalive of before. */
const MARGIN = 2;

/**
 * Waits until all of these sessions are Established at both ends since a moment. A session that was not reset since then may only live on its
 * hold time: it counts when that is over.
 *
 * @param since by Date.now(): just before the passwords were changed
 */
export async function awaitSessions(
  rotation: Rotation,
  watch: SessionWatch,
  sessions: readonly RotatedSession[],
  since: number,
  voice: Voice,
): Promise<Result<void>> {
  const { args, reader } = rotation;
  const until = Date.now() + args.timeout * 1000;
  const outlived = since + (args.hold + MARGIN) * 1000;
  let told = "";
  for (;;) {
    await watch.look();
    const missing = sessions.filter((session) => !isBack(watch, session, since, outlived));
    const down = missing.length === 0 ? await downInCluster(reader, args, sessions) : ok([]);
    if (missing.length === 0 && down.ok && down.value.length === 0) return ok(undefined);
    if (Date.now() >= until) return notBack(args.timeout, sessions.length, missing, down, watch);
    const count = `${sessions.length - missing.length} of ${sessions.length} sessions are back on the leaves`;
    if (count !== told) voice.tell(count);
    told = count;
  }
}

function isBack({ meter }: SessionWatch, session: RotatedSession, since: number, outlived: number): boolean {
  const key = keyOf(session);
  const looked = meter.lastLook(key) ?? 0;
  return meter.isEstablished(key) && looked > since && (meter.wasResetSince(key, since) || looked > outlived);
}

function notBack(
  seconds: number,
  all: number,
  missing: readonly RotatedSession[],
  down: Result<readonly RotatedSession[]>,
  { trouble }: SessionWatch,
): Result<never> {
  const lines = [
    ...problemLines(
      missing.map((session) => ({ session, text: "not Established on the leaf" })),
      all,
    ),
    ...(down.ok
      ? problemLines(
          down.value.map((session) => ({ session, text: "Established on the leaf, not on the node" })),
          all,
        )
      : [`the nodes could not be asked: ${down.failure.message}`]),
    ...[...trouble].map(([leaf, failure]) => `${leaf} could not be looked at: ${failure.message}`),
  ];
  return failed({
    kind: "failed",
    doing: `waiting for the sessions with the new password, ${seconds} s`,
    message: lines.join("\n"),
  });
}
