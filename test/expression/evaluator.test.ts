import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Variable } from "../../runner/load/model.ts";
import { Secret } from "../../runner/secret.ts";

import { at, evaluator, password, render, rule, scope, value, vars } from "./render.ts";

const test = suite("expressions");

const values: readonly (readonly [string, unknown])[] = [
  ["{{ 1 + 1 }}", 2],
  ["{{ [1, none, true] }}", [1, null, true]],
  ["{{ none }}", null],
  ["a{{ 1 }}b", "a1b"],
  ["{{ 'x' }} ", "x"],
  ["{{ groups.leaves | map('extract', hostvars, 'node_id') | list }}", [201, 202]],
  ["{{ groups.leaves | map('extract', hostvars) | map(attribute='node_id') | list }}", [201, 202]],
  [
    "{{ groups.leaves | map('extract', hostvars) | pick('node_id', 'inventory_hostname') }}",
    [
      { node_id: 201, inventory_hostname: "leaf1" },
      { node_id: 202, inventory_hostname: "leaf2" },
    ],
  ],
  ["{{ groups.leaves | map('extract', hostvars) | items2dict('inventory_hostname', 'rack_id') }}", { leaf1: 1, leaf2: 2 }],
  ["{{ groups.leaves | map('extract', hostvars) | selectattr('rack_id', 'eq', 2) | map(attribute='node_id') | list }}", [202]],
  ["{{ hostvars.leaf1.own }}", 202],
  ["{{ hostvars['leaf2'].node_id }}", 202],
  ["{{ {'a': 1} | dict2items }}", [{ key: "a", value: 1 }]],
  ["{{ {'a': {'b': 1}} | combine({'a': {'c': 2}}, recursive=true) }}", { a: { b: 1, c: 2 } }],
  ["{{ {'a': {'b': 1}} | combine({'a': {'c': 2}}) }}", { a: { c: 2 } }],
  ["{{ '192.168.2.254/24' | ipaddr('address') }}", "192.168.2.254"],
  ["{{ '192.168.2.254/24' | ipaddr('network') }}", "192.168.2.0/24"],
  ["{{ '192.168.2.254/24' | ipaddr('prefix') }}", 24],
  ["{{ '192.168.2.254/22' | ipaddr('netmask') }}", "255.255.252.0"],
  ["{{ '2001:db8::1/64' | ipaddr('host/prefix') }}", "2001:db8::1/64"],
  ["{{ '192.168.5.0/29' | ipaddr(1) }}", "192.168.5.1/29"],
  ["{{ '192.168.5.0/29' | ipaddr('-2') }}", "192.168.5.6/29"],
  ["{{ 'fd00:2::/125' | ipaddr(-2) }}", "fd00:2::6/125"],
  ["{{ '192.168.1.0/24' | ipsubnet(29, 2) }}", "192.168.1.16/29"],
  ["{{ '192.168.1.0/24' | ipsubnet(29, -1) }}", "192.168.1.248/29"],
  ["{{ '192.168.1.0/24' | ipsubnet(29) }}", 32],
  ["{{ '192.168.144.5' | ipsubnet(20) }}", "192.168.144.0/20"],
  ["{{ 'fd00:2::/56' | ipsubnet(64, 255) }}", "fd00:2:0:ff::/64"],
  ["{{ 'fd00:2::/32' | ipsubnet(64) }}", 4294967296],
  ["{{ '10.0.0.0/8' | nthhost(305) }}", "10.0.1.49"],
  ["{{ '192.168.1.0/24' | nthhost(-1) }}", "192.168.1.255"],
  ["{{ '192.168.1.0/24' | ipsubnet(29, 2) | nthhost(1) }}", "192.168.1.17"],
  ["{{ missing | default(3) }}", 3],
  ["{{ '' | default('x', true) }}", "x"],
  ["{{ 'yes' | bool }}", true],
  ["{{ 'no' | bool }}", false],
  ["{{ '7' | int }}", 7],
  ["{{ {'a': [1, 'x']} | to_json }}", '{"a":[1,"x"]}'],
  ["{{ inventory_hostname }} {{ group_names }}", 'leaf1 ["leaves"]'],
  ["{{ missing is defined }}", false],
];
for (const [text, expected] of values) {
  test(text, async () => assert.equal(await render(text), { kind: "value", value: expected }));
}

const errors: readonly (readonly [string, string])[] = [
  ["{{ missing }}", "undefined-variable: missing is not defined"],
  ["{{ [missing] }}", "undefined-variable: missing is not defined"],
  ["{{ l3out.nme }}", "undefined-variable: l3out.nme is not defined"],
  ["{{ l3out.a.b.c }}", "undefined-variable: l3out.a is not defined"],
  ["{{ hostvars.leaf9.x }}", "undefined-variable: hostvars.leaf9 is not defined"],
  ["{{ a }}", "cyclic-variable: variable a needs itself: a → b → a"],
  ["{{ 'x' | ipaddr('address') }}", "expression: filter ipaddr: this is not an IP address"],
  ["{{ '192.168.1.0/24' | ipsubnet(29, 32) }}", "expression: filter ipsubnet: 192.168.1.0/24 has 32 subnets of /29"],
  ["{{ '192.168.1.0/24' | ipsubnet(22, 0) }}", "expression: filter ipsubnet: 192.168.1.0/24 has 0 subnets of /22"],
  ["{{ '192.168.1.0/29' | ipaddr(8) }}", "expression: filter ipaddr: 192.168.1.0/29 has no address number 8"],
  ["{{ '192.168.1.0/29' | nthhost('x') }}", "expression: filter nthhost needs a number: nthhost(1)"],
  ["{{ hostvars.leaf2.broken }}", "undefined-variable: nothing is not defined"],
  [
    "{{ groups.leaves | map('extract', hostvars) | map(attribute='password') | list }}",
    "undefined-variable: a part of this expression is not defined",
  ],
  ["{{ missing | mandatory }}", "undefined-variable: missing is not defined"],
];
for (const [text, expected] of errors) {
  test(`${text} is refused`, async () =>
    assert.is(await rule(text, { l3out: { name: "x" }, a: "{{ b }}", b: "{{ a }}" }), expected));
}

