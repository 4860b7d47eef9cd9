import { execFile } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { packageRoot } from "../runner/package-root.ts";
import { interleave } from "./rounds.ts";
import { printIfMain, type Row } from "./table.ts";

const execute = promisify(execFile);
const command = fileURLToPath(new URL("../runner/cli/main.js", import.meta.url));
const ROUNDS = 15;

/**
 * How long a user waits for the command itself: `--help`, and `validate` of the main playbook, each as a process, next to a Node that
 * does nothing.
 */
export async function startup(): Promise<readonly Row[]> {
  const [nothing, help, validate] = await interleave(
    [
      { name: "node -e 0", run: () => node("-e", "0") },
      { name: "--help", run: () => node(command, "--help") },
      {
        name: "validate",
        run: () => node(command, "validate", path.join(packageRoot, "playbooks/floating-svi-calico.yaml")),
      },
    ],
    ROUNDS,
  );
  if (nothing === undefined || help === undefined || validate === undefined) throw new Error("three sides, three samples");
  return [
    { job: "underlay --help", underlay: help, other: nothing, aim: 2.5 },
    { job: "underlay validate, main playbook", underlay: validate, other: nothing, aim: undefined },
  ];
}

async function node(...args: string[]): Promise<void> {
  await execute(process.execPath, args);
}

await printIfMain(import.meta.url, startup);
