import { suite } from "uvu";
import * as assert from "uvu/assert";
import { at, expression, play, task, variables } from "./entries.ts";
import { run } from "./fake-run.ts";
import { change, type Log, writes } from "./fake-types.ts";

/** Order, hosts and who drops out: Ansible's linear strategy. */
const test = suite("plays and hosts");

test("a task ends on all hosts before the next begins", async () => {
  const log: Log = [];
  const type = writes(log, () => ({ changes: [change("x")] }));
  await run([play(["a", "b", "c"], [task("one", type), task("two", type)])]);
  const ofTasks = ["plan", "apply"].map((word) => log.filter((line) => line.startsWith(word)).length);
  assert.equal(ofTasks, [6, 6]);
  assert.equal([...log.slice(0, 6)].sort(), ["apply a", "apply b", "apply c", "plan a", "plan b", "plan c"]);
});

test("no more hosts at once than forks", async () => {
  let now = 0;
  let most = 0;
  const type = writes([], () => ({}));
  const counted = {
    ...type,
    prepare: (args: unknown, host: string, check: boolean) => {
      now += 1;
      most = Math.max(most, now);
      return type.prepare(args, host, check);
    },
  };
  await run([play(["a", "b", "c", "d", "e"], [task("one", counted)])], {
    forks: 2,
    onEvent: (event) => {
      if (event.event === "result") now -= 1;
    },
  });
  assert.is(most, 2);
});

test("a failed host drops out of the play and of later plays, the others go on", async () => {
  const type = writes([], (host) => (host === "b" ? { broken: "failed" } : {}));
  const { results, summary } = await run([
    play(["a", "b"], [task("one", type), task("two", type)]),
    play(["a", "b"], [task("three", type)]),
  ]);
  assert.equal(results, ["a ok", "b failed", "a ok", "a ok"]);
  assert.is(summary.exitCode, 2);
});

test("an unreachable host alone gives exit code 3, with a failed one it is 2", async () => {
  const type = writes([], (host) => (host === "a" ? { broken: "unreachable" } : {}));
  assert.is((await run([play(["a", "b"], [task("one", type)])])).summary.exitCode, 3);
  const both = writes([], (host) => ({ broken: host === "a" ? "unreachable" : "failed" }));
  assert.is((await run([play(["a", "b"], [task("one", both)])])).summary.exitCode, 2);
});

test("any_errors_fatal ends the run for all hosts after the current task", async () => {
  const type = writes([], (host) => (host === "b" ? { broken: "failed" } : {}));
  const plays = [
    play(["a", "b"], [task("one", type), task("two", type)], { anyErrorsFatal: true }),
    play(["a"], [task("three", type)]),
  ];
  const { results, events } = await run(plays);
  assert.equal(results, ["a ok", "b failed"]);
  assert.ok(events.some((event) => event.event === "warning" && event.message.includes("1 more play was not run")));
});

test("a play that loses all its hosts ends the run", async () => {
  const type = writes([], () => ({ broken: "failed" }));
  const fine = writes([], () => ({}));
  assert.equal((await run([play(["a"], [task("one", type)]), play(["b"], [task("two", fine)])])).results, ["a failed"]);
});

test("plays without hosts or tasks are neither announced nor counted; nothing at all is said", async () => {
  const type = writes([], () => ({}));
  const { events } = await run([play([], [task("one", type)]), play(["a"], []), play(["a"], [task("two", type)])]);
  assert.equal(
    events.flatMap((event) => (event.event === "run" ? [event.plays, event.tasks, event.hosts] : [])),
    [1, 1, 1],
  );
  assert.is(events.filter((event) => event.event === "play").length, 1);
  const empty = await run([play(["a"], [])]);
  assert.ok(empty.events.some((event) => event.event === "warning" && event.message.startsWith("nothing to do")));
});

test("the recap lists hosts in inventory order, whoever was first", async () => {
  const type = writes([], () => ({}));
  const { summary } = await run([play(["b"], [task("one", type)]), play(["a", "b"], [task("two", type)])]);
  assert.equal(Object.keys(summary.recap), ["b", "a"]);
  const reversed = await run([play(["a", "b"], []), play(["b"], [task("one", type)]), play(["a"], [task("two", type)])]);
  assert.equal(Object.keys(reversed.summary.recap), ["a", "b"]);
});

