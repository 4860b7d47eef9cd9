import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../../runner/event.ts";
import { setFact } from "../../tasks/general/set-fact.ts";
import { expression, play, task, value } from "./entries.ts";
import { run } from "./fake-run.ts";
import { change, type Log, looks, writes } from "./fake-types.ts";

/** Check mode writes nothing and says what it cannot know; probes wait only in a run. */
const test = suite("check mode and probes");

const reasons = (events: readonly RunEvent[]) => events.flatMap((event) => (event.event === "unknown" ? [event.reason] : []));
const failures = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.event === "result" && event.failure !== undefined ? [event.failure.message] : []));

test("check mode projects the changes and applies none", async () => {
  const log: Log = [];
  const type = writes(log, () => ({ changes: [change("x")] }));
  const { results, summary } = await run([play(["a"], [task("one", type)])], { check: true });
  assert.equal(log, ["plan a", "project a"]);
  assert.equal(results, ["a changed"]);
  assert.is(summary.changes, 1);
  assert.is(summary.exitCode, 0);
});

test("ansible_check_mode tells a playbook", async () => {
  const plays = [
    play(
      ["a"],
      [
        task(
          "one",
          writes([], () => ({})),
          { when: [expression("ansible_check_mode")] },
        ),
      ],
    ),
  ];
  assert.equal((await run(plays, { check: true })).results, ["a ok"]);
  assert.equal((await run(plays)).results, ["a skipped"]);
});

test("what a plan cannot know is unknown with its reason; with changes besides, the task is changed", async () => {
  const type = writes([], (host) => ({ unknown: "the release brings it", ...(host === "b" ? { changes: [change("x")] } : {}) }));
  const { results, events } = await run([play(["a", "b"], [task("one", type)])], { check: true });
  assert.equal(results, ["a unknown", "b changed"]);
  assert.equal(reasons(events), ["the release brings it", "the release brings it"]);
});

test("an unmet probe fails when nothing is planned, and is unknown after planned changes", async () => {
  const log: Log = [];
  const probe = looks(log, () => ({ unmet: ["node3: Active"] }), 60);
  const alone = await run([play(["a"], [task("look", probe)])], { check: true });
  assert.equal(failures(alone.events), ["node3: Active"]);
  assert.equal(log, ["begin a", "observe a", "end a"], "check mode looks once");

  const type = writes([], () => ({ changes: [change("x"), change("y")] }));
  const after = await run([play(["a"], [task("one", type), task("look", probe)])], { check: true });
  assert.equal(after.results, ["a changed", "a unknown"]);
  assert.equal(reasons(after.events), ["2 changes before this are only planned"]);
  assert.is(after.summary.exitCode, 0);

  const vague = writes([], () => ({ unknown: "the release brings it" }));
  const both = await run([play(["a"], [task("one", type), task("two", vague), task("look", probe)])], { check: true });
  assert.is(reasons(both.events).at(-1), "2 changes before this are only planned, 1 more cannot be foreseen");
  const unforeseen = await run([play(["a"], [task("two", vague), task("look", probe)])], { check: true });
  assert.equal(unforeseen.results, ["a unknown", "a unknown"]);
});

test("a met probe is ok in check mode also after planned changes", async () => {
  const type = writes([], () => ({ changes: [change("x")] }));
  const probe = looks([], () => ({ unmet: [], message: "12 of 12" }));
  assert.equal((await run([play(["a"], [task("one", type), task("look", probe)])], { check: true })).results, [
    "a changed",
    "a ok",
  ]);
});

test("a probe that could not look is unknown, and what hangs on its result too", async () => {
  const log: Log = [];
  const probe = looks([], () => ({ unmet: [], unknown: "check mode makes no CalicoNodeStatus" }));
  const type = writes(log, () => ({}));
  const { results, events } = await run(
    [
      play(
        ["a"],
        [
          task("look", probe, { register: "seen" }),
          task("by argument", type, { args: value({ x: "{{ seen.facts }}" }) }),
          task("by when", type, { when: [expression("seen.changed")] }),
          task("by fact", setFact, { args: value({ derived: "{{ seen.facts }}" }) }),
          task("by derived", type, { args: value({ x: "{{ derived }}" }) }),
          task("free", type),
        ],
      ),
    ],
    { check: true },
  );
  assert.equal(results, ["a unknown", "a unknown", "a unknown", "a unknown", "a unknown", "a ok"]);
  assert.is(new Set(reasons(events)).size, 1, "the reason is carried along");
  assert.equal(log, ["plan a", "project a"]);
});

