import { setTimeout as sleep } from "node:timers/promises";
import { type Failure, failed, type Result } from "../../runner/result.ts";
import { disarmRollback, removeGuardFolder, showGuard, startRollback } from "./commands.ts";
import type { GuardedChange, Verdict } from "./guard.ts";
import { guardStates } from "./read-node.ts";

/** Seconds a node gets after its rollback has started: netplan apply, LACP, ARP. */
const GRACE_SECONDS = 90;
/** Pause between two looks, in milliseconds. */
const LOOK_AGAIN = 500;

/**
 * Waits until the node is back on its old configuration: at once when it can be reached, else when its own timer has fired. Always a failure,
 * and one that says what state the node is in.
 */
export async function takeBack(
  change: GuardedChange,
  firesAt: number,
  verdict: Exclude<Verdict, { kind: "good" }>,
): Promise<Result<never>> {
  const until = firesAt + GRACE_SECONDS * 1000;
  const cause =
    verdict.kind === "wrong"
      ? {
          message: `not confirmed: ${verdict.reasons.join("; ")}`,
          meaning: "the node was reachable, but its network did not come up as wanted",
        }
      : {
          message: `the node was cut off by the change: ${verdict.failure.message}`,
          meaning: "the new address, VLAN, bond or gateway does not fit the fabric",
        };
  let started = false;
  while (Date.now() < until) {
    const reached = await change.writer.reconnect((until - Date.now()) / 1000);
    if (!reached.ok) return failed(lost(reached.failure, cause.message, firesAt));
    const states = await change.reader.run(showGuard);
    if (states.ok) {
      const { timer, rollback, apply } = guardStates(states.value);
      if (!started && timer && !rollback) {
        const done = await change.writer.run(startRollback);
        started = done.ok && done.value.exitCode === 0;
      } else if (!rollback && !apply) {
        return failed(await settled(change, cause));
      }
    }
    await sleep(LOOK_AGAIN);
  }
  return failed(lost(undefined, cause.message, firesAt));
}

/** The rollback has run: clean up, and make sure that the files are the old ones. */
async function settled(change: GuardedChange, cause: { readonly message: string; readonly meaning: string }): Promise<Failure> {
  await change.writer.run(disarmRollback);
  const differing: string[] = [];
  for (const { wanted, found } of change.plan.files) {
    const now = await change.reader.file(wanted.path);
    if (!now.ok || now.value?.content !== found?.content) differing.push(wanted.path);
  }
  const doing = "changing the node's network";
  if (differing.length > 0) {
    return {
      kind: "failed",
      doing,
      message: `${cause.message}; it was to roll back, but differs: ${differing.join(", ")}`,
      meaning: cause.meaning,
      next: "look at the node: /run/underlay holds the files as they were, journalctl -u underlay-rollback what happened",
    };
  }
  await change.writer.run(removeGuardFolder);
  return {
    kind: "failed",
    doing,
    message: `${cause.message}; the node has rolled back and is reachable on its old configuration`,
    meaning: cause.meaning,
    next: "correct address, gateway, VLAN or interfaces for this node, or the fabric's port, then run again",
  };
}

function lost(failure: Failure | undefined, message: string, firesAt: number): Failure {
  return {
    kind: "unreachable",
    doing: "waiting for the node to come back",
    message: `${message}; it has not come back${failure === undefined ? "" : `: ${failure.message}`}`,
    meaning: `the node's own rollback was to start at ${new Date(firesAt).toISOString()} (clock of this machine)`,
    next: "use the node's console: journalctl -u underlay-rollback, then netplan apply",
  };
}
