import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isObject } from "../../runner/json.ts";
import { failureOf } from "../designs/cell.ts";
import type { Outcome } from "../support/command.ts";
import { type NewNode, site } from "./site.ts";

/** Ten nodes in one run cost no more kubectl processes than one, but for the waiting. */
const test = suite("kubectl processes");

function newcomers(count: number): readonly NewNode[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `worker-${index + 5}`,
    rack: 1 + (index % 2),
    address: `192.168.2.${index + 10}/24`,
  }));
}

/** kubectl processes of a run, and those that only waited: looks of a probe after its first. */
async function cost(
  count: number,
): Promise<{ readonly kubectl: number; readonly waits: number; readonly problem: string | undefined }> {
  const at = site({ svi: "floating", cni: "calico" });
  try {
    await at.run("floating-svi-calico");
    const nodes = newcomers(count);
    at.addNodes(nodes);
    const limit = nodes.map(({ name }) => name).join(",");
    // All of them in one batch.
    const run = await at.run("day2/add-node", "--limit", limit, "-e", "join=true", "-e", "serial=100%", "-v");
    return {
      kubectl: requests(run, "kubectl"),
      waits: run.events.filter(({ event }) => event === "retry").length,
      problem: run.code === 0 ? undefined : failureOf(run),
    };
  } finally {
    at.remove();
  }
}

function requests(run: Outcome, name: string): number {
  return run.events.reduce((sum, { event, counts }) => {
    const count = event === "requests" && isObject(counts) ? counts[name] : 0;
    return sum + (typeof count === "number" ? count : 0);
  }, 0);
}

test("ten nodes cost what one costs", async () => {
  const [one, ten] = await Promise.all([cost(1), cost(10)]);
  assert.is(one.problem, undefined);
  assert.is(ten.problem, undefined);
  console.log(`| nodes | kubectl processes | looks again |`);
  console.log(`| 1 | ${one.kubectl} | ${one.waits} |`);
  console.log(`| 10 | ${ten.kubectl} | ${ten.waits} |`);
  assert.ok(one.kubectl > 0);
  assert.ok(
    ten.kubectl - ten.waits <= one.kubectl,
    `${ten.kubectl} processes, ${ten.waits} of them waiting, against ${one.kubectl}`,
  );
});

test.run();
