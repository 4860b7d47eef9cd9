import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openCluster } from "../../../runner/connect/kube/open-cluster.ts";

/** A kubectl that never ends by itself, alone or with a credential plugin that it has started. */
const test = suite("time limit of kubectl and helm");

const NODE = { apiVersion: "v1", kind: "Node", name: "worker-1" };

/** Runs a read with a shell script as kubectl, which may write process numbers to `$PIDS`. */
async function withScript(
  lines: readonly string[],
  body: (read: () => Promise<unknown>, pids: () => readonly number[]) => Promise<void>,
) {
  const folder = mkdtempSync(path.join(tmpdir(), "underlay-limit-"));
  const kubectl = path.join(folder, "kubectl");
  const list = path.join(folder, "pids");
  writeFileSync(kubectl, ["#!/bin/sh", `PIDS=${list}`, ...lines, ""].join("\n"));
  chmodSync(kubectl, 0o755);
  const session = openCluster({
    kubectl,
    check: true,
    secrets: [],
    timeouts: { processSeconds: 0.5, graceSeconds: 0.2, retryMilliseconds: 1 },
  });
  try {
    await body(
      () => session.connection().reader.objects([NODE]),
      () => (existsSync(list) ? readFileSync(list, "utf8").trim().split("\n").map(Number) : []),
    );
  } finally {
    session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a process is there and no zombie that somebody else has yet to collect. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const stubborn: readonly (readonly [string, readonly string[]])[] = [
  ["that waits", ["echo $$ >> $PIDS", "exec sleep 600"]],
  ["that ignores SIGTERM", ["echo $$ >> $PIDS", "trap '' TERM", "sleep 600 & echo $! >> $PIDS", "while :; do wait; done"]],
  ["whose plugin waits", ["echo $$ >> $PIDS", "sleep 600 & echo $! >> $PIDS", "wait"]],
  ["that has ended, but whose plugin keeps the pipes open", ["sleep 600 & echo $! >> $PIDS", "exit 0"]],
  ["that waits for its standard input", ["cat > /dev/null", "echo $$ >> $PIDS", "exec sleep 600"]],
];
for (const [what, lines] of stubborn) {
  test(`a kubectl ${what} is ended, with all that it started, and said to be unreachable`, async () => {
    await withScript(lines, async (read, pids) => {
      const found = await read();
      assert.match(JSON.stringify(found), "no answer within 0.5 s; the program was ended");
      assert.match(JSON.stringify(found), '"kind":"unreachable"');
      assert.ok(pids().length > 0);
      while (pids().some(runs)) await sleep(20);
    });
  });
}

test.run();
