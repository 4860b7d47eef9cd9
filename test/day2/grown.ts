import * as assert from "uvu/assert";
import { differences } from "../designs/fabric-tree.ts";
import { type Growth, LEAVING } from "./grow.ts";
import { NEWCOMERS } from "./site.ts";

/** What every design must keep to when six nodes become eight, then seven. */
export function expectGrowth(growth: Growth): void {
  assert.is(growth.problem, undefined);
  for (const { step, changes, again, surprises } of growth.steps) {
    assert.ok(changes > 0, `${step}: something changed`);
    assert.is(again, 0, `${step}: changes of the second run`);
    assert.equal(surprises, [], `${step}: check and run differ`);
  }
  assert.ok(growth.recorded > 0, "the lab recorded something");
  assert.equal(growth.blackHoles, [], "a leaf had a route to a node that could not serve it");
  assert.equal(growth.left, [LEAVING], "nodes that no leaf has a route to any more");
  expectOthersInPeace(growth);
  expectFabric(growth);
  assert.equal(growth.drift, [], "the design's own playbook finds nothing to do for the seven");
}

/** Traffic of nodes that neither join nor leave feels nothing; that of the node that leaves has been moved. */
function expectOthersInPeace({ steps, evicted }: Growth): void {
  const [joined, left] = steps;
  const newcomers = new Set(NEWCOMERS.map(({ name }) => name));
  assert.equal(
    joined?.felt.filter(({ node }) => !newcomers.has(node)),
    [],
    "6 to 8: others felt it",
  );
  assert.equal(
    left?.felt.filter(({ node }) => node !== LEAVING),
    [],
    "8 to 7: others felt it",
  );
  assert.ok(evicted > 0, "there was something to drain");
  const gone = left?.felt.find(({ what }) => what === "pod of a workload gone");
  assert.is(gone?.times, evicted, "pods that were drained");
  const lost =
    left?.felt.filter(({ what }) => what.startsWith("session ") || what.endsWith(" gone")).map(({ what }) => what) ?? [];
  assert.ok(
    lost.some((what) => what.startsWith("session with leaf ")),
    "the record has the end of its sessions",
  );
  assert.ok(
    lost.some((what) => what.startsWith("route on leaf ")),
    "the record has the end of its routes",
  );
  assert.not(
    left?.felt.some(({ what }) => what.endsWith(" stale")),
    "routes were withdrawn, not lost",
  );
}

/** A node brings its own objects to the fabric, and takes them away; nothing else changes. */
function expectFabric({ fabric, steps }: Growth): void {
  const [eight, seven] = steps.map((step) => step.fabric);
  assert.ok(eight !== undefined && seven !== undefined);
  if (eight === undefined || seven === undefined) return;
  const brought = new Set(differences(fabric, eight));
  assert.equal(
    [...brought].filter((line) => !line.startsWith("+ ")),
    [],
    "6 to 8: changed what others have",
  );
  const taken = differences(eight, seven);
  assert.equal(
    taken.filter((line) => !brought.has(line.replace(/^- /, "+ "))),
    [],
    "8 to 7: changed what others have",
  );
  assert.equal(
    [...seven.keys()].filter((dn) => dn.includes(LEAVING) && !fabric.has(dn)),
    [],
    "the fabric has nothing of a node that left",
  );
}
