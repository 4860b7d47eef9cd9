import { suite } from "uvu";
import * as assert from "uvu/assert";
import { block, expression, play, task, value, variables } from "./entries.ts";
import { run } from "./fake-run.ts";
import { type Log, writes } from "./fake-types.ts";

/** block, rescue, always. */
const test = suite("blocks");

const fine = writes([], () => ({}));
const bad = (...hosts: string[]) => writes([], (host) => (hosts.includes(host) ? { broken: "failed" } : {}));
const tasks = (events: readonly { readonly event: string }[]) =>
  events.flatMap((event) =>
    "host" in event && event.event === "result" && "task" in event ? [`${event.task} ${event.host}`] : [],
  );

test("rescue runs on the hosts that failed, which go on and are not failed", async () => {
  const entries = [
    block({ block: [task("try", bad("b")), task("more", fine)], rescue: [task("mend", fine)], always: [task("tidy", fine)] }),
    task("after", fine),
  ];
  const { events, summary } = await run([play(["a", "b"], entries)]);
  assert.equal(tasks(events), ["try a", "try b", "more a", "mend b", "tidy a", "tidy b", "after a", "after b"]);
  assert.is(summary.exitCode, 0);
  assert.is(summary.recap.b?.failed, 0);
  assert.is(summary.recap.b?.ok, 4);
});

test("a failed rescue is the one failure that counts, and always still runs", async () => {
  const entries = [
    block({ block: [task("try", bad("a"))], rescue: [task("mend", bad("a"))], always: [task("tidy", fine)] }),
    task("after", fine),
  ];
  const { events, summary } = await run([play(["a"], entries)]);
  assert.equal(tasks(events), ["try a", "mend a", "tidy a"]);
  assert.is(summary.exitCode, 2);
  assert.is(summary.recap.a?.failed, 1);
});

test("without rescue, always runs and the host is failed", async () => {
  const { events, summary } = await run([play(["a"], [block({ block: [task("try", bad("a"))], always: [task("tidy", fine)] })])]);
  assert.equal(tasks(events), ["try a", "tidy a"]);
  assert.is(summary.exitCode, 2);
});

test("an unreachable host is neither rescued nor tidied up", async () => {
  const gone = writes([], () => ({ broken: "unreachable" }));
  const { events } = await run([
    play(["a"], [block({ block: [task("try", gone)], rescue: [task("mend", fine)], always: [task("tidy", fine)] })]),
  ]);
  assert.equal(tasks(events), ["try a"]);
});

test("any_errors_fatal in a block with rescue: all hosts are rescued and go on", async () => {
  const entries = [
    block({ anyErrorsFatal: true, block: [task("try", bad("b")), task("more", fine)], rescue: [task("mend", fine)] }),
    task("after", fine),
  ];
  const { events, summary } = await run([play(["a", "b"], entries)]);
  assert.equal(tasks(events), ["try a", "try b", "mend a", "mend b", "after a", "after b"]);
  assert.is(summary.exitCode, 0);
  assert.is(summary.recap.a?.ok, 3);
});

test("a task in a block has the block's conditions, variables and ignore_errors", async () => {
  const log: Log = [];
  const type = writes(log, () => ({ broken: "failed" }));
  const entries = [
    block({ when: [expression("no")], vars: variables({ no: false }), block: [task("never", type)] }),
    block({ ignoreErrors: true, vars: variables({ x: 1 }), block: [task("once", type, { args: value({ x: "{{ x }}" }) })] }),
    task("after", fine),
  ];
  const { results } = await run([play(["a"], entries)]);
  assert.equal(results, ["a skipped", "a failed", "a ok"]);
});

test("the variables of a task win over its block's, and those over the play's", async () => {
  const seen: unknown[] = [];
  const reader = writes([], (_host, args) => {
    seen.push(args);
    return {};
  });
  const args = value({ x: "{{ x }}", y: "{{ y }}", z: "{{ z }}" });
  const inner = task("read", reader, { args, vars: variables({ x: "task" }) });
  const entry = block({ block: [inner], vars: variables({ x: "block", y: "block" }) });
  await run([play(["a"], [entry], { vars: variables({ x: "play", y: "play", z: "play" }) })]);
  assert.equal(seen, [{ x: "task", y: "block", z: "play" }]);
});

test("blocks within blocks: the inner failure reaches the outer rescue", async () => {
  const inner = block({ block: [task("try", bad("a"))], always: [task("tidy", fine)] });
  const { events, summary } = await run([
    play(["a"], [block({ block: [inner, task("more", fine)], rescue: [task("mend", fine)] })]),
  ]);
  assert.equal(tasks(events), ["try a", "tidy a", "mend a"]);
  assert.is(summary.exitCode, 0);
});

test.run();
