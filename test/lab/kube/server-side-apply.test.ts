import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { trackUpdate } from "../../../lab/kube/apply/managers.ts";
import { type Applied, serverSideApply } from "../../../lab/kube/apply/server-side-apply.ts";
import { shapeOf } from "../../../lab/kube/apply/shape.ts";
import { isKubeObject, type KubeObject, objectAt, valueAt } from "../../../lab/kube/objects/kube-object.ts";
import type { Json, JsonObject } from "../../../runner/json.ts";

const shape = shapeOf({ schema: undefined });

function object(fields: JsonObject): KubeObject {
  const made: Json = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, ...fields };
  if (!isKubeObject(made)) throw new Error("not an object");
  return made;
}

function apply(live: KubeObject | undefined, config: KubeObject, manager: string, force = false): Applied {
  const writer = { manager, apiVersion: "apps/v1", subresource: "" };
  return serverSideApply({ live, config, writer, force, shape });
}

function applied(live: KubeObject | undefined, config: KubeObject, manager: string, force = false): KubeObject {
  const result = apply(live, config, manager, force);
  if (!result.ok) throw new Error(JSON.stringify(result.conflicts));
  return result.object;
}

function spec(value: JsonObject): KubeObject {
  return object({ spec: value });
}

const test = suite("server-side apply");

test("a second manager may say the same, but not something else", () => {
  const live = applied(undefined, spec({ replicas: 2 }), "a");
  assert.ok(apply(live, spec({ replicas: 2 }), "b").ok);
  const refused = apply(live, spec({ replicas: 3 }), "b");
  assert.equal(refused.ok ? [] : refused.conflicts, [{ manager: '"a"', field: ".spec.replicas" }]);
});

test("force takes a field away from its owner", () => {
  const live = applied(undefined, spec({ replicas: 2, paused: true }), "a");
  const taken = applied(live, spec({ replicas: 3 }), "b", true);
  assert.is(objectAt(taken, "spec").replicas, 3);
  // What a still owns it may still remove; what it lost stays.
  const dropped = applied(taken, spec({}), "a");
  assert.equal(objectAt(dropped, "spec"), { replicas: 3 });
});

test("an update owns what it changed, and an apply names it with its version", () => {
  const live = applied(undefined, spec({ replicas: 2 }), "a");
  const writer = { manager: "kubectl-edit", apiVersion: "apps/v1", subresource: "" };
  const edited = trackUpdate(live, { ...live, spec: { replicas: 5 } }, shape, writer);
  const refused = apply(edited, spec({ replicas: 2 }), "a");
  assert.equal(refused.ok ? [] : refused.conflicts, [{ manager: '"kubectl-edit" using apps/v1', field: ".spec.replicas" }]);
});

test("containers merge by name, ports by number and protocol", () => {
  const pod = (containers: Json) => spec({ template: { spec: { containers } } });
  const first = applied(undefined, pod([{ name: "a", image: "a:1", ports: [{ containerPort: 80 }] }]), "one");
  const both = applied(
    first,
    pod([
      { name: "a", ports: [{ containerPort: 81 }] },
      { name: "b", image: "b:1" },
    ]),
    "two",
  );
  const containers = valueAt(both, "spec", "template", "spec", "containers");
  assert.equal(containers, [
    { name: "a", image: "a:1", ports: [{ containerPort: 80 }, { containerPort: 81 }] },
    { name: "b", image: "b:1" },
  ]);
  const gone = applied(both, pod([{ name: "a", ports: [{ containerPort: 81 }] }]), "two");
  assert.equal(valueAt(gone, "spec", "template", "spec", "containers"), [
    { name: "a", image: "a:1", ports: [{ containerPort: 80 }, { containerPort: 81 }] },
  ]);
});

test("a list element that somebody else has fields in stays, without what was ours", () => {
  const pod = (containers: Json) => spec({ template: { spec: { containers } } });
  const first = applied(undefined, pod([{ name: "a", image: "a:1" }]), "one");
  const both = applied(first, pod([{ name: "a", command: ["x"] }]), "two");
  const left = applied(both, pod([]), "one");
  assert.equal(valueAt(left, "spec", "template", "spec", "containers"), [{ name: "a", command: ["x"] }]);
});

test("lists without keys are one field", () => {
  const live = applied(undefined, spec({ args: ["a", "b"] }), "one");
  const refused = apply(live, spec({ args: ["a"] }), "two");
  assert.equal(refused.ok ? [] : refused.conflicts.map((conflict) => conflict.field), [".spec.args"]);
});

