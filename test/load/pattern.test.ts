import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Host, Inventory } from "../../runner/load/model.ts";
import { selectHosts } from "../../runner/load/pattern.ts";

const at = { file: "hosts.yaml", line: 1, column: 1, length: 1 };
const names = ["leaf1", "leaf2", "leaf3", "node1", "node2"];
const groups: Readonly<Record<string, readonly string[]>> = {
  all: names,
  leaves: ["leaf1", "leaf2", "leaf3"],
  nodes: ["node1", "node2"],
  rack1: ["leaf1", "leaf2", "node1"],
};
const host = (name: string): Host => ({ name, kind: "other", groups: [], vars: new Map(), at });
const inventory: Inventory = {
  sources: [],
  hosts: new Map([...names, "localhost"].map((name) => [name, host(name)])),
  groups: new Map(Object.entries(groups)),
  children: new Map(),
  lab: false,
};

function hosts(pattern: string): readonly string[] {
  const selected = selectHosts(pattern, inventory);
  return selected.ok ? selected.hosts : [selected.message];
}

const test = suite("host patterns");

const examples: readonly (readonly [string, readonly string[]])[] = [
  ["leaves", ["leaf1", "leaf2", "leaf3"]],
  ["leaves:nodes", names],
  ["node1,leaf1", ["leaf1", "node1"]],
  ["leaves:&rack1", ["leaf1", "leaf2"]],
  ["leaves:!rack1", ["leaf3"]],
  ["all:!leaf*", ["node1", "node2"]],
  ["leaves[0]", ["leaf1"]],
  ["leaves[-1]", ["leaf3"]],
  ["leaves[0:1]", ["leaf1", "leaf2"]],
  ["leaves[1:]", ["leaf2", "leaf3"]],
  ["leaves[9]", []],
  ["*1", ["leaf1", "leaf2", "node1"]],
  ["leaf[!3]", ["leaf1", "leaf2"]],
  ["~(leaf|node)1$", ["leaf1", "node1"]],
  ["localhost", ["localhost"]],
  ["all", names],
  ["!leaf1:leaves:&rack1", ["leaf2"]],
];
for (const [pattern, expected] of examples) test(pattern, () => assert.equal(hosts(pattern), expected));

const term = fc.constantFrom(...Object.keys(groups), ...names);
const set = (name: string): readonly string[] => groups[name] ?? [name];

test("property: union, intersection and exclusion are those of sets", () => {
  fc.assert(
    fc.property(term, term, term, (a, b, c) => {
      const expected = names.filter((name) => (set(a).includes(name) || set(b).includes(name)) && !set(c).includes(name));
      assert.equal(hosts(`${a}:${b}:!${c}`), expected);
      assert.equal(
        hosts(`${a}:&${b}`),
        names.filter((name) => set(a).includes(name) && set(b).includes(name)),
      );
    }),
  );
});

test("property: the order of terms does not matter", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(["leaves", "rack1", "!leaf1", "&all", "nodes"], { minLength: 2 }), (terms) => {
      assert.equal(hosts(terms.join(":")), hosts(terms.toSorted().join(",")));
    }),
  );
});

test.run();
