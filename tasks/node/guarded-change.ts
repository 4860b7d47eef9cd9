import { setTimeout as sleep } from "node:timers/promises";
import type { Command, NodeWriter } from "../../runner/connect/node.ts";
import { backUp, remove } from "../../runner/connect/node-commands.ts";
import { isSealed } from "../../runner/connect/seal.ts";
import { type Failure, failed, ok, type Result } from "../../runner/result.ts";
import {
  APPLY_SCRIPT,
  armRollback,
  disarmRollback,
  makeGuardFolder,
  netplanGenerate,
  ROLLBACK_SCRIPT,
  removeGuardFolder,
  startApply,
} from "./commands.ts";
import { type GuardedChange, must, type Verdict, zeroExit } from "./guard.ts";
import { guardScripts } from "./guard-scripts.ts";
import type { FileStep } from "./network-plan.ts";
import { takeBack } from "./take-back.ts";

/** Seconds kept back from the time limit, so that a confirmation and the node's own rollback never meet. */
const RESERVE_SECONDS = 3;
/** Pause before the second look at the node, in milliseconds; each next one is twice as long, up to the longest. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 4000;

/**
 * Carries a plan out without the danger of a lockout (design section 1, promise 4). The rollback is armed on the node before the first file
 * is touched, and runs there without us: whatever happens to this process or its connection, an unconfirmed change is taken back.
 */
export async function changeGuarded(change: GuardedChange): Promise<Result<void>> {
  const { writer, plan, timeout } = change;
  const scripts = guardScripts(plan);
  const prepared = await inTurn([
    () => must(writer, makeGuardFolder),
    ...scripts.save.map((command) => () => must(writer, command)),
    () => writer.putFile({ path: ROLLBACK_SCRIPT, content: scripts.rollback, mode: "0700" }),
    () => writer.putFile({ path: APPLY_SCRIPT, content: scripts.apply, mode: "0700" }),
    () => must(writer, armRollback(timeout)),
  ]);
  if (!prepared.ok) return prepared; // Nothing was changed.
  const firesAt = Date.now() + timeout * 1000;

  const written = await inTurn([...plan.files.map((step) => () => putStep(writer, step)), () => must(writer, netplanGenerate)]);
  if (!written.ok) return restore(writer, scripts.restore, written.failure, timeout);
  const started = await writer.run(startApply);
  // No answer says nothing: the change may have cut this very connection. A refusal means that nothing was applied.
  const verdict: Verdict =
    started.ok && started.value.exitCode !== 0
      ? { kind: "wrong", reasons: [started.value.stderr.trim()] }
      : await look(change, firesAt - RESERVE_SECONDS * 1000);
  if (verdict.kind !== "good") return takeBack(change, firesAt, verdict);

  return inTurn([() => confirm(writer, firesAt), () => must(writer, removeGuardFolder)]);
}

/** Writes files that do not need netplan: cloud-init reads its own at the next boot. */
export async function writeFiles(writer: NodeWriter, files: readonly FileStep[]): Promise<Result<void>> {
  return inTurn(files.map((step) => () => putStep(writer, step)));
}

/** Stopping a timer twice is harmless, so this one write is repeated when the connection breaks: else a good change would be taken back. */
async function confirm(writer: NodeWriter, firesAt: number): Promise<Result<unknown>> {
  for (;;) {
    const stopped = await writer.run(disarmRollback);
    // Exit 5: not loaded any more. Either an earlier try has stopped it, or it has fired: the engine reads back next and sees which.
    if (stopped.ok) return stopped.value.exitCode === 5 ? stopped : zeroExit(disarmRollback, stopped.value);
    const left = (firesAt - Date.now()) / 1000;
    if (left <= 0) return stopped;
    const reached = await writer.reconnect(left);
    if (!reached.ok) return reached;
  }
}

/** Looks through a new connection each time: an old one may live on over a path that no longer exists for others. */
async function look(change: GuardedChange, until: number): Promise<Verdict> {
  let verdict: Verdict;
  let pause = FIRST_PAUSE;
  do {
    const left = Math.max((until - Date.now()) / 1000, 1);
    const reached = await change.writer.reconnect(left);
    const unmet = reached.ok ? await change.unmet() : reached;
    if (!unmet.ok) verdict = { kind: "cut-off", failure: unmet.failure };
    else if (unmet.value.length === 0) return { kind: "good" };
    else verdict = { kind: "wrong", reasons: unmet.value };
    await sleep(Math.min(pause, Math.max(until - Date.now(), 0)));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  } while (Date.now() < until);
  return verdict;
}

async function putStep(writer: NodeWriter, { wanted, found, commands }: FileStep): Promise<Result<unknown>> {
  if (commands !== undefined) return inTurn(commands.map((command) => () => must(writer, command)));
  if (wanted.state === "present") return writer.putFile(wanted);
  const kept = found === undefined || isSealed(found.content) ? ok(undefined) : await must(writer, backUp(wanted.path));
  return kept.ok ? must(writer, remove(wanted.path)) : kept;
}

/** Before anything was applied: the files go back, the timer is stopped, and the cause is the failure. */
async function restore(
  writer: NodeWriter,
  commands: readonly Command[],
  cause: Failure,
  timeout: number,
): Promise<Result<never>> {
  const restored = await inTurn([
    ...commands.map((command) => () => must(writer, command)),
    // May fail: another file can have been bad before we came. What it generated then is what is there now.
    () => writer.run(netplanGenerate),
    () => must(writer, disarmRollback),
    () => must(writer, removeGuardFolder),
  ]);
  const meaning = restored.ok
    ? "nothing was applied; the files are as they were"
    : `nothing was applied; the files could not be put back from here (${restored.failure.message}), the node does it by itself within ${timeout} s`;
  return failed({ ...cause, meaning: cause.meaning === undefined ? meaning : `${cause.meaning}; ${meaning}` });
}

/** One after the other, until one fails. */
async function inTurn(steps: readonly (() => Promise<Result<unknown>>)[]): Promise<Result<void>> {
  for (const step of steps) {
    const done = await step();
    if (!done.ok) return done;
  }
  return ok(undefined);
}
