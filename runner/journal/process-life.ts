import { readFileSync } from "node:fs";

/** A process for good: its number is used again after it has ended, its number and start together are not. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks from the machine's start to the process's, of `/proc/<pid>/stat` (proc_pid_stat(5), field 22); absent where there is no /proc. */
  readonly since?: string;
}

/** The mark of this process. */
export function ownMark(): ProcessMark {
  const since = startOf(process.pid);
  return since === undefined ? { pid: process.pid } : { pid: process.pid, since };
}

/** Whether the process of a mark still runs. */
export function isAlive({ pid, since }: ProcessMark): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It is there and belongs to somebody else.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const now = startOf(pid);
  return since === undefined || now === undefined || since === now;
}

function startOf(pid: number): string | undefined {
  try {
    // The second field is the program's name in brackets and may itself hold spaces and brackets; 20 fields follow up to the start.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
