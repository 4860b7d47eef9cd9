import { failed, ok, type Result } from "../../result.ts";
import type { DrainOptions, NodeTaint } from "../cluster.ts";
import { type Programs, WRITE_RETRIES } from "./programs.ts";

/** Takes a taint away from nodes that have it, in one process. */
export async function removeTaint(
  programs: Programs,
  nodes: readonly string[],
  { key, effect }: NodeTaint,
): Promise<Result<void>> {
  if (nodes.length === 0) return ok(undefined);
  const removed = await programs.kubectl({ arguments: ["taint", "node", ...nodes, `${key}:${effect}-`], retries: WRITE_RETRIES });
  return removed.ok ? ok(undefined) : removed;
}

/**
 * `kubectl drain` of several nodes. kubectl takes one after another, asks again every five seconds where a disruption budget says no,
 * and goes on with the next node when one's time is up. Not repeated: a second try would double the time the user has set.
 */
export async function drainNodes(programs: Programs, nodes: readonly string[], options: DrainOptions): Promise<Result<void>> {
  if (nodes.length === 0) return ok(undefined);
  const { timeoutSeconds, deleteEmptyDirData, force, gracePeriodSeconds, signal } = options;
  const drained = await programs.kubectl({
    arguments: [
      "drain",
      ...nodes,
      "--ignore-daemonsets",
      `--timeout=${timeoutSeconds}s`,
      ...(deleteEmptyDirData ? ["--delete-emptydir-data"] : []),
      ...(force ? ["--force"] : []),
      ...(gracePeriodSeconds === undefined ? [] : [`--grace-period=${gracePeriodSeconds}`]),
    ],
    retries: 0,
    // kubectl's own limit comes first.
    timeoutSeconds: nodes.length * timeoutSeconds + SPARE_SECONDS,
    signal,
  });
  if (drained.ok) return ok(undefined);
  return signal.aborted ? failed({ ...drained.failure, message: "interrupted" }) : drained;
}

/** Seconds for reading the nodes and their pods before kubectl's clock starts. */
const SPARE_SECONDS = 60;
