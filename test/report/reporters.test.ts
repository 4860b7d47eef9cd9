import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../../runner/event.ts";
import { jsonReporter } from "../../runner/report/json.ts";
import { paintFor } from "../../runner/report/paint.ts";
import { plainReporter } from "../../runner/report/plain.ts";
import { TaskView } from "../../runner/report/task-view.ts";
import { ttyReporter } from "../../runner/report/tty.ts";
import { scriptedRun } from "./scripted-run.ts";

/** The three reporters, fed with the same run. */
const test = suite("reporters");

function collected(feed: (write: (text: string) => void) => void): string {
  let output = "";
  feed((text) => {
    output += text;
  });
  return output;
}

const plain = (events: readonly RunEvent[], diff = true) =>
  collected((write) => {
    const { emit } = plainReporter({ write, diff });
    for (const event of events) emit(event);
  });

test("json: each event is one line as it is, the recap last", () => {
  const events = scriptedRun(2);
  const output = collected((write) => {
    const { emit } = jsonReporter({ write });
    for (const event of events) emit(event);
  });
  const lines = output.trimEnd().split("\n");
  assert.equal(
    lines.map((line) => JSON.parse(line)),
    JSON.parse(JSON.stringify(events)),
  );
  assert.is(JSON.parse(lines.at(-1) ?? "{}").event, "recap");
});

test("plain: no control characters, whatever a server says", () => {
  const output = plain(scriptedRun(3));
  assert.not.match(output.replaceAll("\n", ""), /[\p{Cc}]/u);
  assert.match(output, "\\x1b[31m", "it is shown, not hidden");
});

test("plain: the order of a failure is doing, got, usually, next, place", () => {
  const line = plain(scriptedRun(1))
    .split("\n")
    .find((text) => text.includes("failed node1"));
  const places = ["sudo netplan apply", "exit code 78", "usually: ", "next: ", "at site.yaml:7:5"].map(
    (part) => line?.indexOf(part) ?? -1,
  );
  assert.ok(
    places.every((place) => place > 0),
    line,
  );
  assert.equal(
    places,
    [...places].sort((a, b) => a - b),
  );
});

test("plain: before and after only with diff", () => {
  assert.match(plain(scriptedRun(1)), "~ modify uni/tn-k8s (maxEcmp: 16 → 64)");
  assert.match(plain(scriptedRun(1), false), "~ modify uni/tn-k8s\n");
});

test("the last lines repeat each failure and count what went wrong", () => {
  const lines = plain(scriptedRun(2)).trimEnd().split("\n").slice(-2);
  assert.equal(lines, [
    "failed node1: Bond and address: exit code 78 … and 1 more line",
    "total: 1 change, 1 not foreseeable, 1 host failed, in 1 min 05 s",
  ]);
  const check = scriptedRun(2).map((event): RunEvent => (event.event === "run" ? { ...event, check: true } : event));
  assert.match(plain(check), "total: 1 change to make, 1 not foreseeable, 1 host failed, in 1 min 05 s: nothing was written");
});

/** A play in two batches, the first done before; a task that tells how far it is, and a handler. */
function longRun(): readonly RunEvent[] {
  const at = { file: "site.yaml", line: 7, column: 5, length: 4 };
  const task = { id: 1, task: "Drain" };
  const of = { play: "Nodes", index: 0 };
  const tell = (text: string): RunEvent => ({ event: "progress", ...task, host: "a", text });
  return [
    { event: "play", ...of, hosts: ["a", "b"] },
    { event: "batch", ...of, batch: 0, of: 2, hosts: ["b"], done: true },
    { event: "batch", ...of, batch: 1, of: 2, hosts: ["a"] },
    { event: "task", ...task, type: "k8s.drain", steps: [], hosts: ["a"], at },
    { event: "start", ...task, host: "a" },
    tell("3 pods left"),
    tell("3 pods left"),
    tell("2 pods\nleft"),
    tell("3 pods left"),
    { event: "result", ...task, host: "a", status: "ok", changes: 0, milliseconds: 3 },
    { event: "task", id: 2, task: "Restart", type: "k8s.restart", steps: [], hosts: ["a"], handler: true, at },
    { event: "play", play: "Later", index: 1, hosts: ["a"], done: true },
  ];
}

test("plain: batches, handlers, what was done before; progress only when it says something new", () => {
  assert.equal(plain(longRun()).trimEnd().split("\n"), [
    "play Nodes on a, b",
    "batch 1 of 2: b: done by the earlier run",
    "batch 2 of 2: a",
    "task Drain [k8s.drain]",
    "  a: 3 pods left",
    "  a: 2 pods; left",
    "  a: 3 pods left",
    "  ok a, 3 ms",
    "handler Restart [k8s.restart]",
    "play Later on a: done by the earlier run",
  ]);
});

test("tty: progress stands below the running task and is gone when it has ended", async () => {
  const events = longRun();
  const [, , , task] = events;
  assert.ok(task?.event === "task");
  const view = new TaskView(task, "Nodes");
  const shown: string[] = [];
  for (const event of events.slice(4, 10)) {
    if (event.event === "start" || event.event === "progress" || event.event === "result") view.take(event);
    shown.push(view.progress(80, 10));
  }
  view.end();
  assert.equal(shown, ["", "a  3 pods left", "a  3 pods left", "a  2 pods; left", "a  3 pods left", ""]);
  assert.equal(view.details(paintFor(false), 80, true), []);

  let output = "";
  const options = { diff: true, color: false, columns: () => 80, conceal: (text: string) => text };
  const reporter = ttyReporter({
    ...options,
    write: (text) => {
      output += text;
    },
  });
  for (const event of events) reporter.emit(event);
  await reporter.finish();
  assert.match(output, "batch 1 of 2: b: done by the earlier run\n");
  assert.match(output, "Later  1 host: done by the earlier run\n");
});

test("tty: 200 hosts leave a screen's worth of lines, the same failure is told once", async () => {
  const tty = (hosts: number, columns: number) => {
    let output = "";
    const reporter = ttyReporter({
      diff: true,
      color: false,
      columns: () => columns,
      conceal: (text) => text,
      write: (text) => {
        output += text;
      },
    });
    for (const event of scriptedRun(hosts)) reporter.emit(event);
    return reporter.finish().then(() => output);
  };
  const output = await tty(200, 100);
  assert.ok(output.split("\n").length < 80, `${output.split("\n").length} lines`);
  assert.is(output.split("exit code 78").length, 3, "once where it happened, once at the end");
  assert.match(output, "failed: node1, node51, node101, node151");
  assert.not.match(output, "\x1b[31m");
  const narrow = await tty(3, 60);
  const table = narrow.split("\n").filter((line) => line.startsWith("node") || line.includes("skip"));
  assert.ok(table.length === 4 && table.every((line) => line.length <= 60), narrow);
});

test.run();
