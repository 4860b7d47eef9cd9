import { suite } from "uvu";
import * as assert from "uvu/assert";
import { planSize } from "../../runner/cli/plan-size.ts";
import { scriptedRun } from "../report/scripted-run.ts";

/** What is said before the question whether to write. */
const test = suite("size of a plan");

test("changes, what is not foreseeable and failures are counted; failures are told in full", () => {
  const size = planSize();
  for (const event of scriptedRun(3)) size.emit(event);
  assert.ok(size.any() && size.failed());
  const lines = size.lines();
  assert.is(lines.at(-1), "1 change on 1 host, 2 not foreseeable, 1 host failed in the check");
  assert.ok(lines.includes("failed: node1") && lines.some((line) => line.startsWith("  next ")), lines.join("\n"));
});

test("with nothing but failures there is nothing to ask", () => {
  const size = planSize();
  for (const event of scriptedRun(1).filter(({ event }) => event !== "change")) size.emit(event);
  assert.equal([size.any(), size.failed()], [false, true]);
});

test.run();
