import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../../runner/event.ts";
import { isObject } from "../../runner/json.ts";
import { Secret } from "../../runner/secret.ts";
import { setFact } from "../../tasks/general/set-fact.ts";
import { expression, play, task, value, variables } from "./entries.ts";
import { run } from "./fake-run.ts";
import { change, type Log, writes } from "./fake-types.ts";

/** One task on one host: conditions, loops, registered results, retries. */
const test = suite("tasks");

const changes = (events: readonly RunEvent[]) => events.flatMap((event) => (event.event === "change" ? [event.target] : []));
const items = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.event === "result" && event.item !== undefined ? [`${event.item} ${event.status}`] : []));
const failures = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.event === "result" && event.failure !== undefined ? [event.failure.message] : []));

test("when is an and; the condition that does not hold is the reason", async () => {
  const log: Log = [];
  const type = writes(log, () => ({}));
  const when = [expression("yes"), expression("not yes"), expression("never")];
  const { results, events } = await run([play(["a"], [task("one", type, { when, vars: variables({ yes: true }) })])]);
  assert.equal(results, ["a skipped"]);
  assert.equal(log, []);
  assert.ok(events.some((event) => event.event === "result" && event.reason === "when: not yes"));
});

test("an undefined name in when fails with its place", async () => {
  const { events } = await run([
    play(
      ["a"],
      [
        task(
          "one",
          writes([], () => ({})),
          { when: [expression("nothing")] },
        ),
      ],
    ),
  ]);
  const result = events.find((event) => event.event === "result");
  assert.is(result?.failure?.message, "nothing is undefined");
  assert.is(result?.at?.line, 7);
});

test("what a task leaves as it is on purpose is a warning, in check mode too, and the task is ok", async () => {
  for (const check of [true, false]) {
    const { results, events } = await run(
      [
        play(
          ["a"],
          [
            task(
              "one",
              writes([], () => ({ stays: ["x stays: it is used: y"] })),
            ),
          ],
        ),
      ],
      { check },
    );
    assert.equal(results, ["a ok"]);
    const warnings = events.flatMap((event) => (event.event === "warning" ? [[event.message, event.task, event.host]] : []));
    assert.equal(warnings, [["x stays: it is used: y", "one", "a"]]);
  }
});

test("a run tells the changes before it makes them, and counts those it made", async () => {
  const log: Log = [];
  const type = writes(log, () => ({ changes: [change("x"), change("y")] }));
  const { events, summary } = await run([play(["a"], [task("one", type)])], {
    onEvent: (event) => {
      if (event.event === "change") log.push(`told ${event.target}`);
    },
  });
  assert.equal(log, ["plan a", "told x", "told y", "apply a"]);
  assert.is(summary.changes, 2);
  assert.equal(changes(events), ["x", "y"]);
});

test("a change that could not be written is not counted", async () => {
  const type = writes([], () => ({ changes: [change("x")], unwritable: true }));
  const { results, summary } = await run([play(["a"], [task("one", type)])]);
  assert.equal(results, ["a failed"]);
  assert.is(summary.changes, 0);
  assert.is(summary.recap.a?.changed, 0);
});

test("a loop runs for each item, shows its label, and goes on after a failed item", async () => {
  const type = writes([], (_host, args) =>
    isObject(args) && args.name === "x" ? { broken: "failed" } : { changes: [change("made")] },
  );
  const entry = task("one", type, {
    args: value({ name: "{{ item.name }}" }),
    loop: value([{ name: "x" }, { name: "y" }]),
    loopLabel: value("the {{ item.name }}"),
  });
  const { results, events, summary } = await run([play(["a"], [entry])]);
  assert.equal(items(events), ["the x failed", "the y changed"]);
  assert.equal(results, ["a failed"]);
  assert.is(summary.changes, 1);
});

test("a secret item is masked", async () => {
  const entry = task(
    "one",
    writes([], () => ({})),
    { loop: value([new Secret("hunter22"), { key: new Secret("hunter22") }]) },
  );
  const { events } = await run([play(["a"], [entry])]);
  assert.not.match(JSON.stringify(events), "hunter22");
  assert.equal(items(events), ["‹secret› ok", '{"key":"‹secret›"} ok']);
});

test("when is asked for each item; an undefined loop that when rules out is only skipped", async () => {
  const type = writes([], () => ({}));
  const some = task("some", type, { loop: value([true, false]), when: [expression("item")] });
  const none = task("none", type, { loop: value("{{ nothing }}"), when: [expression("no")], vars: variables({ no: false }) });
  const { results, events } = await run([play(["a"], [some, none])]);
  assert.equal(items(events), ["true ok", "false skipped"]);
  assert.equal(results, ["a ok", "a skipped"]);
});

