import { suite } from "uvu";
import * as assert from "uvu/assert";
import { OUTAGE_AFTER, outageAfter } from "../../lab/outage-after.ts";
import { parseFaults } from "../../runner/cli/lab-faults.ts";

const test = suite("an outage in the middle of a run");

test("after 0 writes it begins with the first write, not with a question", async () => {
  const outage = outageAfter("0:1");
  assert.is(outage.meets(false), false);
  assert.is(outage.meets(true), true);
  assert.is(outage.meets(false), true);
  await new Promise((resolve) => setTimeout(resolve, 1050));
  assert.is(outage.meets(true), false, "once, and over");
});

test("after so many writes it begins with whatever comes next", () => {
  const outage = outageAfter("2:9");
  outage.written();
  assert.is(outage.meets(true), false);
  outage.written();
  assert.is(outage.meets(false), true);
});

test("no such fault: never", () => assert.is(outageAfter(undefined).meets(true), false));

test("the command takes writes and seconds, and says so", () => {
  assert.ok(parseFaults(["apic.503_after=0:30", "kube.refuse_after=2:5"]).ok);
  const wrong = parseFaults(["kube.refuse_after=5"]);
  assert.match(wrong.ok ? "" : wrong.problems.join(), "kube.refuse_after takes writes and seconds, such as 2:30");
  assert.not.ok(OUTAGE_AFTER.test("1:0"));
});

test.run();
