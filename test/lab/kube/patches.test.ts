import { suite } from "uvu";
import * as assert from "uvu/assert";
import { shapeOf } from "../../../lab/kube/apply/shape.ts";
import { jsonPatch } from "../../../lab/kube/patch/json-patch.ts";
import { mergePatch } from "../../../lab/kube/patch/merge-patch.ts";
import { strategicMerge } from "../../../lab/kube/patch/strategic-merge.ts";
import type { Json } from "../../../runner/json.ts";

const merge = suite("merge patch, the examples of RFC 7386");

const mergeCases: readonly (readonly [target: Json, patch: Json, result: Json])[] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "foo" }, null, null],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

for (const [target, patch, result] of mergeCases) {
  merge(`${JSON.stringify(target)} + ${JSON.stringify(patch)}`, () => assert.equal(mergePatch(target, patch), result));
}

merge.run();

const json = suite("JSON patch, after the examples of RFC 6902");

const jsonCases: readonly (readonly [target: Json, patch: Json, result: Json | undefined])[] = [
  [{ foo: "bar" }, [{ op: "add", path: "/baz", value: "qux" }], { foo: "bar", baz: "qux" }],
  [{ foo: ["bar", "baz"] }, [{ op: "add", path: "/foo/1", value: "qux" }], { foo: ["bar", "qux", "baz"] }],
  [{ foo: ["bar"] }, [{ op: "add", path: "/foo/-", value: ["abc"] }], { foo: ["bar", ["abc"]] }],
  [{ baz: "qux", foo: "bar" }, [{ op: "remove", path: "/baz" }], { foo: "bar" }],
  [{ foo: ["a", "b", "c"] }, [{ op: "remove", path: "/foo/1" }], { foo: ["a", "c"] }],
  [{ baz: "qux" }, [{ op: "replace", path: "/baz", value: "boo" }], { baz: "boo" }],
  [{ a: { b: 1 }, c: {} }, [{ op: "move", from: "/a/b", path: "/c/d" }], { a: {}, c: { d: 1 } }],
  [{ a: { b: 1 } }, [{ op: "copy", from: "/a", path: "/c" }], { a: { b: 1 }, c: { b: 1 } }],
  [{ "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: 10 }], { "/": 9, "~1": 10 }],
  [{ a: 1 }, [{ op: "test", path: "/a", value: "1" }], undefined],
  [{ a: 1 }, [{ op: "remove", path: "/b" }], undefined],
  [{ a: 1 }, [{ op: "replace", path: "/b", value: 1 }], undefined],
  [{ a: 1 }, [{ op: "add", path: "/b/c", value: 1 }], undefined],
  [{ a: [1] }, [{ op: "add", path: "/a/7", value: 1 }], undefined],
  [{ a: 1 }, [{ op: "frobnicate", path: "/a" }], undefined],
  [{ a: 1 }, { op: "remove" }, undefined],
];

for (const [target, patch, result] of jsonCases) {
  json(`${JSON.stringify(target)} + ${JSON.stringify(patch)}`, () => {
    const patched = jsonPatch(target, patch);
    assert.equal(patched.ok ? patched.value : undefined, result);
  });
}

json.run();

const strategic = suite("strategic merge patch");

const pod = {
  spec: { containers: [{ name: "a", image: "a:1" }], finalizers: ["x"], strategy: { type: "Old", rollingUpdate: { n: 1 } } },
};

const strategicCases: readonly (readonly [title: string, patch: Json, result: Json])[] = [
  [
    "merges lists by their keys",
    {
      spec: {
        containers: [
          { name: "b", image: "b:1" },
          { name: "a", image: "a:2" },
        ],
      },
    },
    {
      ...pod.spec,
      containers: [
        { name: "a", image: "a:2" },
        { name: "b", image: "b:1" },
      ],
    },
  ],
  ["deletes an element", { spec: { containers: [{ name: "a", $patch: "delete" }] } }, { ...pod.spec, containers: [] }],
  [
    "replaces a list",
    { spec: { containers: [{ $patch: "replace" }, { name: "c" }] } },
    { ...pod.spec, containers: [{ name: "c" }] },
  ],
  [
    "keeps only some keys",
    { spec: { strategy: { $retainKeys: ["type"], type: "New" } } },
    { ...pod.spec, strategy: { type: "New" } },
  ],
  ["replaces an object", { spec: { strategy: { $patch: "replace", type: "New" } } }, { ...pod.spec, strategy: { type: "New" } }],
  ["removes from a list of scalars", { spec: { "$deleteFromPrimitiveList/finalizers": ["x"] } }, { ...pod.spec, finalizers: [] }],
  ["ignores the order directive", { spec: { "$setElementOrder/containers": [{ name: "a" }] } }, pod.spec],
  ["removes a field", { spec: { strategy: null, containers: [] } }, { containers: pod.spec.containers, finalizers: ["x"] }],
];

for (const [title, patch, result] of strategicCases) {
  strategic(title, () => assert.equal(strategicMerge(pod, patch, shapeOf({ schema: undefined })), { spec: result }));
}

strategic.run();
