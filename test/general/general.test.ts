import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Connections } from "../../runner/connect/connections.ts";
import { failed } from "../../runner/result.ts";
import { Secret } from "../../runner/secret.ts";
import type { Observation } from "../../runner/task.ts";
import type { TaskType } from "../../runner/task-type.ts";
import { assertThat } from "../../tasks/general/assert.ts";
import { debug } from "../../tasks/general/debug.ts";
import { pause } from "../../tasks/general/pause.ts";
import { setFact } from "../../tasks/general/set-fact.ts";

/** assert, debug, set_fact and pause. */
const test = suite("general task types");

const none: Connections = {
  open: async () => failed({ kind: "unreachable", doing: "opening", message: "a local task must not connect" }),
  counts: () => ({}),
  close: async () => {},
};

/** What a task type sees with these arguments; undefined when they are refused. */
async function observe(type: TaskType, args: unknown, check = false): Promise<Observation | undefined> {
  const prepared = type.prepare(args, "localhost", check);
  if (!prepared.ok || !("observe" in prepared.value)) return undefined;
  const seen = await prepared.value.observe(none);
  return seen.ok ? seen.value : undefined;
}

test("assert: all conditions hold", async () => {
  assert.equal((await observe(assertThat, { that: [true, true] }))?.unmet, []);
  assert.equal((await observe(assertThat, { that: true }))?.unmet, []);
  assert.equal((await observe(assertThat, { that: false }))?.unmet, ["condition 1 of 1 does not hold"]);
  assert.is((await observe(assertThat, { that: [true], success_msg: "fine" }))?.message, "fine");
});

test("assert: names the conditions that do not hold, or says fail_msg", async () => {
  assert.equal((await observe(assertThat, { that: [true, false, false] }))?.unmet, [
    "condition 2 of 3 does not hold",
    "condition 3 of 3 does not hold",
  ]);
  assert.equal((await observe(assertThat, { that: [false], fail_msg: "two leaves are needed" }))?.unmet, [
    "two leaves are needed",
  ]);
});

test("assert: a condition without braces is text, and refused", async () => {
  assert.is(await observe(assertThat, { that: ["groups.leaves | length > 1"] }), undefined);
  assert.is(await observe(assertThat, { that: [] }), undefined);
});

test("debug: text as it is, anything else as JSON, secrets masked", async () => {
  assert.is((await observe(debug, { msg: "hello" }))?.message, "hello");
  assert.is((await observe(debug, { msg: { a: [1] } }))?.message, '{"a":[1]}');
  assert.match((await observe(debug, { msg: { a: "x".repeat(100) } }))?.message ?? "", /^\{\n {2}"a": "x+"\n\}$/);
  assert.is((await observe(debug, { msg: new Secret("hunter22") }))?.message, "‹secret›");
  assert.not.match((await observe(debug, { msg: { inner: new Secret("hunter22") } }))?.message ?? "hunter22", "hunter22");
  assert.is(await observe(debug, { var: "name" }), undefined);
});

test("set_fact: takes any names, but at least one", async () => {
  assert.equal((await observe(setFact, { a: 1, b: new Secret("hunter22") }))?.unmet, []);
  assert.is(await observe(setFact, {}), undefined);
  assert.is(setFact.setsVariables, true);
});

test("pause: refuses negative times, and does not wait in check mode", async () => {
  assert.is(await observe(pause, { seconds: -1 }), undefined);
  assert.equal((await observe(pause, { seconds: 86400 }, true))?.unmet, []);
  assert.equal((await observe(pause, { seconds: 0 }))?.unmet, []);
});

test.run();
