import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterWriter } from "../../runner/connect/cluster.ts";
import type { ApicWriter } from "../../runner/connect/managed-object.ts";
import { type Failure, failed, ok, type Result } from "../../runner/result.ts";
import type { Secret } from "../../runner/secret.ts";
import { type PasswordSide, put } from "./password-side.ts";
import type { Batch, Rotation, RotationWriters } from "./rotation.ts";
import { outdatedPods, restartAtOnce } from "./router-restart.ts";

/** When both ends of some sessions got a password. */
export interface Changed {
  /** Just before the fabric was written, by Date.now(). */
  readonly since: number;
  /** Seconds between the fabric's change and the cluster's: so long had they two passwords. */
  readonly differed: number;
}

/** How stubbornly a password is given to both ends. */
export interface Insistence {
  /** Seconds for the fabric and, with kube-router, for the annotations. */
  readonly patience: number;
  /** Seconds for the cluster's end once the fabric has changed. */
  readonly clusterPatience: number;
  /** Any failure is worth another try; else only those of a server that is out of service. */
  readonly always: boolean;
}

/** Seconds that pods of kube-router have to end in, beside `clusterPatience` (terminationGracePeriodSeconds of Kubernetes). */
const TERMINATION = 30;

/**
 * Gives both ends of a batch this password: the fabric's POST, and right behind it the cluster's write, so that they differ for less than the
 * hold time. kube-router reads annotations only when it starts: they are written before, and behind the POST all pods of the batch are
 * started again at once.
 *
 * A failure says what could not be done; what was done before it stays.
 */
export async function changePassword(
  rotation: Rotation,
  writers: RotationWriters,
  { nodes }: Pick<Batch, "nodes">,
  password: Secret,
  { patience, clusterPatience, always }: Insistence,
): Promise<Result<Changed>> {
  const { reader } = rotation;
  const { fabric, cluster } = rotation.ends(nodes);
  const { unfinished } = writers;
  const isRouter = rotation.args.cni === "kube-router";
  const worthIt = ({ kind }: Failure) => always || kind === "unreachable";
  const seconds = (count: number) => Date.now() + count * 1000;

  if (isRouter) {
    const annotated = await put(cluster, writers.cluster, password, { until: seconds(patience), worthIt });
    if (!annotated.ok) return annotated;
  }
  const pods = isRouter ? await outdatedPods(reader, nodes) : ok([]);
  if (!pods.ok) return pods;

  const since = Date.now();
  const posted = await putAndGoOn(fabric, notingPosts(writers.fabric), password, seconds(patience), worthIt);
  if (!posted.ok) return posted;
  // What was given up on may still arrive: it must not come after what is written now.
  await Promise.all(unfinished);
  const writing = isRouter
    ? restartUntil(writers.cluster, pods.value, seconds(clusterPatience), worthIt)
    : putAndGoOn(cluster, notingApplies(writers.cluster), password, seconds(clusterPatience), worthIt);
  const written = always ? await writing : await within(clusterPatience + (isRouter ? TERMINATION : 0), writing, unfinished);
  if (!written.ok) return written;
  return ok({ since, differed: Math.max(0, written.value - posted.value) / 1000 });
}

/** A writer that knows when it was first taken at its word. */
interface Noted<Writer> {
  readonly writer: Writer;
  /** By Date.now(); undefined: nothing was accepted yet. */
  readonly acceptedAt: () => number | undefined;
}

/**
 * A write that was accepted counts, also when it could not be read back: the other end must follow at once, and the sessions will tell. What
 * was there already counts as accepted now.
 */
async function putAndGoOn<Writer>(
  side: PasswordSide<Writer>,
  { writer, acceptedAt }: Noted<Writer>,
  password: Secret,
  until: number,
  worthIt: (failure: Failure) => boolean,
): Promise<Result<number>> {
  const done = await put(side, writer, password, {
    until,
    worthIt: (failure) => acceptedAt() === undefined && worthIt(failure),
  });
  const at = acceptedAt();
  if (at !== undefined) return ok(at);
  return done.ok ? ok(Date.now()) : done;
}

/** kubectl itself tries a refused connection again for long: the fabric must not wait for it with another password. */
async function within<T>(seconds: number, writing: Promise<Result<T>>, unfinished: Set<Promise<unknown>>): Promise<Result<T>> {
  const timer = new AbortController();
  const over = sleep(seconds * 1000, undefined, { signal: timer.signal }).then(
    () => undefined,
    () => undefined,
  );
  const first = await Promise.race([writing, over]);
  timer.abort();
  if (first !== undefined) return first;
  unfinished.add(writing);
  return failed({
    kind: "failed",
    doing: "writing the password to the cluster",
    message: `not done ${seconds} s after the fabric got it: kubectl still tries to reach the Kubernetes API`,
  });
}

async function restartUntil(
  writer: ClusterWriter,
  pods: Parameters<typeof restartAtOnce>[1],
  until: number,
  worthIt: (failure: Failure) => boolean,
): Promise<Result<number>> {
  for (;;) {
    const restarted = await restartAtOnce(writer, pods);
    if (restarted.ok) return ok(Date.now());
    if (Date.now() >= until || !worthIt(restarted.failure)) return restarted;
    await sleep(500);
  }
}

function notingPosts(writer: ApicWriter): Noted<ApicWriter> {
  const { note, acceptedAt } = notes();
  return { acceptedAt, writer: { post: async (dn, tree) => note(await writer.post(dn, tree)) } };
}

function notingApplies(writer: ClusterWriter): Noted<ClusterWriter> {
  const { note, acceptedAt } = notes();
  return { acceptedAt, writer: { ...writer, apply: async (manifests) => note(await writer.apply(manifests)) } };
}

function notes() {
  let accepted: number | undefined;
  const note = (result: Result<void>): Result<void> => {
    if (result.ok) accepted ??= Date.now();
    return result;
  };
  return { note, acceptedAt: () => accepted };
}