test("a loop over something else than a list fails", async () => {
  const { events } = await run([
    play(
      ["a"],
      [
        task(
          "one",
          writes([], () => ({})),
          { loop: value("{{ x }}"), vars: variables({ x: 3 }) },
        ),
      ],
    ),
  ]);
  assert.equal(failures(events), ["expected a list, found number"]);
});

test("register gives status, changes, facts and the results of a loop", async () => {
  const type = writes([], () => ({ changes: [change("x")] }));
  const seen: unknown[] = [];
  const reader = writes([], (_host, args) => {
    seen.push(args);
    return {};
  });
  await run([
    play(
      ["a"],
      [
        task("one", type, { register: "one" }),
        task("many", type, { register: "many", loop: value([1, 2]) }),
        task("read", reader, { args: value({ one: "{{ one }}", items: "{{ many.results }}" }) }),
      ],
    ),
  ]);
  const result = {
    status: "changed",
    changed: true,
    failed: false,
    skipped: false,
    changes: [{ target: "x", action: "create", before: null, after: { name: "x" } }],
    facts: { host: "a" },
    message: "",
  };
  assert.equal(seen, [
    {
      one: result,
      items: [
        { ...result, item: 1 },
        { ...result, item: 2 },
      ],
    },
  ]);
});

test("until repeats until it holds, and sees the registered result", async () => {
  const log: Log = [];
  let attempt = 0;
  const type = writes(log, () => {
    attempt += 1;
    return attempt === 3 ? { changes: [change("x")] } : {};
  });
  const entry = task("one", type, { register: "tried", until: [expression("tried.changed")], retries: 5 });
  const { results, events } = await run([play(["a"], [entry])]);
  assert.equal(results, ["a changed"]);
  assert.is(events.filter((event) => event.event === "retry").length, 2);
});

test("until gives up after retries more attempts", async () => {
  const log: Log = [];
  const entry = task(
    "one",
    writes(log, () => ({})),
    { register: "tried", until: [expression("tried.changed")], retries: 2 },
  );
  const { events } = await run([play(["a"], [entry])]);
  assert.is(log.length, 3);
  assert.equal(failures(events), ["until does not hold: tried.changed"]);
});

test("set facts win over inventory and play variables, and last", async () => {
  const seen: unknown[] = [];
  const reader = writes([], (_host, args) => {
    seen.push(args);
    return {};
  });
  const read = task("read", reader, { args: value({ x: "{{ x }}" }) });
  const set = task("set", setFact, { args: value({ x: "set {{ x }}" }) });
  await run([play(["a"], [read, set, read], { vars: variables({ x: "play" }) }), play(["a"], [read])]);
  assert.equal(seen, [{ x: "play" }, { x: "set play" }, { x: "set play" }]);
});

test("a set fact can be a secret and stays one", async () => {
  let seen: unknown;
  const reader = writes([], (_host, args) => {
    seen = isObject(args) ? args.x : undefined;
    return {};
  });
  const set = task("set", setFact, { args: value({ x: new Secret("hunter22") }) });
  await run([play(["a"], [set, task("read", reader, { args: value({ x: "{{ x }}" }) })])]);
  assert.instance(seen, Secret);
});

test("filling in defaults for one task leaves the variable alone", async () => {
  const seen: string[] = [];
  const writer = writes([], (_host, args) => {
    if (isObject(args) && isObject(args.x)) {
      seen.push(JSON.stringify(args.x));
      args.x.filled = true;
    }
    return {};
  });
  const entry = task("one", writer, { args: value({ x: "{{ shared }}" }) });
  const set = task("set", setFact, { args: value({ shared: { a: 1 } }) });
  await run([play(["a"], [set, entry, entry])]);
  assert.equal(seen, ['{"a":1}', '{"a":1}']);
});

test("a task name is rendered; one that cannot be is shown as written", async () => {
  const type = writes([], () => ({}));
  const entries = [task("for {{ x }}", type, { vars: variables({ x: "leaf201" }) }), task("{{ nothing }}", type)];
  const { events } = await run([play(["a"], entries)]);
  assert.equal(
    events.flatMap((event) => (event.event === "task" ? [event.task] : [])),
    ["for leaf201", "{{ nothing }}"],
  );
});

test("a bug in a task type ends the run as an exception, after the other hosts are done", async () => {
  const log: Log = [];
  const type = writes(log, (host) => {
    if (host === "a") throw new Error("bug");
    return { changes: [change("x")] };
  });
  try {
    await run([play(["a", "b"], [task("one", type)])]);
    assert.unreachable("it should have thrown");
  } catch (error) {
    assert.is(error instanceof Error ? error.message : "", "bug");
  }
  assert.equal(log, ["plan a", "plan b", "apply b"]);
});

test.run();
