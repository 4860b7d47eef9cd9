import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isObject } from "../../runner/json.ts";

const MAIN = fileURLToPath(new URL("../../runner/cli/main.js", import.meta.url));

/**
 * When a run is killed: as its n-th task (from 1) begins; or in the middle of a task, so many milliseconds after it has said for the first time that it
 * writes.
 */
export type Point = { readonly task: number } | { readonly type: string; readonly milliseconds: number };

/** How a run that was to be killed ended. */
export interface Killed {
  /** False: it was over before. */
  readonly killed: boolean;
  /** Where it was: `task 7, kubeadm join [k8s.join] on worker-5`. */
  readonly where: string;
}

/** Starts `underlay` with `--output json` and sends it SIGKILL at a point. What it has started itself lives on, as after a real kill. */
export async function killAt(args: readonly string[], cwd: string, point: Point): Promise<Killed> {
  const child = spawn(process.execPath, [MAIN, ...args, "--output", "json"], {
    cwd,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const types = new Map<unknown, unknown>();
  let where = "";
  let count = 0;
  let reached = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const event: unknown = line.startsWith("{") ? JSON.parse(line) : undefined;
    if (reached || !isObject(event)) continue;
    if (event.event === "task") {
      count += 1;
      types.set(event.id, event.type);
      const hosts = Array.isArray(event.hosts) ? event.hosts.join(", ") : "";
      where = `task ${count}, ${String(event.task)} [${String(event.type)}] on ${hosts}`;
    }
    const atTask = "task" in point && event.event === "task" && count === point.task;
    const inTask = "type" in point && event.event === "change" && types.get(event.id) === point.type;
    if (!atTask && !inTask) continue;
    reached = true;
    if ("type" in point) await sleep(point.milliseconds);
    child.kill("SIGKILL");
  }
  await ended;
  return { killed: child.signalCode === "SIGKILL", where };
}
