import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject, Manifest } from "../../../runner/connect/cluster.ts";
import { Secret } from "../../../runner/secret.ts";
import { CANARY, withStandIn } from "./session.ts";
import { type Answer, API_RESOURCES, listOf } from "./stand-in.ts";

const test = suite("manifests against a cluster");

const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };

function configMap(data: Record<string, string>, more: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", namespace: "shop" }, data, ...more };
}

function present(object: KubeObject, more: Partial<Manifest> = {}): Manifest {
  return { kind: "manifest", state: "present", object, ...more };
}

const reads = (...objects: readonly unknown[]): Answer => ({ program: "kubectl", when: "^get -f -", stdout: listOf(...objects) });
const tries = (...objects: readonly unknown[]): Answer => ({
  program: "kubectl",
  when: "--dry-run=server",
  stdout: listOf(...objects),
});

test("a change names only the fields that differ, and nothing that the server keeps for itself", async () => {
  const noise = { resourceVersion: "1", uid: "u", generation: 3, creationTimestamp: "t", managedFields: [] };
  const live = { ...configMap({ a: "1", b: "2" }), metadata: { name: "x", namespace: "shop", ...noise }, status: { seen: true } };
  const next = {
    ...configMap({ a: "9", b: "2" }),
    metadata: {
      name: "x",
      namespace: "shop",
      ...noise,
      resourceVersion: "2",
      generation: 4,
      managedFields: [{ manager: "underlay" }],
    },
  };
  await withStandIn([API_RESOURCES, reads(namespace, live), tries(next)], async (session) => {
    const planned = await session.connection().plan([present(configMap({ a: "9" }))]);
    assert.ok(planned.ok);
    if (!planned.ok) return;
    assert.equal(planned.value.changes, [
      { target: "configmap shop/x", action: "modify", before: { data: { a: "1" } }, after: { data: { a: "9" } } },
    ]);
    assert.equal(session.counts(), { kubectl: 3, helm: 0 });
  });
});

test("a field that we once owned and no longer want shows as going away", async () => {
  await withStandIn(
    [API_RESOURCES, reads(namespace, configMap({ a: "1", old: "x" })), tries(configMap({ a: "1" }))],
    async (session) => {
      const planned = await session.connection().plan([present(configMap({ a: "1" }))]);
      assert.ok(planned.ok);
      if (planned.ok) assert.equal(planned.value.changes[0]?.before, { data: { old: "x" } });
      if (planned.ok) assert.equal(planned.value.changes[0]?.after, { data: { old: null } });
    },
  );
});

for (const check of [false, true]) {
  test(`a new object is shown without the server's defaults; ${check ? "check mode" : "a run"} asks ${check ? "" : "not "}how it would come out`, async () => {
    const answers = [API_RESOURCES, reads(namespace), tries(configMap({ a: "1" }, { immutable: false }))];
    await withStandIn(
      answers,
      async (session) => {
        const planned = await session.connection().plan([present(configMap({ a: "1" }))]);
        assert.ok(planned.ok);
        if (!planned.ok) return;
        assert.equal(planned.value.changes, [
          { target: "configmap shop/x", action: "create", before: null, after: { data: { a: "1" } } },
        ]);
        assert.is(session.counts().kubectl, check ? 3 : 2);
      },
      { check },
    );
  });
}

test("a Secret's data is compared but never shown, and reaches kubectl by standard input only", async () => {
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "shop" } };
  const old = { ...secret, data: { key: Buffer.from("former").toString("base64") } };
  const fresh = { ...secret, data: { key: Buffer.from(CANARY).toString("base64") } };
  await withStandIn([API_RESOURCES, reads(namespace, old), tries(fresh)], async (session, programs) => {
    const planned = await session.connection().plan([present(secret, { secretData: { key: new Secret(CANARY) } })]);
    assert.ok(planned.ok);
    if (!planned.ok) return;
    const masked = { data: { key: "‹secret›" } };
    assert.equal(planned.value.changes, [{ target: "secret shop/s", action: "modify", before: masked, after: masked }]);
    const last = programs.calls().at(-1);
    assert.match(last?.input ?? "", Buffer.from(CANARY).toString("base64"));
    for (const call of programs.calls()) {
      const visible = JSON.stringify([call.args, call.environment]);
      assert.not.match(visible, CANARY);
      assert.not.match(visible, Buffer.from(CANARY).toString("base64"));
    }
  });
});

test("an unchanged Secret is no change", async () => {
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "shop" } };
  const same = { ...secret, data: { key: Buffer.from(CANARY).toString("base64") } };
  await withStandIn([API_RESOURCES, reads(namespace, same), tries(same)], async (session) => {
    const planned = await session.connection().plan([present(secret, { secretData: { key: new Secret(CANARY) } })]);
    assert.ok(planned.ok && planned.value.changes.length === 0);
  });
});

test("a secret outside of a Secret's stringData is refused before anything is started", async () => {
  await withStandIn([], async (session) => {
    const object = { ...configMap({}), data: { password: new Secret(CANARY) } };
    const planned = await session.connection().plan([present(object)]);
    assert.not.ok(planned.ok);
    if (!planned.ok) assert.match(planned.failure.message, ".data.password");
    assert.is(session.counts().kubectl, 0);
  });
});