test("ignore_errors goes on, counts as ok and says so; it does not cover an unreachable host", async () => {
  const type = writes([], (host) => ({ broken: host === "a" ? "failed" : "unreachable" }));
  const after = writes([], () => ({}));
  const { results, summary, events } = await run([
    play(["a", "b"], [task("one", type, { ignoreErrors: true }), task("two", after)]),
  ]);
  assert.equal(results, ["a failed", "b unreachable", "a ok"]);
  assert.is(summary.exitCode, 3);
  assert.equal(summary.recap.a, { ok: 2, changed: 0, skipped: 0, failed: 0, unreachable: 0, unknown: 0 });
  assert.ok(events.some((event) => event.event === "result" && event.host === "a" && event.ignored === true));
});

test("run_once runs on the first host that is left and registers for all", async () => {
  const log: Log = [];
  const bad = writes([], (host) => (host === "a" ? { broken: "failed" } : {}));
  const type = writes(log, () => ({}));
  const { results } = await run([
    play(
      ["a", "b", "c"],
      [
        task("drop a", bad),
        task("once", type, { runOnce: true, register: "once" }),
        task("all", type, { when: [expression("once.facts.host")] }),
      ],
    ),
  ]);
  assert.equal(results.slice(3), ["b ok", "b ok", "c ok"]);
});

test("a failing run_once fails all, as in Ansible", async () => {
  const type = writes([], () => ({ broken: "failed" }));
  const after = writes([], () => ({}));
  assert.equal((await run([play(["a", "b"], [task("once", type, { runOnce: true }), task("two", after)])])).results, [
    "a failed",
  ]);
});

test("delegate_to speaks to the other host, the result counts for the first", async () => {
  const log: Log = [];
  const type = writes(log, () => ({}));
  const delegate = task("one", type, {
    delegateTo: { kind: "template", text: "{{ friend }}", at: at },
    vars: variables({ friend: "other" }),
  });
  const { results } = await run([play(["a"], [delegate])]);
  assert.equal(log, ["plan other"]);
  assert.equal(results, ["a ok"]);
});

test("delegate_to a host that is not in the inventory fails", async () => {
  const type = writes([], () => ({}));
  const entry = task("one", type, { delegateTo: { kind: "literal", value: "nobody", at: at } });
  const { events } = await run([play(["a"], [entry])]);
  assert.ok(events.some((event) => event.event === "result" && event.failure?.message === "nobody is not in the inventory"));
});

test("the controllers are one: a task type for apic runs once, and holds for all of them", async () => {
  const log: Log = [];
  const apic = writes(log, () => ({ changes: [change("uni/tn-k8s")] }), "apic");
  const any = writes(log, () => ({}), "any");
  const { results, summary } = await run([
    play(["apic1", "apic2"], [task("one", apic, { register: "made" }), task("two", any, { when: [expression("made.changed")] })]),
  ]);
  assert.equal(results, ["apic1 changed", "apic1 ok", "apic2 ok"]);
  assert.is(summary.changes, 1);
});

test("a controller that never had a result is not in the recap", async () => {
  const apic = writes([], () => ({}), "apic");
  const { summary } = await run([play(["apic1", "apic2", "apic3"], [task("one", apic)])]);
  assert.equal(Object.keys(summary.recap), ["apic1"]);
});

test("a task type on a host of another kind is refused", async () => {
  const type = writes([], () => ({}), "leaf");
  const { events } = await run([play(["a"], [task("one", type)])]);
  const [failure] = events.flatMap((event) => (event.event === "result" ? [event.failure] : []));
  assert.is(failure?.message, "test.thing runs on hosts of leaves, but the host is in nodes");
});

test("interrupted: what runs is finished, nothing more is started, exit code 130", async () => {
  const stop = new AbortController();
  const type = writes([], () => ({}));
  const { results, summary, events } = await run([play(["a", "b"], [task("one", type), task("two", type)])], {
    forks: 1,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.event === "start") stop.abort();
    },
  });
  assert.equal(results, ["a ok"]);
  assert.is(summary.exitCode, 130);
  assert.ok(events.some((event) => event.event === "warning" && event.message.includes('play "play", task "one"')));
  assert.is(events.at(-1)?.event, "recap");
});

test.run();
