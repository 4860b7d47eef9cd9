import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../../runner/event.ts";
import type { Entry, FlushEntry } from "../../runner/load/model.ts";
import { at, block, expression, handler, notify, play, task, value } from "./entries.ts";
import { run } from "./fake-run.ts";
import { type Behaviour, change, type Log, writes } from "./fake-types.ts";

/** Handlers: Ansible's rules of when, where and in which order they run. */
const test = suite("handlers");

const changed: Behaviour = { changes: [change("x")] };
const flush: FlushEntry = { kind: "flush", tags: [], at };
const changes = writes([], () => changed);
const same = writes([], () => ({}));

/** `name: hosts` of each task, with `!` before handlers. */
const order = (events: readonly RunEvent[]) =>
  events.flatMap((event) =>
    event.event === "task" ? [`${event.handler === true ? "!" : ""}${event.task}: ${event.hosts.join(" ")}`] : [],
  );

test("run once, at the end, in the order of definition, on the hosts that were notified", async () => {
  const some = writes([], (host) => (host === "b" ? changed : {}));
  const { events } = await run([
    play(
      ["a", "b"],
      [
        task("one", some, { notify: notify("second", "first") }),
        task("two", changes, { notify: notify("second") }),
        task("three", same, { notify: notify("third") }),
      ],
      { handlers: ["first", "second", "third"].map((name) => handler(task(name, same), name)) },
    ),
  ]);
  assert.equal(order(events), ["one: a b", "two: a b", "three: a b", "!first: b", "!second: a b"]);
});

test("listen, and a block that notifies for all its tasks", async () => {
  const { events } = await run([
    play(["a"], [block({ block: [task("one", changes, { notify: notify("own") })], notify: notify("pods"), rescue: [] })], {
      handlers: [
        handler(task("restart", same), "restart", ["pods", "nodes"]),
        handler(task("own", same), "own"),
        handler(task("look", same), "look", ["pods"]),
        handler(task("other", same), "other", ["nodes"]),
      ],
    }),
  ]);
  assert.equal(order(events), ["one: a", "!restart: a", "!own: a", "!look: a"]);
});

test("flush_handlers runs them at once, and they wait anew for what comes after", async () => {
  const entries: readonly Entry[] = [
    task("one", changes, { notify: notify("h") }),
    flush,
    task("two", same, { notify: notify("h") }),
    flush,
    task("three", changes, { notify: notify("h") }),
  ];
  const { events } = await run([play(["a"], entries, { handlers: [handler(task("h", same), "h")] })]);
  assert.equal(order(events), ["one: a", "!h: a", "two: a", "three: a", "!h: a"]);
});

test("a handler notifies another, also one that is defined before it", async () => {
  const { events } = await run([
    play(["a"], [task("one", changes, { notify: notify("b") })], {
      handlers: [
        handler(task("a", same), "a"),
        handler(task("b", changes, { notify: notify("c", "a") }), "b"),
        handler(task("c", same), "c"),
      ],
    }),
  ]);
  assert.equal(order(events), ["one: a", "!b: a", "!c: a", "!a: a"]);
});

test("at the end of each batch", async () => {
  const { events } = await run([
    play(["a", "b"], [task("one", changes, { notify: notify("h") })], {
      batches: [["a"], ["b"]],
      handlers: [handler(task("h", same), "h")],
    }),
  ]);
  assert.equal(order(events), ["one: a", "!h: a", "one: b", "!h: b"]);
});

test("not on a host that has failed; a handler that fails takes its host out", async () => {
  const failing = (bad: string) => writes([], (host) => (host === bad ? { broken: "failed" } : {}));
  const { events, summary, results } = await run([
    play(["a", "b", "c"], [task("one", changes, { notify: notify("first", "second") }), task("two", failing("a"))], {
      handlers: [handler(task("first", failing("b")), "first"), handler(task("second", same), "second")],
    }),
    play(["a", "b", "c"], [task("later", same)]),
  ]);
  assert.equal(order(events), ["one: a b c", "two: a b c", "!first: b c", "!second: c", "later: c"]);
  assert.ok(results.includes("b failed"));
  assert.is(summary.exitCode, 2);
});

test("any_errors_fatal: a handler that fails on one host stops those that it did not run on, too", async () => {
  const some = writes([], (host) => (host === "a" ? changed : {}));
  const broken = writes([], () => ({ broken: "failed" }));
  const { events } = await run([
    play(["a", "b"], [task("one", some, { notify: notify("h") }), flush, task("two", same)], {
      anyErrorsFatal: true,
      handlers: [handler(task("h", broken), "h")],
    }),
  ]);
  assert.equal(order(events), ["one: a b", "!h: a"]);
});

test("check mode plans them as it plans tasks; its journal is none", async () => {
  const log: Log = [];
  const { events, summary } = await run(
    [
      play(["a"], [task("one", changes, { notify: notify("h") })], {
        handlers: [
          handler(
            task(
              "h",
              writes(log, () => changed),
            ),
            "h",
          ),
        ],
      }),
    ],
    { check: true },
  );
  assert.equal(order(events), ["one: a", "!h: a"]);
  assert.equal(log, ["plan a", "project a"]);
  assert.is(summary.changes, 2);
});

test("run_once notifies on its host, as in Ansible; results of handlers register, conditions hold", async () => {
  const { events, results } = await run([
    play(["a", "b"], [task("one", changes, { notify: notify("h", "i"), runOnce: true })], {
      handlers: [
        handler(task("h", same, { register: "seen" }), "h"),
        handler(task("i", same, { when: [expression("not seen.facts.host")], args: value({}) }), "i"),
      ],
    }),
  ]);
  assert.equal(order(events), ["one: a", "!h: a", "!i: a"]);
  assert.equal(results, ["a changed", "a ok", "a skipped"]);
});

test("a change that could not be written notifies: part of it may stand", async () => {
  const half = writes([], () => ({ ...changed, unwritable: true }));
  const { events } = await run([
    play(["a"], [task("one", half, { notify: notify("h"), ignoreErrors: true })], {
      handlers: [handler(task("h", same), "h")],
    }),
  ]);
  assert.equal(order(events), ["one: a", "!h: a"]);
});

test.run();
