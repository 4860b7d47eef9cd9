import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { nodeLabel } from "../../tasks/k8s/node-label.ts";
import { quiet } from "../support/progress.ts";
import { connectionsTo, fakeCluster, prepare } from "./fake-cluster.ts";

const test = suite("k8s.node_label");

function node(name: string, labels: Record<string, string> = {}): KubeObject {
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels } };
}

async function planned(nodes: readonly KubeObject[], args: unknown) {
  const cluster = fakeCluster({ nodes });
  const task = prepare(nodeLabel, args);
  if (task.form !== "action") throw new Error("not an action");
  return { cluster, plan: await task.plan(connectionsTo(cluster)) };
}

const args = () => ({ label: "rack_id", values: { "worker-1": 1, "worker-2": "2" } });

test("only nodes whose label is missing or different change; numbers become text", async () => {
  const { plan } = await planned([node("worker-1", { rack_id: "1" }), node("worker-2", { rack_id: "7" })], args());
  assert.ok(plan.ok);
  if (!plan.ok) return;
  assert.equal(plan.value.changes, [
    {
      target: "node worker-2",
      action: "modify",
      before: { metadata: { labels: { rack_id: "7" } } },
      after: { metadata: { labels: { rack_id: "2" } } },
    },
  ]);
});

test("a missing label is null before", async () => {
  const { plan } = await planned([node("worker-1"), node("worker-2", { rack_id: "2" })], args());
  assert.ok(plan.ok);
  if (plan.ok) assert.equal(plan.value.changes[0]?.before, { metadata: { labels: { rack_id: null } } });
});

test("apply sends the label alone, by force and under the label's own manager, and reads back", async () => {
  const { cluster, plan } = await planned([node("worker-1"), node("worker-2")], args());
  assert.ok(plan.ok);
  if (!plan.ok) return;
  const applied = await plan.value.apply(quiet);
  assert.ok(applied.ok);
  assert.is(cluster.applied.length, 2);
  assert.equal(cluster.applied[0], {
    kind: "manifest",
    state: "present",
    object: { apiVersion: "v1", kind: "Node", metadata: { name: "worker-1", labels: { rack_id: "1" } } },
    fieldManager: "underlay-label-rack_id",
    force: true,
  });
});

test("a node that is not in the cluster is a failure: an apply would make it up", async () => {
  const { plan } = await planned([node("worker-1")], args());
  assert.not.ok(plan.ok);
  if (!plan.ok) assert.match(plan.failure.message, "worker-2");
});

test("a label key that Kubernetes would refuse is refused", () => {
  assert.throws(() => prepare(nodeLabel, { label: "-rack", values: {} }), /label/);
});

test("null takes the label away, and only that", async () => {
  const values = { "worker-1": null, "worker-2": null, "worker-3": 3 };
  const nodes = [node("worker-1", { rack_id: "1", zone: "a" }), node("worker-2"), node("worker-3")];
  const { cluster, plan } = await planned(nodes, { label: "rack_id", values });
  if (!plan.ok) return assert.unreachable();
  assert.equal(
    plan.value.changes.map(({ target, before, after }) => [target, before, after]),
    [
      ["node worker-1", { metadata: { labels: { rack_id: "1" } } }, { metadata: { labels: { rack_id: null } } }],
      ["node worker-3", { metadata: { labels: { rack_id: null } } }, { metadata: { labels: { rack_id: "3" } } }],
    ],
  );
  assert.ok((await plan.value.apply(quiet)).ok);
  const read = await cluster.connection.reader.objects([{ apiVersion: "v1", kind: "Node", name: "worker-1" }]);
  assert.equal(read.ok && read.value[0]?.metadata.labels, { zone: "a" });
});

test("absent takes only the label with our value, and wants no node to be there", async () => {
  const values = { "worker-1": 1, "worker-2": 2, "worker-9": 2 };
  const nodes = [node("worker-1", { rack_id: "1" }), node("worker-2", { rack_id: "7" })];
  const { plan } = await planned(nodes, { label: "rack_id", values, state: "absent" });
  if (!plan.ok) return assert.unreachable();
  assert.equal(
    plan.value.changes.map(({ target, after }) => [target, after]),
    [["node worker-1", { metadata: { labels: { rack_id: null } } }]],
  );
});

test.run();
