import { readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { type Static, Type } from "#typebox";
import type { Diagnostic } from "../../runner/diagnostic.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { check } from "../../runner/schema.ts";
import { registry } from "../../tasks/index.ts";
import { loadFiles } from "./load-with.ts";

/**
 * For each rule of the white paper that an inventory alone can break: one that breaks it, with the message and where it points, and its nearest
 * neighbour that does not. What task types tell of their arguments is among them. Prints a table.
 */
const test = suite("rules of the paper, offline");

const Change = Type.Object({ before: Type.String(), after: Type.String() }, { additionalProperties: false });
const Cases = Type.Array(
  Type.Object(
    {
      rule: Type.String(),
      design: Type.Optional(Type.Array(Change)),
      breaks: Type.Array(Change, { minItems: 1 }),
      sound: Type.Optional(Type.Array(Change)),
      severity: Type.Enum(["error", "warning"]),
      message: Type.String(),
      at: Type.String(),
    },
    { additionalProperties: false },
  ),
);
type Change = Static<typeof Change>;

function fixture(name: string): string {
  return readFileSync(path.join(packageRoot, "test", "fixtures", "paper-rules", name), "utf8");
}

const INVENTORY = fixture("inventory.yaml");
const PLAYBOOK = fixture("playbook.yaml");

function readCases(): Static<typeof Cases> {
  const read = check(Cases, parse(fixture("cases.yaml")));
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return read.value;
}

function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((found, { before, after }) => {
    if (!found.includes(before)) throw new Error(`the inventory has no ${before}`);
    return found.replace(before, () => after);
  }, text);
}

async function told(inventory: string): Promise<readonly Diagnostic[]> {
  const cni = /cni: \{ name: ([a-z-]+)/.exec(inventory)?.[1] ?? "";
  const others = ["kube-router", "cilium", "calico"].filter((name) => name !== cni);
  const files = { "playbook.yaml": PLAYBOOK, "hosts.yaml": inventory };
  return (await loadFiles(files, { registry, skipTags: others })).diagnostics;
}

/** What stands where a diagnostic points. */
function placeOf({ at }: Diagnostic, inventory: string): string {
  const text = at?.file.endsWith("playbook.yaml") ? PLAYBOOK : inventory;
  return `${(text.split("\n")[(at?.line ?? 1) - 1] ?? "").slice((at?.column ?? 1) - 1)}\n`;
}

const table: string[] = [];

for (const { rule, design = [], breaks, sound = [], severity, message, at } of readCases()) {
  test(`${rule}: ${message}`, async () => {
    const inventory = changed(INVENTORY, [...design, ...breaks]);
    const seen = await told(inventory);
    const found = seen.find((one) => one.rule === rule && one.message.includes(message));
    assert.ok(found, JSON.stringify(seen, null, 2));
    assert.is(found.severity, severity);
    assert.ok(placeOf(found, inventory).startsWith(at), `at: ${placeOf(found, inventory)}`);
    table.push(`| ${rule} | ${severity} | ${found.message} |`);

    const neighbour = changed(INVENTORY, [...design, ...sound]);
    const still = (await told(neighbour)).filter((one) => one.rule === rule);
    assert.equal(still, []);
  });
}

test("the inventory as it is has nothing against it, with each CNI and both designs", async () => {
  const calico = "name: calico, version: v3.31.7";
  for (const cni of [calico, "name: kube-router, version: v2.11.1", "name: cilium, version: 1.19.6"]) {
    for (const svi of ["floating", "standard"]) {
      const inventory = changed(INVENTORY, [
        { before: calico, after: cni },
        { before: "svi: floating", after: `svi: ${svi}` },
      ]);
      assert.equal(await told(inventory), [], `${svi}, ${cni}`);
    }
  }
});

test.after(() => {
  console.log(["", "| rule | severity | message |", "|---|---|---|", ...table].join("\n"));
});

test.run();
