import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leftBehind } from "../../runner/journal/left-behind.ts";
import { findRun, forgetOldRuns, KEPT, newestRun, readRun, runIds } from "../../runner/journal/past-run.ts";
import { type JournalStart, startJournal } from "../../runner/journal/start-journal.ts";
import type { Loaded } from "../../runner/load/load.ts";
import { Secret } from "../../runner/secret.ts";
import { mustLoad } from "../load/load-with.ts";

/** The files of a journal: what is in them, what never is, who may read them, how long they stay. */
const test = suite("journal");
const runs = mkdtempSync(path.join(tmpdir(), "underlay-runs-"));
test.before.each(() => {
  rmSync(runs, { recursive: true, force: true });
  mkdirSync(runs);
});
test.after(() => rmSync(runs, { recursive: true, force: true }));

const files = {
  "hosts.yaml": "all:\n  hosts:\n    localhost:\n",
  "playbook.yaml": "- name: One\n  hosts: localhost\n  tasks:\n    - name: Say\n      test.note: { text: hello }\n",
};
const load = (extraVars: readonly string[] = []): Promise<Loaded> => mustLoad(files, { extraVars });

async function start(more: Partial<JournalStart> = {}) {
  const loaded = more.loaded ?? (await load());
  return startJournal({
    runs,
    version: "0.0.0",
    loaded,
    input: { playbook: "playbook.yaml" },
    extraVars: [],
    lab: false,
    flags: { forks: 10 },
    onLoss: (message) => {
      throw new Error(message);
    },
    ...more,
  });
}

const text = (id: string, file: string) => readFileSync(path.join(runs, id, file), "utf8");
const mode = (...names: string[]) => statSync(path.join(runs, ...names)).mode & 0o777;
function read(id: string) {
  const run = readRun(runs, id);
  if (run === undefined) throw new Error(`no run ${id}`);
  return run;
}

test("only its owner may read it", async () => {
  const { id } = await start();
  assert.is(mode(id), 0o700);
  assert.is(mode(id, "run.json"), 0o600);
  assert.is(mode(id, "journal.jsonl"), 0o600);
});

test("each line is there when its call returns, and the run is going on until it says how it ended", async () => {
  const journal = await start();
  journal.remembered("localhost", "colour", { deep: ["blue", 1, null] });
  assert.is(text(journal.id, "journal.jsonl").split("\n").length, 2);
  journal.finished(0, 0, new Map());
  assert.is(read(journal.id).state, "running");
  journal.end("interrupted");
  journal.end("done");
  assert.is(read(journal.id).state, "interrupted", "the first word counts");
  assert.equal(leftBehind(read(journal.id).lines), {
    finished: [{ play: 0, batch: 0 }],
    remembered: [{ host: "localhost", name: "colour", value: { deep: ["blue", 1, null] } }],
    notified: [],
  });
});

test("a run whose process is gone was killed, also when its number has been given to another process", async () => {
  const { id } = await start();
  const file = path.join(runs, id, "run.json");
  const record = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...record, process: { pid: process.pid, since: "1" } }));
  assert.is(read(id).state, "killed");
});

test("a line that was cut short is left out, and the next one stands by itself", async () => {
  const first = await start();
  first.notified(0, "localhost", ["restart"]);
  appendFileSync(path.join(runs, first.id, "journal.jsonl"), '{"line":"finished","pl');
  const left = leftBehind(read(first.id).lines);
  assert.equal(left.notified, [{ play: 0, host: "localhost", handler: "restart" }]);
  const second = await start({ after: { id: first.id, how: "resume", left } });
  assert.is(read(first.id).settledBy, second.id);
  assert.equal(leftBehind(read(second.id).lines), left, "what was left is carried on");
  assert.equal(read(second.id).record.after, { id: first.id, how: "resume" });
});

