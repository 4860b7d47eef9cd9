import { endGroups, type RunningGroups } from "./program.ts";

/** Milliseconds between asking a program to end and ending it when we end ourselves: helm marks an unfinished release meanwhile. */
const GRACE = 500;

/**
 * When this process ends, for whatever reason but SIGKILL, programs that still run end with it: nothing of ours may go on writing to the
 * cluster. The last moment of a process cannot wait for events, so it holds still for half a second; not at all when nothing runs.
 * After SIGKILL a program finishes its one call by itself.
 *
 * @returns takes it back
 */
export function endAtExit(running: RunningGroups): () => void {
  const end = () => {
    if (running.size === 0) return;
    endGroups(running, "SIGTERM");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, GRACE);
    endGroups(running, "SIGKILL");
  };
  process.once("exit", end);
  return () => process.off("exit", end);
}
