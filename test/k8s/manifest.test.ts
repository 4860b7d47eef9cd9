import { suite } from "uvu";
import * as assert from "uvu/assert";
import { manifest } from "../../tasks/k8s/manifest.ts";
import { desired, prepare } from "./fake-cluster.ts";

const test = suite("k8s.manifest");
const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

test("one object or several, with state and force", async () => {
  assert.equal(await desired(manifest, { definition: namespace("a") }), [
    { kind: "manifest", state: "present", object: namespace("a"), force: false },
  ]);
  const several = await desired(manifest, { manifests: [namespace("a"), namespace("b")], state: "absent", force: true });
  assert.equal(
    several.map((resource) =>
      resource.kind === "manifest" ? [resource.object.metadata.name, resource.state, resource.force] : [],
    ),
    [
      ["a", "absent", true],
      ["b", "absent", true],
    ],
  );
});

test("without any object, or without its name, it is refused", () => {
  assert.throws(() => prepare(manifest, {}));
  assert.throws(() => prepare(manifest, { definition: { apiVersion: "v1", kind: "Namespace", metadata: {} } }), /name/);
  assert.throws(() => prepare(manifest, { definition: namespace("a"), bogus: 1 }), /additional/);
});

test.run();
