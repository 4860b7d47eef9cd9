import pLimit from "p-limit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { grow } from "./grow.ts";
import { designs, nameOf } from "./site.ts";

/** Six nodes become eight, then seven, with a workload: floating and standard SVI, each CNI. */
const test = suite("growing and shrinking");

/** Labs at a time: a run waits more than it computes. */
const AT_ONCE = 2;

const limit = pLimit(AT_ONCE);
const running = designs.map((design) => limit(() => grow(design)));

for (const [at, design] of designs.entries()) {
  test(nameOf(design), async () => {
    const result = await running[at];
    assert.ok(result !== undefined);
    if (result === undefined) return;
    assert.is(result.problem, undefined);
    for (const { step, changes, again } of result.steps) {
      assert.ok(changes > 0, `${step}: something changed`);
      assert.is(again, 0, `${step}: changes of the second run`);
    }
    assert.equal(result.surprises, [], "check and run differ");
    assert.ok(result.recorded > 0, "the lab recorded something");
    assert.equal(result.blackHoles, [], "a leaf had a route to a node that could not serve it");
    assert.equal(result.left, ["worker-6"], "nodes that no leaf has a route to any more");
  });
}

test("the table", async () => {
  console.log("| design | 6 to 8: changes, again | 8 to 7: changes, again | events recorded | black holes |");
  console.log("|---|---|---|---|---|");
  for (const [at, design] of designs.entries()) {
    const result = await running[at];
    const steps = (result?.steps ?? []).map(({ changes, again }) => `${changes}, ${again}`).join(" | ");
    console.log(`| ${nameOf(design)} | ${steps} | ${result?.recorded} | ${result?.blackHoles.length} |`);
  }
});

test.run();
