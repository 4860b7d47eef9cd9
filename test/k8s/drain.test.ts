import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { drain } from "../../tasks/k8s/drain.ts";
import { connectionsTo, fakeCluster, prepare } from "./fake-cluster.ts";

/** Which pods k8s.drain counts and which budgets hold them, without a cluster; carried out in drain-in-lab. */
const test = suite("k8s.drain");

interface PodParts {
  readonly node?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner?: string | null;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly phase?: string;
  readonly ready?: boolean;
  readonly ending?: boolean;
}

function pod(name: string, parts: PodParts = {}): KubeObject {
  const {
    node = "worker-1",
    labels = { app: "web" },
    owner = "ReplicaSet",
    annotations = {},
    phase = "Running",
    ready = true,
  } = parts;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "shop",
      labels,
      annotations,
      ownerReferences: owner === null ? [] : [{ kind: owner, name: "web", controller: true }],
      ...(parts.ending ? { deletionTimestamp: "2026-11-23T08:00:00Z" } : {}),
    },
    spec: { nodeName: node },
    status: { phase, conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  };
}

function budget(
  selector: unknown,
  status: Record<string, number>,
  spec: Record<string, unknown> = {},
  namespace = "shop",
): KubeObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "web", namespace },
    spec: { selector, ...spec },
    status: { desiredHealthy: 2, currentHealthy: 2, expectedPods: 3, disruptionsAllowed: 0, ...status },
  };
}

const WEB = { matchLabels: { app: "web" } };

async function plan(pods: readonly KubeObject[], budgets: readonly KubeObject[] = []) {
  const nodes = ["worker-1", "worker-2"].map((name) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: { unschedulable: true },
  }));
  const cluster = fakeCluster({ nodes, pods, "poddisruptionbudgets.policy": budgets });
  const task = prepare(drain, { nodes: ["worker-1", "worker-2"] });
  if (task.form !== "action") throw new Error("not an action");
  const planned = await task.plan(connectionsTo(cluster));
  if (!planned.ok) throw new Error(planned.failure.message);
  return planned.value;
}

test("neither pods of DaemonSets, nor static ones, nor finished ones, nor those of other nodes; in the order of nodes and names", async () => {
  const { changes } = await plan([
    pod("web-10", { node: "worker-2" }),
    pod("web-9", { node: "worker-2", ending: true }),
    pod("agent", { owner: "DaemonSet" }),
    pod("etcd", { owner: "Node", annotations: { "kubernetes.io/config.mirror": "x" } }),
    pod("job-1", { phase: "Succeeded", owner: "Job" }),
    pod("job-2", { phase: "Failed", owner: null }),
    pod("elsewhere", { node: "worker-3" }),
    pod("web-1"),
  ]);
  assert.equal(changes, [
    { target: "pod shop/web-1", action: "delete", before: { node: "worker-1", owner: "ReplicaSet web" }, after: null },
    { target: "pod shop/web-9", action: "delete", before: { node: "worker-2", owner: "ReplicaSet web" }, after: null },
    { target: "pod shop/web-10", action: "delete", before: { node: "worker-2", owner: "ReplicaSet web" }, after: null },
  ]);
});

const HELD = "pod shop/web-1 on worker-1 may not go now: PodDisruptionBudget shop/web needs 2 healthy, has 2";

const cases: readonly { readonly what: string; readonly pod?: PodParts; readonly budget: KubeObject; readonly held: boolean }[] =
  [
    { what: "no disruption allowed", budget: budget(WEB, {}), held: true },
    { what: "one allowed", budget: budget(WEB, { disruptionsAllowed: 1 }), held: false },
    { what: "another namespace", budget: budget(WEB, {}, {}, "bank"), held: false },
    { what: "other labels", budget: budget({ matchLabels: { app: "db" } }, {}), held: false },
    { what: "an empty selector takes all", budget: budget({}, {}), held: true },
    { what: "no selector takes none", budget: budget(undefined, {}), held: false },
    { what: "In", budget: budget({ matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] }, {}), held: true },
    {
      what: "NotIn",
      budget: budget({ matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] }, {}),
      held: false,
    },
    {
      what: "NotIn without the label",
      budget: budget({ matchExpressions: [{ key: "tier", operator: "NotIn", values: ["x"] }] }, {}),
      held: true,
    },
    { what: "Exists", budget: budget({ matchExpressions: [{ key: "app", operator: "Exists" }] }, {}), held: true },
    { what: "DoesNotExist", budget: budget({ matchExpressions: [{ key: "app", operator: "DoesNotExist" }] }, {}), held: false },
    {
      what: "a pod that waits to be started",
      pod: { phase: "Pending", ready: false },
      budget: budget(WEB, { currentHealthy: 1 }),
      held: false,
    },
    { what: "a pod that is about to end", pod: { ending: true }, budget: budget(WEB, {}), held: false },
    { what: "an ill pod beside enough healthy ones", pod: { ready: false }, budget: budget(WEB, {}), held: false },
    {
      what: "an ill pod that may always go",
      pod: { ready: false },
      budget: budget(WEB, { currentHealthy: 1 }, { unhealthyPodEvictionPolicy: "AlwaysAllow" }),
      held: false,
    },
  ];

for (const { what, pod: parts = {}, budget: one, held } of cases) {
  test(`${what}: ${held ? "held" : "may go"}`, async () => {
    const { warnings } = await plan([pod("web-1", parts)], [one]);
    assert.equal(warnings, held ? [HELD] : []);
  });
}

test("an ill pod whose like are too few is held", async () => {
  const { warnings = [] } = await plan([pod("web-1", { ready: false })], [budget(WEB, { currentHealthy: 1 })]);
  assert.match(warnings[0] ?? "", "needs 2 healthy, has 1");
});

test.run();