// A text that means something in JSON, one with a quote, and ordinary ones, two of which are names of fields.
for (const secret of ["null", 'a"b\\c', "Kanarie-7Qx!9", "12345678", "event", "host"]) {
  test(`the secret ${secret} is nowhere, and every line can still be read`, async () => {
    const loaded = await load();
    const journal = await start({ loaded });
    // Learned while the run goes on.
    loaded.secrets.add(new Secret(secret));
    journal.event({ event: "message", id: 1, task: "Say", host: "n1", text: `it is ${secret}` });
    journal.event({
      event: "change",
      id: 1,
      task: "Say",
      host: "n1",
      target: "file",
      action: "modify",
      before: null,
      after: { [`x ${secret}`]: [secret, { deep: `${secret}!` }] },
    });
    journal.remembered("n1", "secret", new Secret(secret));
    journal.remembered("n1", "inside", { list: [`x${secret}`] });
    journal.remembered("n1", "key", { [`x${secret}`]: 1 });
    journal.remembered("n1", "harmless", 1);
    journal.finished(0, 0, new Map());
    const { lines } = read(journal.id);
    assert.is(lines.length, 7);
    assert.equal(leftBehind(lines), { finished: [], remembered: [], notified: [] }, "the batch is to be run again");
    const values = JSON.stringify(lines.map((line) => Object.values(line)));
    if (!["null", "event", "host"].includes(secret)) assert.not.match(values, JSON.stringify(secret).slice(1, -1));
    assert.match(values, "it is ‹secret›");
    assert.match(values, "x ‹secret›");
  });
}

test("of a secret -e only the name is kept", async () => {
  const given = ["n=1", "pw=Kanarie-1", "cni_password=x", "list=[a, Kanarie-2]", "@vars.yaml", "eq=a=b", "short=abc"];
  const loaded = await load(given.filter((one) => !one.startsWith("@")));
  for (const secret of ["Kanarie-1", "Kanarie-2", "abc"]) loaded.secrets.add(new Secret(secret));
  const { id } = await start({ loaded, extraVars: given });
  const names = ["pw", "cni_password", "list", "short"].map((name) => ({ name }));
  const texts = ["n=1", "@vars.yaml", "eq=a=b"].map((one) => ({ text: one }));
  const kept = read(id).record.input.extraVars;
  for (const one of [...names, ...texts])
    assert.ok(
      kept.some((each) => JSON.stringify(each) === JSON.stringify(one)),
      JSON.stringify(one),
    );
  assert.is(kept.length, given.length);
  assert.not.match(text(id, "run.json"), "Kanarie");
});

test("a -e that turns out to be a secret during the run is taken out again", async () => {
  const loaded = await load(["late=Kanarie-3"]);
  const journal = await start({ loaded, extraVars: ["late=Kanarie-3"] });
  assert.match(text(journal.id, "run.json"), "Kanarie-3");
  loaded.secrets.add(new Secret("Kanarie-3"));
  journal.finished(0, 0, new Map());
  assert.not.match(text(journal.id, "run.json"), "Kanarie-3");
  assert.equal(read(journal.id).record.input.extraVars, [{ name: "late" }]);
});

test("the newest are kept, and one that is still going on", async () => {
  const alive = await start();
  const ids = Array.from({ length: KEPT + 3 }, (_, number) => `20300101-000000-${number.toString(16).padStart(4, "0")}`);
  for (const id of ids) mkdirSync(path.join(runs, id));
  forgetOldRuns(runs, KEPT);
  assert.equal(runIds(runs), [alive.id, ...ids.slice(3)]);
  alive.end("done");
  await start();
  assert.not.ok(runIds(runs).includes(alive.id), "each new run forgets the oldest");
});

test("a run is found by a part of its id that no other has", async () => {
  const { id } = await start();
  mkdirSync(path.join(runs, "20200101-000000-aaaa"));
  for (const part of [id, id.slice(0, 12), id.slice(-4)]) {
    const found = findRun(runs, part);
    assert.is(found.ok && found.run.record.id, id, part);
  }
  const both = findRun(runs, "20");
  assert.match(both.ok ? "" : both.problem, "20200101-000000-aaaa, ");
  assert.not.ok(findRun(runs, "1999").ok);
  assert.not.ok(findRun(runs, "20200101").ok, "without a record");
  assert.is(newestRun(runs, () => true)?.record.id, id);
});

test("a disk that takes no more does not stop the run, which says so once", async () => {
  const told: string[] = [];
  const journal = await start({ onLoss: (message) => told.push(message) });
  const loaded = await load();
  loaded.secrets.add(new Secret("anything"));
  const broken = startJournal({
    runs,
    version: "0.0.0",
    loaded,
    input: { playbook: "playbook.yaml" },
    extraVars: [],
    lab: false,
    flags: { forks: 10 },
    onLoss: (message) => told.push(message),
  });
  rmSync(path.join(runs, broken.id), { recursive: true });
  loaded.secrets.add(new Secret("something"));
  broken.finished(0, 0, new Map());
  broken.finished(1, 0, new Map());
  broken.end("done");
  assert.is(told.length, 1);
  assert.match(told[0] ?? "", "cannot be resumed");
  assert.ok(readdirSync(path.join(runs, journal.id)).length === 2);
});

test.run();