test("a broken variable of a host hurts only who uses it", async () => {
  assert.equal(await render("{{ hostvars.leaf2.rack_id }}"), { kind: "value", value: 2 });
  assert.equal(await render("{{ fabric.asn }}", { fabric: { asn: 1, password: "{{ env('NOT_SET_AT_ALL') }}" } }), {
    kind: "value",
    value: 1,
  });
});

test("a secret stays one, and what is built from it becomes one", async () => {
  const secrets = new Set<Secret>();
  const engine = await evaluator(secrets);
  const same = engine.render(value("{{ password }}"), scope({ password }));
  assert.is(same.kind === "value" && same.value, password);
  const built = engine.render(value("user:{{ password }}"), scope({ password }));
  assert.is(built.kind === "value" && built.value instanceof Secret && built.value.reveal(), "user:canary-77");
  assert.ok([...secrets].some((secret) => secret.reveal() === "user:canary-77"));
  const deep = engine.render(value("{{ hostvars.leaf1.password }}"), scope({}));
  assert.is(deep.kind === "value" && deep.value, password);
});

for (const text of [
  "{{ password | upper }}",
  "{{ password | replace('c', 'd') }}",
  "{{ password[0:4] }}",
  "{{ password | length }}",
  "{{ password | first }}",
  "{{ password | reverse }}",
]) {
  test(`${text} is refused and shows nothing`, async () => {
    const outcome = await render(text, { password });
    assert.is(outcome.kind, "error", JSON.stringify(outcome));
    assert.not.match(JSON.stringify(outcome), "canary");
  });
}

test("conditions follow Jinja2's truth; a bare undefined name is an error", async () => {
  const engine = await evaluator();
  const truth = (text: string) => {
    const outcome = engine.test({ text, at }, scope({ empty: [], text: "no", zero: 0 }));
    return outcome.kind === "value" ? outcome.value : outcome.kind;
  };
  assert.equal(["empty", "text", "zero", "not zero", "text == 'no'", "missing", "missing is not defined"].map(truth), [
    false,
    true,
    false,
    true,
    true,
    "error",
    true,
  ]);
});

test("facts win over variables, extra variables over facts", async () => {
  const engine = await evaluator();
  const extra: Variable = { value: value(3), origin: "extra", source: "-e" };
  const layers = [vars({ a: 1, b: 1, c: 1 }), new Map([["c", extra]])];
  const outcome = engine.render(value("{{ [a, b, c] }}"), { host: "leaf1", layers, facts: { b: 2, c: 2 }, unknown: {} });
  assert.equal(outcome, { kind: "value", value: [1, 2, 3] });
});

test("unknown names make the outcome unknown, directly, through variables and through hostvars", async () => {
  const engine = await evaluator();
  const unknown = { blocks: "not run in check mode" };
  assert.equal(engine.render(value("{{ blocks.facts }}"), scope({}, { unknown })), { kind: "unknown", reason: unknown.blocks });
  assert.equal(engine.render(value("{{ x }}"), scope({ x: "{{ blocks }}" }, { unknown })), {
    kind: "unknown",
    reason: unknown.blocks,
  });
  engine.learnUnknown("localhost", "blocks", "later");
  assert.equal(engine.render(value("{{ hostvars.localhost.blocks.facts.prefixes }}"), scope({})), {
    kind: "unknown",
    reason: "later",
  });
  assert.equal(engine.render(value("{{ hostvars.leaf1.node_id }}"), scope({})), { kind: "value", value: 201 });
});

test("hostvars has what was learned, also after it was used", async () => {
  const engine = await evaluator();
  assert.is(engine.render(value("{{ hostvars.localhost.blocks }}"), scope({})).kind, "error");
  engine.learn("localhost", "blocks", { facts: { prefixes: ["10.1.0.0/26"] } });
  const outcome = engine.render(value("{{ hostvars.localhost.blocks.facts.prefixes }}"), scope({}));
  assert.equal(outcome, { kind: "value", value: ["10.1.0.0/26"] });
});

test("env() and file() give secrets", async () => {
  process.env.UNDERLAY_TEST_CANARY = "canary-env";
  const outcome = await render("{{ env('UNDERLAY_TEST_CANARY') }}");
  delete process.env.UNDERLAY_TEST_CANARY;
  assert.is(outcome.kind === "value" && outcome.value instanceof Secret && outcome.value.reveal(), "canary-env");
  assert.match(await rule("{{ file('not-there') }}"), "file not-there cannot be read");
});

test("braces in a condition are refused, and names of JavaScript mean nothing", async () => {
  const engine = await evaluator();
  for (const text of ["'x' == 'x' }} {{ 1", "a %} b", "1 -}}"]) {
    const outcome = engine.test({ text, at }, scope({}));
    assert.is(outcome.kind === "error" && outcome.diagnostic.rule, "expression-syntax", text);
  }
  assert.equal(engine.render(value("{{ 1 }}"), scope({})), { kind: "value", value: 1 });
  assert.is(await rule("{{ constructor }}"), "undefined-variable: constructor is not defined");
  assert.is(await rule("{{ a.toString }}", { a: { b: 1 } }), "undefined-variable: a.toString is not defined");
});

test("an endless template ends", async () => {
  assert.match(
    await rule("{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}"),
    "expression-endless",
  );
});

test.run();
