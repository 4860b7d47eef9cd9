import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { contentOf, differenceOf, toJson } from "../../../runner/connect/kube/compare-objects.ts";
import { isObject } from "../../../runner/json.ts";

const test = suite("differences of objects");

/** Objects as Kubernetes has them: no null fields. */
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, fc.string(), fc.integer(), fc.boolean(), fc.array(tie("any"), { maxLength: 3 }), tie("object")),
  object: fc.dictionary(fc.constantFrom("a", "b", "c", "d"), tie("any"), { maxKeys: 4, noNullPrototype: true }),
})).object;

/** The same with its keys the other way round. */
function reversed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(reversed);
  if (!isObject(part)) return part;
  return Object.fromEntries(
    Object.entries(part)
      .reverse()
      .map(([name, field]) => [name, reversed(field)]),
  );
}

/** Lays a difference over an object: null takes a field away. */
function patched(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  const kept = { ...base };
  for (const [name, field] of Object.entries(over)) {
    if (field === null) delete kept[name];
    else kept[name] = patched(base[name], field);
  }
  return kept;
}

test("equal objects do not differ, whatever the order of their fields", () => {
  fc.assert(fc.property(value, (object) => assert.is(differenceOf(object, reversed(object)), undefined)));
});

test("before and after are patches that lead from one side to the other", () => {
  fc.assert(
    fc.property(value, value, (one, other) => {
      const difference = differenceOf(one, other);
      assert.equal(patched(one, difference?.after ?? {}), toJson(other));
      assert.equal(patched(other, difference?.before ?? {}), toJson(one));
    }),
  );
});

test("what the server, kubectl and Calico's API server add is not content", () => {
  const content = contentOf({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "x",
      uid: "u",
      generation: 2,
      resourceVersion: "1",
      labels: { a: "b" },
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", "projectcalico.org/metadata": "{}", own: "1" },
    },
    data: { a: "1" },
    status: { seen: true },
  });
  assert.equal(content, { metadata: { labels: { a: "b" }, annotations: { own: "1" } }, data: { a: "1" } });
});

test.run();
