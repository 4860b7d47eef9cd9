import { writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { columnsOf } from "../../runner/cli/columns.ts";
import { listRow, runTable } from "../../runner/cli/run-table.ts";
import { storyLines } from "../../runner/cli/story-lines.ts";
import type { JournalLine } from "../../runner/journal/lines.ts";
import type { PastRun } from "../../runner/journal/past-run.ts";
import { storyOf } from "../../runner/journal/story.ts";
import { workplace } from "../support/command.ts";

/** `underlay runs list` and `show`, `underlay drift`: what they say, at any width. */
const test = suite("runs and drift");
const place = workplace();
test.after(() => place.remove());

const at = { file: "site.yaml", line: 1, column: 1, length: 1 };
const lines: readonly JournalLine[] = [
  { event: "play", play: "Allocate", index: 0, hosts: ["worker-7", "worker-8"] },
  { event: "task", id: 1, task: "Addresses", type: "node.network", steps: [], hosts: ["worker-7", "worker-8"], at },
  { event: "start", id: 1, task: "Addresses", host: "worker-7" },
  { event: "change", id: 1, task: "Addresses", host: "worker-7", target: "bond0", action: "create", before: null, after: {} },
  { event: "result", id: 1, task: "Addresses", host: "worker-7", status: "changed", changes: 1, milliseconds: 1200 },
  { event: "result", id: 1, task: "Addresses", host: "worker-8", status: "ok", changes: 0, milliseconds: 80 },
  { line: "notified", play: 0, host: "worker-7", handlers: ["Restart"] },
  { line: "finished", play: 0, batch: 0, left: {} },
  { event: "play", play: "Join", index: 1, hosts: ["worker-7", "worker-8"] },
  { event: "task", id: 2, task: "kubeadm join", type: "k8s.join", steps: [], hosts: ["worker-7"], at },
  { event: "start", id: 2, task: "kubeadm join", host: "worker-7" },
  {
    event: "change",
    id: 2,
    task: "kubeadm join",
    host: "worker-7",
    target: "Node worker-7",
    action: "create",
    before: null,
    after: {},
  },
];
const run: PastRun = {
  folder: "runs/20261123-081502-3f2a",
  lines,
  state: "killed",
  record: {
    id: "20261123-081502-3f2a",
    version: "0.1.0",
    started: "2026-11-23T08:15:02.000Z",
    process: { pid: 1 },
    input: { playbook: "playbooks/day2/add-node.yaml", limit: "worker-7,worker-8", extraVars: [], lab: false },
    inLab: true,
    flags: { forks: 10 },
    plays: [
      { number: 0, name: "Allocate", batches: [["worker-7", "worker-8"]], tasks: ["Addresses"], fingerprint: "a" },
      { number: 1, name: "Join", batches: [["worker-7"], ["worker-8"]], tasks: ["kubeadm join"], fingerprint: "b" },
      { number: 2, name: "Prove", batches: [["worker-7", "worker-8"]], tasks: ["Sessions"], fingerprint: "c" },
    ],
  },
};

test("the list fits its width, and always has id, state and changes", () => {
  for (const columns of [200, 100, 80, 60, 40]) {
    const table = runTable([listRow(run)], columns);
    for (const line of table) assert.ok(line.length <= columns, `${columns}: ${line}`);
    assert.match(table[1] ?? "", /^20261123-081502-3f2a .*killed +1$/, String(columns));
  }
  assert.match(runTable([listRow(run)], 200).join("\n"), "playbooks/day2/add-node.yaml");
  assert.match(runTable([listRow(run)], 200).join("\n"), "worker-7,worker-8");
});

test("at 80 columns the nodes that a run was for are told before the playbook's folder", () => {
  assert.is(
    runTable([{ ...listRow(run), playbook: "/srv/underlay/playbooks/day2/add-node.yaml" }], 80)[1],
    "20261123-081502-3f2a  add-node.yaml  worker-7,worker-8  killed        1",
  );
});

test("a terminal that nobody gave a size is not zero columns wide", () => {
  assert.is(columnsOf({ columns: 0 }, 80), 80);
  assert.is(columnsOf({ columns: undefined }, 80), 80);
  assert.is(columnsOf({ columns: 40 }, 80), 40);
});

test("the story: plays and tasks with results, what was written, where it stopped, what is next", () => {
  const story = storyOf(run);
  assert.equal(
    story.plays.map(({ play, state }) => `${play} ${state}`),
    ["Allocate finished", "Join begun", "Prove waiting"],
  );
  assert.equal(
    story.changes.map(({ target }) => target),
    ["bond0"],
  );
  assert.equal(
    story.begun.map(({ target }) => target),
    ["Node worker-7"],
    "it may be there or not",
  );
  const text = storyLines(run, story, 200).join("\n");
  for (const words of [
    "Addresses [node.network]: changed (1 change) worker-7; ok worker-8, 1.2 s",
    "kubeadm join [k8s.join]: not finished",
    "1 change made\n  worker-7: + create bond0",
    "1 change begun and not known to be made\n  worker-7: + create Node worker-7",
    'stopped in play "Join", task "kubeadm join", which was running on worker-7',
    'handler "Restart" was notified and has not run on worker-7',
    'next: play "Join", batch 1 of 2: underlay resume 20261123-081502-3f2a',
  ])
    assert.ok(text.includes(words), `${words} in\n${text}`);
});

test("the story fits a narrow terminal", () => {
  for (const line of storyLines(run, storyOf(run), 40)) assert.ok(line.length <= 44, line);
});

test("show without a run, list without runs", async () => {
  assert.match((await place.underlay(["runs", "list"])).stdout, "no runs in .underlay/runs");
  assert.is((await place.underlay(["runs", "list", "--output", "json"])).stdout, "[]\n");
  const none = await place.underlay(["runs", "show"]);
  assert.is(none.code, 4);
  assert.match(none.stderr, "no runs");
});

test("drift: exit 5 with a number of differences, 0 without, nothing written", async () => {
  const pool = "aci.vlan_pool: { name: drift, ranges: [{ from: 3900, to: 3900 }] }";
  writeFileSync(
    path.join(place.directory, "site.yaml"),
    `- name: Pool\n  hosts: apics\n  tasks:\n    - name: VLAN pool\n      ${pool}\n`,
  );
  const last = (text: string) => text.trim().split("\n").at(-1);
  for (let round = 0; round < 2; round += 1) {
    const before = await place.underlay(["drift", "site.yaml"]);
    assert.is(before.code, 5, before.stdout + before.stderr);
    assert.is(last(before.stdout), "2 differences");
  }
  assert.is((await place.underlay(["run", "site.yaml"])).code, 0);
  const after = await place.underlay(["drift", "site.yaml", "--output", "json"]);
  assert.is(after.code, 0);
  assert.is(after.stderr, "no drift\n");
  assert.is(after.events.at(-1)?.event, "recap", "only events on standard output");
});

test.run();
