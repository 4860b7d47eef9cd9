import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { expandRange } from "../../runner/load/ranges.ts";
import { loadFiles, mustLoad } from "./load-with.ts";

const playbook = "- hosts: all\n  tasks:\n    - test.note: { text: x }\n";

function literalOf(loaded: Awaited<ReturnType<typeof mustLoad>>, host: string, name: string) {
  const variable = loaded.inventory.hosts.get(host)?.vars.get(name);
  const value = variable?.value.kind === "literal" ? variable.value.value : undefined;
  return variable && [value, variable.origin, variable.source];
}

const test = suite("inventory");

test("all < parent group < group < host, and files beside the inventory win over it", async () => {
  const hosts = `
all:
  vars: { a: all, b: all, c: all, d: all, e: all }
  children:
    site:
      vars: { b: site, c: site, d: site, e: site }
      children:
        racks:
          vars: { c: racks, d: racks, e: racks }
          hosts:
            h1: { d: h1, e: h1 }
`;
  const loaded = await mustLoad({ "playbook.yaml": playbook, "hosts.yaml": hosts, "host_vars/h1.yaml": "e: file\n" });
  assert.equal(literalOf(loaded, "h1", "a"), ["all", "all", "group all"]);
  assert.equal(literalOf(loaded, "h1", "b"), ["site", "group", "group site"]);
  assert.equal(literalOf(loaded, "h1", "c"), ["racks", "group", "group racks"]);
  assert.equal(literalOf(loaded, "h1", "d"), ["h1", "host", "host h1"]);
  assert.equal(literalOf(loaded, "h1", "e"), ["file", "host", "host_vars/h1.yaml"]);
});

test("among equals the last name wins, unless ansible_group_priority says otherwise", async () => {
  const hosts = (priority: string) => `
all:
  children:
    alpha: { vars: { x: alpha${priority} }, hosts: { h1: {} } }
    beta: { vars: { x: beta }, hosts: { h1: {} } }
`;
  const plain = await mustLoad({ "playbook.yaml": playbook, "hosts.yaml": hosts("") });
  assert.is(literalOf(plain, "h1", "x")?.[0], "beta");
  const raised = await mustLoad({ "playbook.yaml": playbook, "hosts.yaml": hosts(", ansible_group_priority: 2") });
  assert.is(literalOf(raised, "h1", "x")?.[0], "alpha");
});

test("a directory of inventories, group_vars as a file and as a directory", async () => {
  const loaded = await mustLoad(
    {
      "playbook.yaml": playbook,
      "inv/one.yaml": "leaves: { hosts: { 'leaf[201:202]': {} } }\napics: { hosts: { apic1: {} } }\n",
      "inv/two.yml": "leaves: { hosts: { leaf203: {} } }\n",
      "inv/group_vars/all.yml": "m: 1\n",
      "inv/group_vars/leaves/b.yaml": "m: 3\n",
      "inv/group_vars/leaves/a.yaml": "m: 2\n",
    },
    { inventories: ["inv"] },
  );
  assert.equal(loaded.inventory.groups.get("leaves"), ["leaf201", "leaf202", "leaf203"]);
  assert.is(loaded.inventory.hosts.get("leaf203")?.kind, "leaf");
  assert.equal(literalOf(loaded, "leaf201", "m"), [3, "group", "group_vars/leaves/b.yaml"]);
  assert.equal(literalOf(loaded, "apic1", "m"), [1, "all", "group_vars/all.yml"]);
});

test("localhost is there without being in all; child groups decide a kind", async () => {
  const hosts = "all:\n  children:\n    nodes: { children: { masters: { hosts: { m1: {} } } } }\n";
  const loaded = await mustLoad({ "playbook.yaml": playbook, "hosts.yaml": hosts });
  assert.is(loaded.inventory.hosts.get("localhost")?.kind, "localhost");
  assert.equal(loaded.inventory.groups.get("all"), ["m1"]);
  assert.is(loaded.inventory.hosts.get("m1")?.kind, "node");
});

test("yes and no are booleans, anchors and merge keys work, !unsafe is literal", async () => {
  const hosts = `
all:
  vars:
    base: &base { x: 1, y: 2 }
    more: { <<: *base, y: 3 }
    flag: yes
    raw: !unsafe "{{ not a template }}"
  hosts: { h1: {} }
`;
  const { evaluator, inventory } = await mustLoad({ "playbook.yaml": playbook, "hosts.yaml": hosts });
  const scope = { host: "h1", layers: [inventory.hosts.get("h1")?.vars ?? new Map()], facts: {}, unknown: {} };
  assert.equal(evaluator.variable("more", scope), { kind: "value", value: { x: 1, y: 3 } });
  assert.equal(evaluator.variable("flag", scope), { kind: "value", value: true });
  assert.equal(evaluator.variable("raw", scope), { kind: "value", value: "{{ not a template }}" });
});

test("an anchor that contains itself is refused", async () => {
  const { diagnostics } = await loadFiles({
    "playbook.yaml": playbook,
    "hosts.yaml": "all:\n  vars:\n    a: &a [1, *a]\n  hosts: { h1: {} }\n",
  });
  assert.equal(
    diagnostics.map(({ rule }) => rule).filter((rule) => rule.startsWith("yaml")),
    ["yaml-alias"],
  );
});

test("extra variables win and are YAML", async () => {
  const files = { "playbook.yaml": playbook, "hosts.yaml": "all: { vars: { n: 1 }, hosts: { h1: {} } }\n" };
  const loaded = await mustLoad(files, { extraVars: ["n=2", "list=[1, a]", "text=a=b"] });
  const scope = {
    host: "h1",
    layers: [loaded.inventory.hosts.get("h1")?.vars ?? new Map(), loaded.extraVars],
    facts: { n: 5 },
    unknown: {},
  };
  assert.equal(loaded.evaluator.variable("n", scope), { kind: "value", value: 2 });
  assert.equal(loaded.evaluator.variable("list", scope), { kind: "value", value: [1, "a"] });
  assert.equal(loaded.evaluator.variable("text", scope), { kind: "value", value: "a=b" });
});

test("property: a numeric range has all numbers from first to last, zeros kept", () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(60), fc.integer({ min: 1, max: 7 }), fc.boolean(), (first, count, step, padded) => {
      const show = (number: number) => (padded ? String(number).padStart(4, "0") : String(number));
      const expanded = expandRange(`h[${show(first)}:${show(first + count)}:${step}].x`);
      assert.ok(expanded.ok);
      const expected: string[] = [];
      for (let number = first; number <= first + count; number += step) expected.push(`h${show(number)}.x`);
      if (expanded.ok) assert.equal(expanded.names, expected);
    }),
  );
});

test("property: the deeper group always wins, whatever the groups are called", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 2, maxLength: 5 }),
      async (names) => {
        const chain = names.reduceRight(
          (inner, name, index) => ({
            [name]: { vars: { who: name }, ...(index === names.length - 1 ? { hosts: { h1: {} } } : { children: inner }) },
          }),
          {},
        );
        const loaded = await mustLoad({ "playbook.yaml": playbook, "hosts.yaml": JSON.stringify({ all: { children: chain } }) });
        assert.is(literalOf(loaded, "h1", "who")?.[0], names.at(-1));
      },
    ),
    { numRuns: 15 },
  );
});

test.run();
