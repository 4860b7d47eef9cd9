import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The compiled command of the same build as the test. */
const MAIN = fileURLToPath(new URL("../../runner/cli/main.js", import.meta.url));

/** An `underlay` that is running, in a process group of its own, as a terminal's foreground job is. */
export interface Started {
  /** Its process number, and that of its group. */
  readonly pid: number;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Waits until the output holds a text. Fails when the process ends without. */
  says(text: string): Promise<void>;
  /** Sends a signal to the whole process group, as a terminal does for Ctrl-C. */
  signal(signal: NodeJS.Signals): void;
  /** Waits for its end: the exit code, or the signal that ended it. */
  ended(): Promise<number | string | null>;
}

/** Starts `underlay` in a folder. */
export function start(args: readonly string[], directory: string, environment: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
  let output = "";
  let end: number | string | null | undefined;
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  const ended = new Promise<number | string | null>((resolve) =>
    child.on("close", (code, signal) => {
      end = code ?? signal;
      resolve(end);
    }),
  );
  return {
    pid: child.pid ?? 0,
    output: () => output,
    says: async (text) => {
      while (!output.includes(text)) {
        if (end !== undefined) throw new Error(`it ended (${end}) without saying ${text}:\n${output.slice(-3000)}`);
        await sleep(10);
      }
    },
    signal: (signal) => {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    },
    ended: () => ended,
  };
}

/** Whether a process is there and no zombie that somebody else has yet to collect. */
export function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Numbers of the processes that a process has started, and those have started, wherever their group is. */
export function startedBy(pid: number): readonly number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(name) }));
  const below = (of: number): readonly number[] =>
    parents.filter(({ parent }) => parent === of).flatMap((each) => [each.pid, ...below(each.pid)]);
  return below(pid);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}
