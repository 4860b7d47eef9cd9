import pLimit from "p-limit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Cell, nameOf } from "./cell.ts";
import { type RemovalCell, removeCell } from "./removal-cell.ts";

/**
 * `-e state=absent` takes away exactly what a run made (issue Show 5). Ordinarily some cells that hold everything between them;
 * with UNDERLAY_ALL_CELLS=1 every cell, without ports of our own and with each model of them.
 */
const test = suite("removal");

const all: readonly Cell[] = (["floating", "standard"] as const).flatMap((svi) =>
  (["calico", "kube-router", "cilium"] as const).flatMap((cni) => [false, true].map((dual) => ({ svi, cni, dual }))),
);
const representative: readonly RemovalCell[] = [
  { svi: "floating", cni: "calico", dual: true, ports: undefined },
  { svi: "standard", cni: "kube-router", dual: true, ports: "profiles" },
  { svi: "standard", cni: "cilium", dual: false, ports: "port" },
];
const cells: readonly RemovalCell[] =
  process.env.UNDERLAY_ALL_CELLS === undefined
    ? representative
    : all.flatMap((cell) => ([undefined, "profiles", "port"] as const).map((ports) => ({ ...cell, ports })));

const limit = pLimit(3);
const running = cells.map((cell) => limit(() => removeCell(cell)));
// One that breaks is its own test's failure, and must not end those that have labs running.
for (const each of running) each.catch(() => undefined);

for (const [at, cell] of cells.entries()) {
  test(`${nameOf(cell)}, ports ${cell.ports ?? "there already"}`, async () => {
    const result = await running[at];
    assert.ok(result !== undefined);
    if (result === undefined) return;
    assert.is(result.problem, undefined);
    assert.is(result.secondRun, 0, "changes of the second run");
    assert.equal(result.surprises, [], "check and run differ");
    assert.equal(result.fabric, [], "the policy tree is not as it was");
    assert.equal(result.left, [], "left in the cluster");
    assert.equal(result.dangling, [], "relations without target");
    assert.is(result.secondRemoval, 0, "changes of the second removal");
  });
}

test.run();