const CONFLICTS: readonly (readonly [string, readonly string[]])[] = [
  [
    'error: Apply failed with 1 conflict: conflict with "kubectl-label" using v1: .metadata.labels.rack_id\nPlease review the fields above\n',
    ["kubectl-label", ".metadata.labels.rack_id"],
  ],
  [
    'error: Apply failed with 2 conflicts: conflicts with "argocd" using apps/v1:\n- .spec.replicas\n- .spec.template.spec.containers[name="a"].image\nPlease review\n',
    ["argocd", ".spec.replicas", ".spec.template.spec.containers"],
  ],
];
for (const [stderr, parts] of CONFLICTS) {
  test(`a conflict names manager and field: ${parts.join(" ")}`, async () => {
    await withStandIn(
      [API_RESOURCES, reads(namespace, configMap({})), { program: "kubectl", when: "--dry-run", stderr, exit: 1 }],
      async (session) => {
        const planned = await session.connection().plan([present(configMap({ a: "1" }))]);
        assert.not.ok(planned.ok);
        if (planned.ok) return;
        for (const part of parts) assert.match(planned.failure.message, part);
        assert.match(planned.failure.next ?? "", "force: true");
      },
    );
  });
}

test("force and field manager are kubectl's flags; objects that share them share a process", async () => {
  const one = present({ ...namespace, metadata: { name: "one" } }, { fieldManager: "underlay-label-a", force: true });
  const two = present({ ...namespace, metadata: { name: "two" } }, { fieldManager: "underlay-label-a", force: true });
  await withStandIn([{ program: "kubectl", when: "^apply" }], async (session, programs) => {
    const applied = await session.connection().writer?.apply([one, two]);
    assert.ok(applied?.ok);
    assert.is(programs.calls().length, 1);
    const [call] = programs.calls();
    assert.ok(call?.args.includes("--field-manager=underlay-label-a") && call.args.includes("--force-conflicts"));
    assert.is(call?.input.split("---\n").length, 2);
  });
});

test("reading back: what still differs is a failure that names target and field", async () => {
  await withStandIn(
    [
      API_RESOURCES,
      reads(namespace, configMap({ a: "1" })),
      tries(configMap({ a: "9" })),
      { program: "kubectl", when: "^apply" },
    ],
    async (session) => {
      const connection = session.connection();
      const planned = await connection.plan([present(configMap({ a: "9" }))]);
      assert.ok(planned.ok && connection.writer !== undefined);
      if (!planned.ok || connection.writer === undefined) return;
      const applied = await planned.value.apply(connection.writer);
      assert.not.ok(applied.ok);
      if (applied.ok) return;
      assert.match(applied.failure.doing, "configmap shop/x");
      assert.match(applied.failure.message, '"a":"9"');
    },
  );
});

test("lists that a controller fills in: only our own fields of an item count", async () => {
  const lists = [{ path: ["spec", "pools"], key: "cidr" }];
  const live = { ...namespace, spec: { pools: [{ cidr: "10.0.0.0/8", nat: "Enabled", uses: ["Workload"] }] } };
  const wanted = { ...namespace, spec: { pools: [{ cidr: "10.0.0.0/8", nat: "Disabled" }] } };
  await withStandIn([API_RESOURCES, reads(live), tries(live)], async (session, programs) => {
    await session.connection().plan([present(wanted, { filledLists: lists })]);
    assert.match(programs.calls().at(-1)?.input ?? "", '{"cidr":"10.0.0.0/8","nat":"Disabled","uses":["Workload"]}');
  });
});

test("a namespaced object without namespace is refused", async () => {
  await withStandIn([API_RESOURCES], async (session) => {
    const planned = await session.connection().plan([present({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } })]);
    assert.not.ok(planned.ok);
    if (!planned.ok) assert.match(planned.failure.message, "metadata.namespace");
  });
});

test("absent: what is there is deleted, what is not there is no change", async () => {
  const gone: Manifest = { kind: "manifest", state: "absent", object: configMap({}) };
  const other: Manifest = {
    kind: "manifest",
    state: "absent",
    object: { ...configMap({}), metadata: { name: "y", namespace: "shop" } },
  };
  await withStandIn([API_RESOURCES, reads(namespace, configMap({ a: "1" }))], async (session) => {
    const planned = await session.connection().plan([gone, other]);
    assert.ok(planned.ok);
    if (!planned.ok) return;
    assert.equal(planned.value.changes, [
      { target: "configmap shop/x", action: "delete", before: { data: { a: "1" } }, after: null },
    ]);
  });
});

test("exclusive: objects with the labels that the task no longer wants are deleted, all found in one listing", async () => {
  const peer = (name: string, labels: Record<string, string> = { a: "b" }) => ({
    apiVersion: "projectcalico.org/v3",
    kind: "BGPPeer",
    metadata: { name, labels },
    spec: { peerIP: name },
  });
  await withStandIn(
    [
      API_RESOURCES,
      {
        program: "kubectl",
        when: "^get bgppeers.projectcalico.org ",
        stdout: listOf(peer("201", {}), peer("299"), peer("foreign", { a: "c" })),
      },
      tries(peer("201")),
    ],
    async (session) => {
      const exclusive = {
        kind: "exclusive",
        apiVersion: "projectcalico.org/v3",
        objectKind: "BGPPeer",
        labels: { a: "b" },
      } as const;
      const planned = await session.connection().plan([present(peer("201")), exclusive]);
      assert.ok(planned.ok);
      if (!planned.ok) return;
      assert.equal(
        planned.value.changes.map(({ target, action }) => [target, action]),
        [
          ["bgppeer.projectcalico.org 201", "modify"],
          ["bgppeer.projectcalico.org 299", "delete"],
        ],
      );
      assert.equal(session.counts(), { kubectl: 3, helm: 0 });
    },
  );
});

test.run();
