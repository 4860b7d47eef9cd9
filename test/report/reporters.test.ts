import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../../runner/event.ts";
import { jsonReporter } from "../../runner/report/json.ts";
import { plainReporter } from "../../runner/report/plain.ts";
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
