import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { LabEndpoints } from "../../lab/lab.ts";
import { isObject } from "../../runner/json.ts";
import { packageRoot } from "../../runner/package-root.ts";

/** The compiled command of the same build as the test. */
const MAIN = fileURLToPath(new URL("../../runner/cli/main.js", import.meta.url));

/** What a run of `underlay` left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of `--output json`, parsed; empty for other output. */
  readonly events: readonly Record<string, unknown>[];
}

/** A folder to work in, with its own lab state, and `underlay` run in it as a user would. */
export interface Workplace {
  readonly directory: string;
  underlay(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Outcome>;
  /** Starts `underlay lab up` and waits until it listens; `stop` ends it and waits. */
  labUp(
    args?: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<{ readonly endpoints: LabEndpoints; stop(): Promise<void> }>;
  remove(): void;
}

/** The main job's playbook. */
export const mainPlaybook: string = path.join(packageRoot, "playbooks", "floating-svi-calico.yaml");

/** Makes a workplace in the system's temporary folder. */
export function workplace(): Workplace {
  return workplaceIn(mkdtempSync(path.join(tmpdir(), "underlay-")));
}

/** A workplace in a folder that is there. */
export function workplaceIn(directory: string): Workplace {
  const underlay = async (args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> => {
    const child = start(args, directory, environment);
    const { stdout, stderr, code } = await finished(child);
    return { code, stdout, stderr, events: parse(stdout) };
  };
  return {
    directory,
    underlay,
    labUp: async (args = [], environment = {}) => {
      const child = start(["lab", "up", ...args], directory, environment);
      const ended = finished(child);
      await said(child, "The lab is up.");
      const inventory = args.includes("-i") ? ["-i", args[args.indexOf("-i") + 1] ?? ""] : [];
      const status = await underlay(["lab", "status", "--output", "json", ...inventory]);
      const endpoints = status.events[0]?.endpoints;
      if (!isObject(endpoints) || !isEndpoints(endpoints)) throw new Error(`lab up ended: ${(await ended).stderr}`);
      return {
        endpoints,
        stop: async () => {
          child.kill("SIGINT");
          await ended;
        },
      };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function start(args: readonly string[], cwd: string, environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
}

async function finished(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stdout, stderr };
}

/** Waits until a process has printed a text or ended. */
function said(child: ChildProcess, text: string): Promise<void> {
  let stdout = "";
  return new Promise((resolve) => {
    child.stdout?.on("data", (data: Buffer) => {
      stdout += data.toString();
      if (stdout.includes(text)) resolve();
    });
    child.on("close", () => resolve());
  });
}

function parse(stdout: string): Record<string, unknown>[] {
  const events: Record<string, unknown>[] = [];
  for (const line of stdout.split("\n")) {
    if (!line.startsWith("{")) continue;
    try {
      const event: unknown = JSON.parse(line);
      if (isObject(event)) events.push(event);
    } catch {
      // Not an event: the plain reporter may start a line with a brace.
    }
  }
  return events;
}

function isEndpoints(value: object): value is LabEndpoints {
  return "kubeconfig" in value && "apics" in value;
}

/** Everything that a run printed. */
export function textOf(outcome: Outcome): string {
  return outcome.stdout + outcome.stderr;
}

/** Number of changes in the recap; undefined when there is none. */
export function changesIn(outcome: Outcome): unknown {
  return outcome.events.at(-1)?.changes;
}

/** The failures among the events, a line each as JSON. */
export function failures(outcome: Outcome): string {
  return outcome.events
    .filter((event) => event.event === "result" && event.failure !== undefined)
    .map((event) => JSON.stringify(event.failure))
    .join("\n");
}
