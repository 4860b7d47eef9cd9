import { writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { racksInventory } from "../../bench/racks.ts";
import { isObject } from "../../runner/json.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { workplace } from "../support/command.ts";

/** Issue 3, Show 6: what the fabric part with 128 nodes in three racks asks of the controllers, next to six nodes. */
const test = suite("128 nodes");

const FEW = 6;
const MANY = 128;

interface Asked {
  readonly GET: number;
  readonly POST: number;
  readonly changes: number;
}

/** A first and a second run of the fabric part in a lab of its own. */
async function twice(nodes: number): Promise<readonly Asked[]> {
  const place = workplace();
  try {
    const inventory = path.join(place.directory, "racks.yaml");
    writeFileSync(inventory, racksInventory({ nodes, dual: false }));
    const playbook = path.join(packageRoot, "playbooks", "standard-svi-calico.yaml");
    const run = async (): Promise<Asked> => {
      const { code, events, stderr } = await place.underlay([
        ...["run", playbook, "-i", inventory],
        ...["--tags", "fabric", "-v", "--output", "json"],
      ]);
      assert.is(code, 0, stderr);
      const counts = events.find(({ event, connection }) => event === "requests" && connection === "apic")?.counts;
      const changes = Number(events.find(({ event }) => event === "recap")?.changes);
      return { GET: countOf(counts, "GET"), POST: countOf(counts, "POST"), changes };
    };
    return [await run(), await run()];
  } finally {
    place.remove();
  }
}

function countOf(counts: unknown, name: string): number {
  return isObject(counts) ? Number(counts[name] ?? 0) : Number.NaN;
}

test("requests do not grow with the nodes, changes grow no faster than they", async () => {
  const [[fewFirst, fewSecond], [manyFirst, manySecond]] = [await twice(FEW), await twice(MANY)];
  assert.ok(fewFirst && fewSecond && manyFirst && manySecond);
  if (!(fewFirst && fewSecond && manyFirst && manySecond)) return;
  assert.is(fewFirst.POST, manyFirst.POST, "one POST for each task that changes something");
  // The policy groups of the nodes are read by name, as many in one request as fit into its line.
  const more = Math.ceil(MANY / 50);
  assert.ok(manyFirst.GET <= fewFirst.GET + more, `${manyFirst.GET} GETs, with ${FEW} nodes ${fewFirst.GET}`);
  assert.ok(manySecond.GET <= fewSecond.GET + more, `${manySecond.GET} GETs, with ${FEW} nodes ${fewSecond.GET}`);
  assert.equal([fewSecond.POST, manySecond.POST], [0, 0]);
  assert.equal([fewSecond.changes, manySecond.changes], [0, 0]);
  assert.ok(manyFirst.changes > fewFirst.changes, "more nodes, more objects");
  assert.ok(
    manyFirst.changes / MANY <= fewFirst.changes / FEW,
    `${manyFirst.changes} changes, with ${FEW} nodes ${fewFirst.changes}`,
  );
});

test.run();
