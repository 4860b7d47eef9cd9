import pLimit from "p-limit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Cell, type CellResult, type Count, nameOf, runCell } from "./cell.ts";

/** Every cell of the white paper's table through the real command: 2 designs, 3 CNIs, IPv4 and dual stack. */
const test = suite("the table of designs");

/** Labs at a time: a run waits more than it computes. */
const AT_ONCE = 3;

const cells: readonly Cell[] = (["floating", "standard"] as const).flatMap((svi) =>
  (["calico", "kube-router", "cilium"] as const).flatMap((cni) => [false, true].map((dual) => ({ svi, cni, dual }))),
);

const limit = pLimit(AT_ONCE);
const running = cells.map((cell) => limit(() => runCell(cell)));

const NODES = 6;
const LEAVES_OF_A_NODE = 2;
const LEAVES = 4;

for (const [at, cell] of cells.entries()) {
  test(nameOf(cell), async () => {
    const result = await running[at];
    assert.ok(result !== undefined);
    if (result === undefined) return;
    assert.is(result.problem, undefined);
    const families = cell.dual ? 2 : 1;
    const sessions = NODES * LEAVES_OF_A_NODE * families;
    assert.equal(result.sessions, { found: sessions, expected: sessions }, "sessions in the cluster");
    const perLeaf = sessions / LEAVES;
    assert.equal(
      result.leafSessions,
      Array.from({ length: LEAVES }, () => ({ found: perLeaf, expected: perLeaf })),
      "sessions on the leaves",
    );
    assert.is(result.leafRoutes.length, LEAVES);
    for (const { found, expected } of result.leafRoutes) {
      assert.ok(expected >= NODES * families, `${expected} routes are too few to hold one for the pods of each node`);
      assert.is(found, expected);
    }
    assert.is(result.serviceRoutes.length, LEAVES, "every leaf is asked for the service's routes");
    assert.is(
      result.serviceRoutes.some((text) => text.includes(" via ")),
      true,
      "some leaf has an endpoint",
    );
    assert.is(result.secondRun, 0, "changes of the second run");
    assert.equal(result.surprises, [], "check and run differ");
  });
}

test("the table", async () => {
  const results = await Promise.all(running);
  for (const line of table(results)) console.log(line);
});

function table(results: readonly CellResult[]): string[] {
  const count = ({ found, expected }: Count) => `${found}/${expected}`;
  const all = (counts: readonly Count[]) => counts.map(count).join(" ");
  const head = [
    "design, CNI, families",
    "sessions",
    "on each leaf",
    "pod and service ranges",
    "service",
    "second run",
    "check = run",
  ];
  const rows = results.map((result) => [
    nameOf(result.cell),
    count(result.sessions),
    all(result.leafSessions),
    all(result.leafRoutes),
    result.serviceRoutes
      .map((text) => (text.match(/ via ([^;]*)/)?.[1] ?? "").split(", ").filter((hop) => hop !== "").length)
      .join(" "),
    `${result.secondRun} changes`,
    result.surprises.length === 0 ? "yes" : "NO",
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

test.run();
