import { type Failure, failed, ok, type Result } from "../../runner/result.ts";
import { awaitSessions } from "./await-sessions.ts";
import { changePassword, type Insistence } from "./change-password.ts";
import { type Held, heldBy, heldText, type PasswordSide } from "./password-side.ts";
import { outageLines, outagesOf, type SessionOutage } from "./report-outages.ts";
import { type Batch, batchesOf, everyNode, type Rotation, type RotationWriters, type Voice } from "./rotation.ts";
import { type SessionWatch, watchSessions } from "./session-watch.ts";

/** What a rotation has measured, for `register`. */
export type RotationFacts = {
  /** Longest first. */
  readonly outages: readonly SessionOutage[];
  /** Seconds of the longest. */
  readonly longest: number;
  /** Seconds for which both ends had two passwords, of the batch with the most. */
  readonly differed: number;
};

/**
 * Takes both ends to the new password, batch by batch, and waits after each until its sessions are back. When something fails, both ends get
 * the old one again, of all batches: the playbook of the design has one password for all.
 */
export async function rotate(rotation: Rotation, writers: RotationWriters, voice: Voice): Promise<Result<RotationFacts>> {
  const { args, passwords, place } = rotation;
  const watch = watchSessions(place, args.sessions);
  try {
    await watch.look();
    const insistence: Insistence = { patience: args.patience, clusterPatience: args.hold, always: false };
    let differed = 0;
    const begun: Batch[] = [];
    const batches = batchesOf(args);
    for (const batch of batches) {
      if (begun.length > 0 && voice.signal.aborted) return stopped(begun, batches);
      begun.push(batch);
      if (batches.length > 1) voice.tell(`new password for ${[...batch.nodes].join(", ")}`);
      const changed = await changePassword(rotation, writers, batch, passwords.to, insistence);
      const back = changed.ok ? await awaitSessions(rotation, watch, batch.sessions, changed.value.since, voice) : changed;
      if (!back.ok) return await rollBack(rotation, writers, begun, watch, back.failure, voice);
      if (changed.ok) differed = Math.max(differed, changed.value.differed);
    }
    const outages = outagesOf(watch.meter, args.sessions);
    for (const line of outageLines(outages)) voice.tell(line);
    return ok({ outages, longest: outages[0]?.seconds ?? 0, differed });
  } finally {
    await watch.stop();
  }
}

/** Ctrl-C between two batches: every node has one password at both its ends. */
function stopped(begun: readonly Batch[], batches: readonly Batch[]): Result<never> {
  const names = (some: readonly Batch[]) => some.flatMap(({ nodes }) => [...nodes]).join(", ");
  return failed({
    kind: "failed",
    doing: "bgp.rotate_password",
    message: `interrupted; ${names(begun)} have the new password at both ends, ${names(batches.slice(begun.length))} the old one`,
    next: "run it again with the same inventory: it goes on with the others",
  });
}

async function rollBack(
  rotation: Rotation,
  writers: RotationWriters,
  begun: readonly Batch[],
  watch: SessionWatch,
  cause: Failure,
  voice: Voice,
): Promise<Result<never>> {
  const { args, passwords } = rotation;
  voice.tell(`${cause.doing}: ${cause.message.split("\n")[0]}: putting the old password back`);
  const nodes = new Set(begun.flatMap((batch) => [...batch.nodes]));
  const sessions = begun.flatMap((batch) => batch.sessions);
  const insistence: Insistence = { patience: args.patience, clusterPatience: args.patience, always: true };
  const undone = await changePassword(rotation, writers, { nodes }, passwords.from, insistence);
  const back = undone.ok ? await awaitSessions(rotation, watch, sessions, undone.value.since, voice) : undone;

  const ends = rotation.ends(everyNode(args));
  const [fabric, cluster] = [await stateOf(ends.fabric, rotation), await stateOf(ends.cluster, rotation)];
  const outages = outagesOf(watch.meter, args.sessions);
  for (const line of outageLines(outages)) voice.tell(line);
  const away = outages.filter((outage) => !outage.back);
  const [longest] = outages;
  return failed({
    kind: "failed",
    doing: cause.doing,
    message: [
      cause.message,
      ...(undone.ok ? [] : [`the old password could not be put back: ${undone.failure.doing}: ${undone.failure.message}`]),
      ...(undone.ok && !back.ok ? [`then, with the old password: ${back.failure.message}`] : []),
      `${ends.fabric.name} has ${fabric.text}, ${ends.cluster.name} has ${cluster.text}`,
      ...(longest === undefined ? [] : [`longest outage ${longest.seconds} s: ${longest.node} to ${longest.leaf}`]),
    ].join("\n"),
    meaning: meaningOf(fabric.held, cluster.held, away.length, args.sessions.length),
    next:
      isAll("old", fabric.held) && isAll("old", cluster.held)
        ? "put right what is named above and run it again; the inventory stays as it is"
        : "run it again with the same inventory as soon as what is named above is right: it finds what each side has and goes forward to the new password",
  });
}

interface State {
  readonly text: string;
  readonly held: Held | undefined;
}

async function stateOf<Writer>(side: PasswordSide<Writer>, { passwords }: Rotation): Promise<State> {
  const found = await heldBy(side, passwords);
  if (!found.ok) return { text: `a password that could not be asked for (${found.failure.message})`, held: undefined };
  return { text: heldText(found.value.held), held: found.value.held };
}

function isAll(which: "old" | "new", held: Held | undefined): boolean {
  if (held === undefined) return false;
  return held[which].length > 0 && held.other.length === 0 && held[which === "old" ? "new" : "old"].length === 0;
}

function meaningOf(fabric: Held | undefined, cluster: Held | undefined, away: number, all: number): string {
  const sessions = away === 0 ? `all ${all} sessions are Established` : `${away} of ${all} sessions are not Established`;
  for (const which of ["old", "new"] as const) {
    if (isAll(which, fabric) && isAll(which, cluster)) return `the ${which} password is in force on both sides, ${sessions}`;
  }
  return `the sides may have different passwords, ${sessions}: such a session ends with its hold time`;
}