test("lists and maps of a custom resource merge as its schema says", () => {
  const schema: JsonObject = {
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: {
          peers: {
            type: "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["ip"],
            items: { type: "object" },
          },
          names: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
          whole: { type: "object", "x-kubernetes-map-type": "atomic" },
        },
      },
    },
  };
  const custom = shapeOf({ schema });
  const by = (manager: string, live: KubeObject | undefined, value: JsonObject) =>
    serverSideApply({
      live,
      config: spec(value),
      writer: { manager, apiVersion: "v1", subresource: "" },
      force: false,
      shape: custom,
    });
  const one = by("one", undefined, { peers: [{ ip: "1", as: 1 }], names: ["x"], whole: { a: 1 } });
  assert.ok(one.ok);
  const two = by("two", one.ok ? one.object : undefined, { peers: [{ ip: "2", as: 2 }], names: ["y"] });
  assert.equal(two.ok ? objectAt(two.object, "spec") : undefined, {
    peers: [
      { ip: "1", as: 1 },
      { ip: "2", as: 2 },
    ],
    names: ["x", "y"],
    whole: { a: 1 },
  });
  const refused = by("two", one.ok ? one.object : undefined, { whole: { b: 2 } });
  assert.equal(refused.ok ? [] : refused.conflicts.map((conflict) => conflict.field), [".spec.whole"]);
});

test("an object from before field management belongs to somebody", () => {
  const refused = apply(spec({ replicas: 1 }), spec({ replicas: 2 }), "a");
  assert.equal(refused.ok ? [] : refused.conflicts, [{ manager: '"before-first-apply" using apps/v1', field: ".spec.replicas" }]);
});

test.run();

const properties = suite("server-side apply, properties");

const scalar = fc.constantFrom<Json>(1, 2, "x", "y", true);
const key = fc.constantFrom("a", "b", "c");
const containers = fc
  .uniqueArray(fc.record({ name: key, image: scalar }), { selector: (entry) => entry.name, maxLength: 3 })
  .map((list): Json => list);
const field = fc.oneof(
  scalar,
  fc.dictionary(key, scalar).map((map): Json => map),
  fc.array(scalar, { maxLength: 2 }).map((list): Json => list),
);
const config = fc
  .record({ own: fc.dictionary(key, field, { maxKeys: 3 }), containers })
  .map(({ own, containers: list }) => spec({ ...own, containers: list }));

/** Fields of `one` and of `two` never meet: each stands under a name of its own. */
function apart(value: KubeObject, name: string): KubeObject {
  return spec({ [name]: objectAt(value, "spec") });
}

properties("applying again changes nothing, not even the bookkeeping", () => {
  fc.assert(
    fc.property(config, config, (first, second) => {
      const live = applied(applied(undefined, first, "a"), second, "b", true);
      assert.equal(applied(live, second, "b"), live);
    }),
  );
});

properties("what is applied is what is there", () => {
  fc.assert(
    fc.property(config, config, (first, second) => {
      const live = applied(applied(undefined, first, "a"), second, "a");
      assert.equal(sorted(objectAt(live, "spec")), sorted(objectAt(second, "spec")));
    }),
  );
});

properties("a field that only we own goes with us, others' fields stay", () => {
  fc.assert(
    fc.property(config, config, (mine, theirs) => {
      const others = applied(undefined, apart(theirs, "theirs"), "b");
      const both = applied(others, apart(mine, "mine"), "a");
      const left = applied(both, object({}), "a");
      assert.equal(objectAt(left, "spec"), objectAt(others, "spec"));
      assert.equal(left.metadata.managedFields, others.metadata.managedFields);
    }),
  );
});

properties("an unforced apply never changes a field of another manager", () => {
  fc.assert(
    fc.property(config, config, (theirs, mine) => {
      const live = applied(undefined, theirs, "b");
      const result = apply(live, mine, "a");
      if (!result.ok) return;
      const again = apply(result.object, theirs, "b");
      assert.ok(again.ok);
      assert.equal(again.ok ? objectAt(again.object, "spec") : {}, objectAt(result.object, "spec"));
    }),
  );
});

/** Lists by name: an apply keeps the order it finds. */
function sorted(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (name: string, entry: Json): Json => {
    if (name !== "containers" || !Array.isArray(entry)) return entry;
    return entry.toSorted((a: Json, b: Json) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  });
}

properties.run();
