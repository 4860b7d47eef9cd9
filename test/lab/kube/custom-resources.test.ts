import { suite } from "uvu";
import * as assert from "uvu/assert";
import { startTestCluster, type TestCluster } from "./start.ts";

const test = suite("custom resources");
let lab: TestCluster;

const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "fabrics.example.org" },
  spec: {
    group: "example.org",
    scope: "Namespaced",
    names: { kind: "Fabric", listKind: "FabricList", plural: "fabrics", singular: "fabric" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                required: ["asn"],
                properties: {
                  asn: { type: "integer", minimum: 1, maximum: 4294967295 },
                  mode: { type: "string", enum: ["On", "Off"], default: "On" },
                  port: { "x-kubernetes-int-or-string": true },
                  leaves: {
                    type: "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["id"],
                    items: { type: "object", properties: { id: { type: "integer" }, name: { type: "string" } } },
                  },
                },
              },
              status: { type: "object", properties: { up: { type: "boolean" } } },
            },
          },
        },
      },
    ],
  },
};

const fabric = (spec: unknown, name = "one") => ({
  apiVersion: "example.org/v1",
  kind: "Fabric",
  metadata: { name, namespace: "default" },
  spec,
});

const APPLY = ["apply", "--server-side", "--field-manager=underlay", "-f", "-"];

test.before(async () => {
  lab = await startTestCluster();
  await lab.kubectl(APPLY, definition);
});
test.after(() => lab.close());

test("a definition is Established and its kind served at once", async () => {
  const wait = await lab.kubectl(["wait", "--for=condition=Established", "crd/fabrics.example.org", "--timeout=45s"]);
  assert.is(wait.exitCode, 0, wait.stderr);
  const resources = await lab.kubectl(["api-resources", "--no-headers"]);
  assert.match(resources.stdout, /fabrics\s+example\.org\/v1\s+true\s+Fabric/);
});

test("defaults are filled in", async () => {
  assert.is((await lab.kubectl(APPLY, fabric({ asn: 65002, port: "bgp", leaves: [{ id: 1 }] }))).exitCode, 0);
  assert.is((await lab.kubectl(["get", "fabric", "one", "-o", "jsonpath={.spec.mode}"])).stdout, "On");
});

const refusals: readonly (readonly [title: string, spec: unknown, words: string])[] = [
  ["a missing field", {}, "spec.asn: Required value"],
  ["a wrong type", { asn: "x" }, 'spec.asn in body must be of type integer: "string"'],
  ["a number out of range", { asn: 0 }, "spec.asn in body should be greater than or equal to 1"],
  ["a value that is not in the list", { asn: 1, mode: "Maybe" }, 'Unsupported value: "Maybe": supported values: "On", "Off"'],
  ["an unknown field", { asn: 1, asm: 2 }, ".spec.asm: field not declared in schema"],
];

for (const [title, spec, words] of refusals) {
  test(`apply refuses ${title}`, async () => {
    const refused = await lab.kubectl(APPLY, fabric(spec, "bad"));
    assert.is(refused.exitCode, 1);
    assert.match(refused.stderr, words);
    assert.match((await lab.kubectl(["get", "fabric", "bad"])).stderr, "not found");
  });
}

test("unknown fields of other writes: refused when strict, dropped with a warning otherwise", async () => {
  const strict = await lab.kubectl(["create", "--validate=strict", "-f", "-"], fabric({ asn: 1, asm: 2 }, "strict"));
  assert.match(strict.stderr, 'strict decoding error: unknown field "spec.asm"');
  const warned = await lab.kubectl(["create", "--validate=warn", "-f", "-"], fabric({ asn: 1, asm: 2 }, "warned"));
  assert.is(warned.exitCode, 0);
  assert.match(warned.stderr, 'unknown field "spec.asm"');
  assert.is((await lab.kubectl(["get", "fabric", "warned", "-o", "jsonpath={.spec.asm}"])).stdout, "");
});

test("lists merge by the keys of the schema", async () => {
  const other = ["apply", "--server-side", "--field-manager=other", "-f", "-"];
  assert.is((await lab.kubectl(other, fabric({ asn: 65002, leaves: [{ id: 2, name: "b" }] }))).exitCode, 0);
  assert.is((await lab.kubectl(["get", "fabric", "one", "-o", "jsonpath={.spec.leaves[*].id}"])).stdout, "1 2");
});

test("status is a subresource: the object's writers leave it, its writers leave the object", async () => {
  const status = '{"spec":{"asn":9},"status":{"up":true}}';
  await lab.kubectl(["patch", "fabric", "one", "--subresource=status", "--type=merge", "-p", status]);
  await lab.kubectl(["patch", "fabric", "one", "--type=merge", "-p", '{"status":{"up":false}}']);
  const found = await lab.kubectl(["get", "fabric", "one", "-o", "jsonpath={.spec.asn} {.status.up} {.metadata.generation}"]);
  assert.is(found.stdout, "65002 true 2");
});

test("strategic merge is refused, as for all custom resources", async () => {
  const refused = await lab.kubectl(["patch", "fabric", "one", "--type=strategic", "-p", '{"spec":{"asn":3}}']);
  assert.is(refused.exitCode, 1);
});

test("an object stored in another version is shown as this one's schema has it: other fields pruned, defaults filled in", async () => {
  await lab.kubectl(APPLY, fabric({ asn: 65002, mode: "Off" }, "older"));
  const [v1] = definition.spec.versions;
  const spec = { type: "object", properties: { asn: { type: "integer" }, pod: { type: "integer", default: 1 } } };
  const v2 = { ...v1, name: "v2", schema: { openAPIV3Schema: { type: "object", properties: { spec } } } };
  const versions = [v2, { ...v1, storage: false }];
  const done = await lab.kubectl(APPLY, { ...definition, spec: { ...definition.spec, versions } });
  assert.is(done.exitCode, 0, done.stderr);
  const spec2 = await lab.kubectl(["get", "fabrics.v2.example.org", "older", "-o", "jsonpath={.apiVersion} {.spec}"]);
  assert.is(spec2.stdout, 'example.org/v2 {"asn":65002,"pod":1}');
  const spec1 = await lab.kubectl(["get", "fabrics.v1.example.org", "older", "-o", "jsonpath={.spec.mode}"]);
  assert.is(spec1.stdout, "Off");
  const dry = await lab.kubectl([...APPLY, "--dry-run=server", "-o", "jsonpath={.metadata.generation} {.spec}"], {
    ...fabric({ asn: 65002 }, "older"),
    apiVersion: "example.org/v2",
  });
  assert.is(dry.stdout, '1 {"asn":65002,"pod":1}', "a write that changes nothing in its own version is none");
});

test("without the definition the kind is gone", async () => {
  assert.is((await lab.kubectl(["delete", "crd", "fabrics.example.org"])).exitCode, 0);
  assert.is((await lab.get("/apis/example.org/v1/namespaces/default/fabrics")).status, 404);
  assert.equal(lab.cluster.list("Fabric"), []);
});

test.run();
