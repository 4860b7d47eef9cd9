import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { HelmRelease } from "../../../runner/connect/cluster.ts";
import { toJson } from "../../../runner/connect/kube/compare-objects.ts";
import type { FoundRelease } from "../../../runner/connect/kube/helm-release.ts";
import { planRelease } from "../../../runner/connect/kube/plan-release.ts";
import type { JsonObject } from "../../../runner/json.ts";
import { Secret } from "../../../runner/secret.ts";
import { CANARY, withStandIn } from "./session.ts";
import type { Answer } from "./stand-in.ts";

const test = suite("helm releases");

const wanted: HelmRelease = {
  kind: "release",
  state: "present",
  name: "calico",
  namespace: "tigera-operator",
  createNamespace: true,
  chart: "tigera-operator",
  repository: "https://charts.example.org",
  version: "v3.31.7",
  values: { installation: { enabled: false } },
  brings: [],
  timeoutSeconds: 90,
};
const deployed: FoundRelease = {
  status: "deployed",
  chart: "tigera-operator",
  version: "v3.31.7",
  values: { installation: { enabled: false } },
};
const TARGET = "helm release tigera-operator/calico";

const cases: readonly (readonly [string, Partial<HelmRelease>, FoundRelease | undefined, unknown])[] = [
  ["as wanted", {}, deployed, undefined],
  ["version without v", { version: "3.31.7" }, deployed, undefined],
  [
    "not there",
    {},
    undefined,
    {
      target: TARGET,
      action: "create",
      before: null,
      after: { chart: "tigera-operator", version: "v3.31.7", values: wanted.values },
    },
  ],
  ["uninstalled, history kept", {}, { ...deployed, status: "uninstalled" }, "create"],
  [
    "other version",
    { version: "v3.32.1" },
    deployed,
    { target: TARGET, action: "modify", before: { version: "3.31.7" }, after: { version: "3.32.1" } },
  ],
  [
    "failed before",
    {},
    { ...deployed, status: "failed" },
    { target: TARGET, action: "modify", before: { status: "failed" }, after: { status: "deployed" } },
  ],
  [
    "a value that nobody wants any more",
    {},
    { ...deployed, values: { installation: { enabled: false }, extra: 1 } },
    { target: TARGET, action: "modify", before: { values: { extra: 1 } }, after: { values: { extra: null } } },
  ],
  ["absent and not there", { state: "absent" }, undefined, undefined],
  [
    "absent and there",
    { state: "absent" },
    deployed,
    { target: TARGET, action: "delete", before: { chart: "tigera-operator", version: "v3.31.7" }, after: null },
  ],
];
for (const [name, change, found, expected] of cases) {
  test(name, () => {
    const planned = planRelease({ ...wanted, ...change }, found, []);
    assert.ok(planned.ok);
    if (!planned.ok) return;
    if (typeof expected === "string") assert.is(planned.value?.action, expected);
    else assert.equal(planned.value, expected);
  });
}

test("a path does not say the chart's name, so it is not compared", () => {
  const planned = planRelease({ ...wanted, chart: "./charts/somewhere" }, deployed, []);
  assert.equal(planned, { ok: true, value: undefined });
});

for (const [status, undo] of [
  ["pending-install", "helm uninstall calico"],
  ["pending-upgrade", "helm rollback calico"],
  ["uninstalling", "helm uninstall calico"],
] as const) {
  test(`${status} is a failure that says what to do`, () => {
    const planned = planRelease(wanted, { ...deployed, status }, []);
    assert.not.ok(planned.ok);
    if (planned.ok) return;
    assert.match(planned.failure.message, status);
    assert.match(planned.failure.next ?? "", undo);
  });
}

/** Values as a playbook renders them: a secret among plain data. */
function withSecret(): JsonObject {
  const values: Record<string, unknown> = { registry: { user: "u", pull: new Secret(CANARY) } };
  return isJsonObject(values) ? values : {};
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null;
}

test("secret values are compared in clear and shown masked, former ones under a telling name too", () => {
  const found = { ...deployed, values: { registry: { user: "u", pull: "former" }, adminPassword: "also former" } };
  const planned = planRelease({ ...wanted, values: withSecret() }, found, []);
  assert.ok(planned.ok);
  const text = JSON.stringify(planned);
  assert.not.match(text, CANARY);
  assert.not.match(text, "former");
  const same = planRelease(
    { ...wanted, values: withSecret() },
    { ...deployed, values: { registry: { user: "u", pull: CANARY } } },
    [],
  );
  assert.equal(same, { ok: true, value: undefined });
  assert.equal(toJson(withSecret()), { registry: { user: "u", pull: "‹secret›" } });
});

test("install: values on standard input, flags as helm 3 and 4 know them, then read back", async () => {
  const found = JSON.stringify({ status: "deployed", chart: "tigera-operator", version: "v3.31.7" });
  const answers: readonly Answer[] = [
    { program: "helm", when: "^get metadata", stderr: "Error: release: not found\n", exit: 1, times: 1 },
    { program: "helm", when: "^get metadata", stdout: found },
    { program: "helm", when: "^get values", stdout: JSON.stringify({ registry: { user: "u", pull: CANARY } }) },
    { program: "helm", when: "^upgrade" },
    { program: "kubectl", when: "^api-resources" },
  ];
  await withStandIn(answers, async (session, programs) => {
    const connection = session.connection();
    const planned = await connection.plan([{ ...wanted, values: withSecret() }]);
    assert.ok(planned.ok && connection.writer !== undefined);
    if (!planned.ok || connection.writer === undefined) return;
    const applied = await planned.value.apply(connection.writer);
    assert.ok(applied.ok);
    const call = programs.calls().find(({ args }) => args[0] === "upgrade");
    assert.equal(call?.args, [
      ...["upgrade", "calico", "tigera-operator", "--install", "--version", "v3.31.7", "--namespace", "tigera-operator"],
      ...["--repo", "https://charts.example.org", "--create-namespace", "--reset-values", "--wait", "--timeout", "90s"],
      ...["--values", "-"],
    ]);
    assert.equal(JSON.parse(call?.input ?? ""), { registry: { user: "u", pull: CANARY } });
    for (const each of programs.calls()) assert.not.match(JSON.stringify([each.args, each.environment]), CANARY);
  });
});

test("a failed install is not repeated and is told in helm's words", async () => {
  const answers: readonly Answer[] = [
    { program: "helm", when: "^get metadata", stderr: "Error: release: not found\n", exit: 1 },
    { program: "helm", when: "^upgrade", stderr: "Error: context deadline exceeded\n", exit: 1 },
  ];
  await withStandIn(answers, async (session, programs) => {
    const connection = session.connection();
    const planned = await connection.plan([wanted]);
    if (!planned.ok || connection.writer === undefined) return assert.unreachable();
    const applied = await planned.value.apply(connection.writer);
    assert.not.ok(applied.ok);
    if (!applied.ok) {
      assert.is(applied.failure.kind, "failed");
      assert.match(applied.failure.message, "deadline exceeded");
      assert.match(applied.failure.meaning ?? "", "workloads");
    }
    assert.is(programs.calls().filter(({ args }) => args[0] === "upgrade").length, 1);
  });
});

test.run();
