import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";

/** Ctrl-C, and a reader that goes away. */
const test = suite("interruption");
const directory = mkdtempSync(path.join(tmpdir(), "underlay-"));
test.after(() => rmSync(directory, { recursive: true, force: true }));

const MAIN = fileURLToPath(new URL("../../runner/cli/main.js", import.meta.url));
const inventory = path.join(directory, "hosts.yaml");
const playbook = path.join(directory, "site.yaml");
writeFileSync(inventory, "all:\n  hosts:\n    localhost:\n");
writeFileSync(
  playbook,
  `
- name: Wait
  hosts: localhost
  tasks:
    - name: Before
      debug: { msg: begun }
    - name: Pause
      pause: { seconds: 600 }
    - name: After
      debug: { msg: never }
`,
);

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, "run", playbook, "-i", inventory, ...args], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

test("the first Ctrl-C ends the run in order: recap, place, exit code 130", async () => {
  const child = start(["--yes", "--output", "plain"]);
  let output = "";
  let sent = false;
  child.stdout?.on("data", (data: Buffer) => {
    output += data.toString();
    if (!sent && output.includes("task Pause")) {
      sent = true;
      child.kill("SIGINT");
    }
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.is(code, 130, output);
  assert.match(output, 'interrupted in play "Wait", task "Pause"');
  assert.match(output, "recap localhost");
  assert.not.match(output, "never");
});

test("a reader that goes away does not end the run", async () => {
  const child = start(["--check"]);
  child.stdout?.once("data", () => child.stdout?.destroy());
  let errors = "";
  child.stderr?.on("data", (data: Buffer) => (errors += data.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.is(code, 0, errors);
  assert.is(errors, "");
});

test.run();
