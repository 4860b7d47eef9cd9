import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { HelmRelease, KubeObject, Manifest } from "../../../runner/connect/cluster.ts";
import { withStandIn } from "./session.ts";
import { type Answer, API_RESOURCES, listOf } from "./stand-in.ts";

const test = suite("check mode on the cluster");
const check = { check: true };

const operator: HelmRelease = {
  kind: "release",
  state: "present",
  name: "calico",
  namespace: "tigera-operator",
  createNamespace: true,
  chart: "tigera-operator",
  version: "v3.31.7",
  values: {},
  brings: ["installations.operator.tigera.io", "bgpfilters.projectcalico.org"],
  timeoutSeconds: 10,
};
const noRelease: Answer = { program: "helm", when: "^get metadata", stderr: "Error: release: not found\n", exit: 1 };
const nothing: Answer = { program: "kubectl", when: "^get -f -" };
const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };

function present(object: KubeObject): Manifest {
  return { kind: "manifest", state: "present", object };
}

function configMap(data: Record<string, string>, name = "x"): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop" }, data };
}

test("there is no writer", async () => {
  await withStandIn([], async (session) => assert.is(session.connection().writer, undefined), check);
});

test("a kind that a planned release brings is unknown, with the reason", async () => {
  await withStandIn(
    [API_RESOURCES, noRelease, nothing],
    async (session) => {
      const { plan } = session.connection();
      const release = await plan([operator]);
      assert.ok(release.ok);
      if (release.ok) release.value.project();
      const filter = { apiVersion: "projectcalico.org/v3", kind: "BGPFilter", metadata: { name: "f" } };
      const planned = await plan([present(filter)]);
      assert.ok(planned.ok);
      if (!planned.ok) return;
      assert.equal(planned.value.changes, []);
      assert.equal(planned.value.unknown, [
        {
          target: "bgpfilter.projectcalico.org f",
          reason: "kind BGPFilter (projectcalico.org/v3) comes with release tigera-operator/calico, which is only planned",
        },
      ]);
    },
    check,
  );
});

test("a kind that is served, but not in the version that a planned release brings, is unknown too", async () => {
  const definition = (versions: readonly string[]) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "bgppeers.projectcalico.org" },
    spec: { versions: versions.map((name) => ({ name, served: true })) },
  });
  const peer = { apiVersion: "projectcalico.org/v4", kind: "BGPPeer", metadata: { name: "201" } };
  for (const [versions, expected] of [
    [["v3"], ["unknown bgppeer.projectcalico.org 201"]],
    [["v3", "v4"], ["create bgppeer.projectcalico.org 201"]],
  ] as const) {
    await withStandIn(
      [
        API_RESOURCES,
        noRelease,
        { program: "kubectl", when: "^get -f -", stdout: listOf(definition(versions)), times: 1 },
        nothing,
        { program: "kubectl", when: "--dry-run", stdout: listOf(peer) },
      ],
      async (session) => {
        const { plan } = session.connection();
        const release = await plan([{ ...operator, createNamespace: false, brings: ["bgppeers.projectcalico.org"] }]);
        if (release.ok) release.value.project();
        const planned = await plan([present(peer)]);
        assert.ok(planned.ok, JSON.stringify(planned));
        if (!planned.ok) return;
        const { changes, unknown } = planned.value;
        const found = [...changes.map((one) => `${one.action} ${one.target}`), ...unknown.map((one) => `unknown ${one.target}`)];
        assert.equal(found, expected);
      },
      check,
    );
  }
});

test("a kind that nobody brings is a failure", async () => {
  await withStandIn(
    [API_RESOURCES],
    async (session) => {
      const planned = await session
        .connection()
        .plan([present({ apiVersion: "a.org/v1", kind: "Thing", metadata: { name: "x" } })]);
      assert.not.ok(planned.ok);
      if (!planned.ok) assert.match(planned.failure.message, "Thing");
    },
    check,
  );
});

test("objects in a namespace that an operator will make are predicted, without asking for a dry run", async () => {
  await withStandIn(
    [API_RESOURCES, noRelease, nothing],
    async (session) => {
      const { plan } = session.connection();
      const release = await plan([operator]);
      if (release.ok) release.value.project();
      const planned = await plan([present(configMap({ a: "1" }))]);
      assert.ok(planned.ok);
      if (planned.ok) assert.equal(planned.value.changes[0]?.action, "create");
    },
    check,
  );
});