test("a condition known not to hold skips, whatever else is unknown", async () => {
  const probe = looks([], () => ({ unmet: [], unknown: "why" }));
  const type = writes([], () => ({}));
  const when = [expression("seen.changed"), expression("not seen_before")];
  const set = task("set", setFact, { args: value({ seen_before: true }) });
  const { results } = await run([play(["a"], [set, task("look", probe, { register: "seen" }), task("one", type, { when })])], {
    check: true,
  });
  assert.equal(results, ["a ok", "a unknown", "a skipped"]);
});

test("a later known result makes a name known again", async () => {
  const probe = looks([], (_host) => ({ unmet: [], unknown: "why" }));
  const type = writes([], () => ({}));
  const entries = [
    task("look", probe, { register: "seen" }),
    task("again", type, { register: "seen" }),
    task("use", type, { args: value({ x: "{{ seen.status }}" }) }),
  ];
  assert.equal((await run([play(["a"], entries)], { check: true })).results, ["a unknown", "a ok", "a ok"]);
});

test("a later unknown result makes a name unknown, though it was known", async () => {
  const probe = looks([], () => ({ unmet: [], unknown: "why" }));
  const type = writes([], () => ({}));
  const entries = [
    task("known", type, { register: "seen" }),
    task("look", probe, { register: "seen" }),
    task("use", type, { args: value({ x: "{{ seen.status }}" }) }),
  ];
  assert.equal((await run([play(["a"], entries)], { check: true })).results, ["a ok", "a unknown", "a unknown"]);
});

test("a probe that waiting cannot help ends at its first look, with what to do", async () => {
  const log: Log = [];
  const probe = looks(log, () => ({ unmet: ["worker-1: withdrawn"], stuck: "take it back" }), 60);
  const { events, results } = await run([play(["a"], [task("look", probe)])]);
  assert.equal(results, ["a failed"]);
  assert.equal(log, ["begin a", "observe a", "end a"]);
  const failure = events.flatMap((event) => (event.event === "result" ? (event.failure ?? []) : []))[0];
  assert.is(failure?.next, "take it back");
  assert.not.match(failure?.doing ?? "", "looking for");
});

test("a run looks every second until nothing is unmet, and tells why only when that changes", async () => {
  const log: Log = [];
  const probe = looks(log, (_host, look) => ({ unmet: look < 4 ? [look < 3 ? "Idle" : "Active"] : [], message: "up" }), 60);
  const { results, events } = await run([play(["a"], [task("look", probe)])]);
  assert.equal(results, ["a ok"]);
  assert.is(log.filter((line) => line === "observe a").length, 4);
  assert.equal(
    events.flatMap((event) => (event.event === "retry" ? [`${event.attempt} of ${event.of}: ${event.reasons}`] : [])),
    ["1 of 60: Idle", "3 of 60: Active"],
  );
  assert.ok(events.some((event) => event.event === "message" && event.text === "up"));
});

test("a run gives up at the timeout with all reasons, and removes what it made for looking", async () => {
  const log: Log = [];
  const probe = looks(log, () => ({ unmet: ["node1: Idle", "node2: Active: wrong password?"] }), 3);
  const { events } = await run([play(["a"], [task("look", probe)])]);
  assert.equal(failures(events), ["node1: Idle\nnode2: Active: wrong password?"]);
  assert.is(log.filter((line) => line === "observe a").length, 4, "at 0, 1, 2 and 3 seconds");
  assert.is(log.at(-1), "end a");
});

test("what was made for looking is removed also when looking throws", async () => {
  const log: Log = [];
  const probe = looks(log, () => {
    throw new Error("bug");
  });
  try {
    await run([play(["a"], [task("look", probe)])]);
    assert.unreachable("it should have thrown");
  } catch (error) {
    assert.is(error instanceof Error ? error.message : "", "bug");
  }
  assert.is(log.at(-1), "end a");
});

test("until in check mode: one attempt, unknown after planned changes", async () => {
  const log: Log = [];
  const type = writes(log, () => ({}));
  const tried = task("try", type, { register: "tried", until: [expression("tried.changed")] });
  assert.equal((await run([play(["a"], [tried])], { check: true })).results, ["a failed"]);
  assert.equal(log, ["plan a", "project a"]);
  const before = task(
    "one",
    writes([], () => ({ changes: [change("x")] })),
  );
  assert.equal((await run([play(["a"], [before, tried])], { check: true })).results, ["a changed", "a unknown"]);
});

test.run();
