import pLimit from "p-limit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Growth, grow, growthName } from "./grow.ts";
import { expectGrowth } from "./grown.ts";
import { designs } from "./site.ts";

/** Six nodes become eight, then seven, with a workload: floating and standard SVI, each CNI. */
const test = suite("growing and shrinking");

/** Labs at a time: a run waits more than it computes. */
const AT_ONCE = 2;

const limit = pLimit(AT_ONCE);
const running = designs.map((design) => limit(() => grow(design)));

for (const [at, design] of designs.entries()) {
  test(growthName(design), async () => {
    const result = await running[at];
    assert.ok(result !== undefined);
    if (result === undefined) return;
    expectGrowth(result);
    const fabricChanges = fabricSizes(result);
    if (design.svi === "floating")
      assert.equal(fabricChanges, [0, 0], "with a floating SVI and prepared ports the fabric has nothing of a node");
    else assert.ok((fabricChanges[0] ?? 0) > 0 && (fabricChanges[1] ?? 0) < 0, "every node has paths of its own");
  });
}

/** Objects more than before, for each step. */
function fabricSizes({ fabric, steps }: Growth): readonly number[] {
  return steps.map((step, index) => step.fabric.size - (steps[index - 1]?.fabric ?? fabric).size);
}

test("the table", async () => {
  console.log(
    "| design | 6 to 8: changes, again | 8 to 7: changes, again | pods evicted | entries in the record | black holes |",
  );
  console.log("|---|---|---|---|---|---|");
  for (const [at, design] of designs.entries()) {
    const result = await running[at];
    const steps = (result?.steps ?? []).map(({ changes, again }) => `${changes}, ${again}`).join(" | ");
    console.log(`| ${growthName(design)} | ${steps} | ${result?.evicted} | ${result?.recorded} | ${result?.blackHoles.length} |`);
  }
  console.log(
    "\nWhat traffic could feel, as the lab recorded it:\n\n| design | step | node | what | times |\n|---|---|---|---|---|",
  );
  for (const [at, design] of designs.entries()) {
    for (const { step, felt } of (await running[at])?.steps ?? []) {
      if (felt.length === 0) console.log(`| ${growthName(design)} | ${step} | none | nothing | 0 |`);
      for (const { node, what, times } of felt) console.log(`| ${growthName(design)} | ${step} | ${node} | ${what} | ${times} |`);
    }
  }
});

test.run();
