import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Secret } from "../../runner/secret.ts";
import { evaluator, render, rule, scope, value } from "./render.ts";

const test = suite("guarded paths and compared secrets");

const guarded: readonly (readonly [string, unknown])[] = [
  ["{{ a.b.c | default('x') }}", "x"],
  ["{{ nowhere.b.c | default('x') }}", "x"],
  ["{{ a['b'].c | default(nowhere.x | default('y')) }}", "y"],
  ["{{ a[key].c.d | d('x') }}", "x"],
  ["{{ a.list[7].name | default('x') }}", "x"],
  ["{{ a.list[-1].name | default('x') }}", "last"],
  ["{{ a.one.two | default('x') }}", 2],
  ["{{ a.b.c is defined }}", false],
  ["{{ a.b.c is not defined and a.one.two is defined }}", true],
  ["{{ a.b.c.d is undefined }}", true],
  ["{{ hostvars['leaf1'].nothing.here | default('x') }}", "x"],
  ["{{ hostvars[other].node_id | default('x') }}", 202],
  ["{{ a.one.items() | list | length }}", 1],
  ["{% if a.b.c is defined %}yes{% else %}no{% endif %}", "no"],
  ["{% for it in a.list %}{{ it.name.first | default('x') }}{% endfor %}", "xx"],
];
for (const [text, expected] of guarded) {
  test(`a guard holds for the whole path: ${text}`, async () => {
    const data = { a: { one: { two: 2 }, list: [{ name: "first" }, { name: "last" }] }, key: "b", other: "leaf2" };
    assert.equal(await render(text, data), { kind: "value", value: expected });
  });
}

test("a path without a guard is still an error, also beside a guarded one", async () => {
  assert.is(await rule("{{ (a.b.c | default(1)) + a.b.c }}", { a: {} }), "undefined-variable: a.b is not defined");
});

for (const text of [
  "{{ pw == 'x' }}",
  "{{ 'x' != pw }}",
  "{{ pw in ['x', 'y'] }}",
  "{{ pw not in ['x'] }}",
  "{{ 'x' in pw }}",
  "{{ true and (all.pw | default('')) == 'x' }}",
  "{{ 'weak' if pw == 'x' else 'good' }}",
  "{{ [1, pw == name] }}",
  "a{% if pw == 'x' %}b{% endif %}",
]) {
  test(`a secret is not compared with plain text: ${text}`, async () => {
    const pw = new Secret("canary-78");
    assert.match(await rule(text, { pw, all: { pw }, name: "n" }), /^secret-compared: (all\.)?pw is a secret/);
  });
}

test("what stands beside a secret may be compared, and secrets with each other", async () => {
  const data = { pw: new Secret("canary-78"), same: new Secret("canary-78"), other: new Secret("o"), n: 1 };
  assert.equal(await render("{{ n == 1 and pw is defined and n in [1] }}", data), { kind: "value", value: true });
  assert.equal(await render("{{ [pw == same, pw == other, n == 1] }}", data), { kind: "value", value: [true, false, true] });
  const text = await render("a == {{ pw }}", data);
  assert.ok(text.kind === "value" && text.value instanceof Secret && text.value.reveal() === "a == canary-78");
});

test("an expression is asked anew when a value or another host's fact changed", async () => {
  const engine = await evaluator();
  const ask = (text: string, data: Record<string, unknown>) => engine.render(value(text), scope(data));
  for (const n of [1, 1, 2]) assert.equal(ask("{{ n + 1 }}", { n }), { kind: "value", value: n + 1 });
  for (const list of [[1], [2]]) assert.equal(ask("{{ list | first }}", { list }), { kind: "value", value: list[0] });
  const learned = "{{ hostvars['leaf2'].late | default(0) }}";
  assert.equal(ask(learned, {}), { kind: "value", value: 0 });
  engine.learn("leaf2", "late", 7);
  assert.equal(ask(learned, {}), { kind: "value", value: 7 });
});

test.run();
