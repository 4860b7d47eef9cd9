import { suite } from "uvu";
import * as assert from "uvu/assert";
import { argumentFailure } from "../../runner/engine/failures.ts";
import type { Value } from "../../runner/load/model.ts";
import { bgpEcmp } from "../../tasks/aci/bgp-ecmp.ts";
import { assertThat } from "../../tasks/general/assert.ts";
import { play, task, value, variables } from "./entries.ts";
import { run } from "./fake-run.ts";

/** Arguments that turn out wrong when they are rendered. */
const test = suite("argument failures");

const onLine = (of: unknown, line: number): Value => ({ ...value(of), at: { file: "site.yaml", line, column: 3, length: 1 } });

test("each names its argument, the place is that of the first", () => {
  const that: Value = { kind: "list", items: [onLine(true, 3), onLine("{{ x }}", 4)], at: onLine("", 2).at };
  const args: Value = { kind: "map", entries: new Map([["that", that]]), at: onLine("", 1).at };
  const prepared = assertThat.prepare({ that: [true, "text"], fail_msg: 3 }, "a", false);
  assert.not(prepared.ok);
  if (prepared.ok) return;
  const outcome = argumentFailure(task("one", assertThat, { args }), prepared.errors);
  assert.is(outcome.failure?.message, "that[1] is true or false, not a text\nfail_msg is a text, not a number");
  assert.is(outcome.at?.line, 4);
});

test("a missing argument is named, the place is that of the arguments", () => {
  const args: Value = { kind: "map", entries: new Map(), at: onLine("", 9).at };
  const prepared = assertThat.prepare({}, "a", false);
  if (prepared.ok) return assert.unreachable("it should have been refused");
  const outcome = argumentFailure(task("one", assertThat, { args }), prepared.errors);
  assert.match(outcome.failure?.message ?? "", "assert needs that");
  assert.is(outcome.at?.line, 9);
});

test("in a run: the task fails with the argument's name, and no text is shown, it may be a secret", async () => {
  const entry = task("one", bgpEcmp, {
    args: value({ tenant: "{{ t }}", name: "x", ebgp: "{{ text }}" }),
    vars: variables({ t: "k8s", text: "hunter22" }),
  });
  const { events } = await run([play(["apic1"], [entry])]);
  const failure = events.flatMap((event) => (event.event === "result" ? [event.failure] : []))[0];
  assert.match(failure?.message ?? "", /^ebgp is a whole number/);
  assert.match(failure?.next ?? "", "underlay doc aci.bgp_ecmp");
  assert.not.match(JSON.stringify(events), "hunter22");
});

test.run();