test("a namespace that nobody makes is a failure", async () => {
  await withStandIn(
    [API_RESOURCES, nothing],
    async (session) => {
      const planned = await session.connection().plan([present(configMap({}))]);
      assert.not.ok(planned.ok);
      if (!planned.ok) assert.match(planned.failure.message, "namespace shop does not exist");
    },
    check,
  );
});

test("a namespace planned earlier is there for later tasks, and what was planned is not planned again", async () => {
  await withStandIn(
    [
      API_RESOURCES,
      nothing,
      { program: "kubectl", when: "--dry-run", stdout: listOf(namespace) },
      { program: "kubectl", when: "^get configmaps", stdout: listOf() },
    ],
    async (session) => {
      const { plan, reader } = session.connection();
      for (const object of [namespace, configMap({ a: "1" })]) {
        const planned = await plan([present(object)]);
        assert.ok(planned.ok && planned.value.changes.length === 1);
        if (planned.ok) planned.value.project();
      }
      const again = await plan([present(configMap({ a: "1" }))]);
      assert.ok(again.ok && again.value.changes.length === 0);
      const other = await plan([present(configMap({ a: "2" }))]);
      assert.ok(other.ok);
      if (other.ok) assert.equal(other.value.changes[0]?.before, { data: { a: "1" } });
      const read = await reader.objects([{ apiVersion: "v1", kind: "ConfigMap", name: "x", namespace: "shop" }]);
      assert.equal(read, { ok: true, value: [configMap({ a: "1" })] });
      const listed = await reader.list("configmaps");
      assert.ok(listed.ok && listed.value?.length === 1);
    },
    check,
  );
});

test("a kind whose CRD stands in the same task is predicted", async () => {
  const crd: KubeObject = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.a.org" },
    spec: { group: "a.org", names: { kind: "Thing", plural: "things" } },
  };
  const thing: KubeObject = { apiVersion: "a.org/v1", kind: "Thing", metadata: { name: "x" }, spec: { size: 1 } };
  await withStandIn(
    [API_RESOURCES, nothing, { program: "kubectl", when: "--dry-run", stdout: listOf(crd) }],
    async (session) => {
      const planned = await session.connection().plan([present(crd), present(thing)]);
      assert.ok(planned.ok);
      if (!planned.ok) return;
      assert.equal(
        planned.value.changes.map(({ target }) => target),
        ["customresourcedefinition things.a.org", "thing.a.org x"],
      );
      assert.equal(planned.value.changes[1]?.after, { spec: { size: 1 } });
    },
    check,
  );
});

test("a planned deletion is gone for later tasks", async () => {
  const live = { program: "kubectl", when: "^get -f -", stdout: listOf(namespace, configMap({ a: "1" })) } as const;
  await withStandIn(
    [API_RESOURCES, live],
    async (session) => {
      const { plan, reader } = session.connection();
      const planned = await plan([{ kind: "manifest", state: "absent", object: configMap({}) }]);
      if (planned.ok) planned.value.project();
      const read = await reader.objects([{ apiVersion: "v1", kind: "ConfigMap", name: "x", namespace: "shop" }]);
      assert.equal(read, { ok: true, value: [] });
    },
    check,
  );
});

test("a run that writes waits for the kinds that its release brings, and says which did not come", async () => {
  const deployed = JSON.stringify({ status: "deployed", chart: "tigera-operator", version: "v3.31.7" });
  const filter = { apiVersion: "projectcalico.org/v3", kind: "BGPFilter", metadata: { name: "f" } };
  const there: Answer = { ...API_RESOURCES, stdout: `${API_RESOURCES.stdout}bgpfilters projectcalico.org/v3 false BGPFilter\n` };
  const helm: readonly Answer[] = [
    { program: "helm", when: "^get metadata", stdout: deployed },
    { program: "helm", when: "^get values", stdout: "null" },
  ];
  await withStandIn(
    [...helm, { ...API_RESOURCES, times: 3 }, there, nothing, { program: "kubectl", when: "--dry-run", stdout: listOf(filter) }],
    async (session) => {
      const { plan } = session.connection();
      await plan([operator]);
      const planned = await plan([present(filter)]);
      assert.ok(planned.ok);
      if (planned.ok) assert.equal(planned.value.changes[0]?.action, "create");
    },
  );
  await withStandIn([...helm, API_RESOURCES], async (session) => {
    const { plan } = session.connection();
    await plan([{ ...operator, timeoutSeconds: 0 }]);
    const planned = await plan([present(filter)]);
    assert.not.ok(planned.ok);
    if (!planned.ok) assert.match(planned.failure.message, "BGPFilter (projectcalico.org/v3)");
  });
});

test.run();
