import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The compiled command of the same build as the test. */
const MAIN = fileURLToPath(new URL("../../runner/cli/main.js", import.meta.url));

/** An `underlay` that is running, in a process group of its own, as a terminal's foreground job is. */
export interface Started {
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
