import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isObject } from "../../runner/json.ts";

const MAIN = fileURLToPath(new URL("../../runner/cli/main.js", import.meta.url));

/** How a run that was to be killed ended. */
export interface Killed {
  /** Tasks that had begun, in order, the last one being the one at whose beginning it was killed. */
  readonly tasks: readonly string[];
  /** False: it was over before. */
  readonly killed: boolean;
}

/** Starts `underlay` with `--output json` and sends SIGKILL when the n-th task (from 1) begins. */
export async function killAtTask(args: readonly string[], cwd: string, n: number): Promise<Killed> {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args, "--output", "json"], {
    cwd,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const tasks: string[] = [];
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  if (child.stdout !== null) {
    for await (const line of createInterface({ input: child.stdout })) {
      const event: unknown = line.startsWith("{") ? JSON.parse(line) : undefined;
      if (!isObject(event) || event.event !== "task") continue;
      tasks.push(String(event.task));
      if (tasks.length === n) {
        child.kill("SIGKILL");
        break;
      }
    }
  }
  await ended;
  return { tasks, killed: child.signalCode === "SIGKILL" };
}
