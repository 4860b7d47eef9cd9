import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { restart } from "../../tasks/kube-router/restart.ts";
import { connectionsTo, type FakeCluster, prepare } from "../k8s/fake-cluster.ts";
import { quiet } from "../support/progress.ts";
import { CANARY, daemonSet, neighbor, node, peerLine, pod, running } from "./running.ts";

const test = suite("kube_router.restart");

const PEERS = "kube-router.io/peers";
const nodes = (names: readonly string[]) => names.map((name) => node(name, { [PEERS]: peerLine("192.168.43.201") }));

async function planned(
  cluster: FakeCluster,
  options: { readonly check?: boolean; readonly timeout?: number; readonly nodes?: readonly string[] } = {},
) {
  const { timeout = 5, check = false, nodes: only } = options;
  const task = prepare(restart, { timeout, ...(only === undefined ? {} : { nodes: only }) }, check);
  if (task.form !== "action") throw new Error("not an action");
  const plan = await task.plan(connectionsTo(cluster));
  if (!plan.ok) throw new Error(plan.failure.message);
  return plan.value;
}

/** Pods with the old password until they are deleted; `up` says when the new one is Ready. */
function replacing(
  names: readonly string[],
  stale: readonly string[],
  log: string[],
  up: () => boolean = () => true,
): FakeCluster {
  let cluster: FakeCluster | undefined;
  const isGone = (name: string) => cluster?.deleted.some((one) => one.name === `kube-router-${name}`) === true;
  const pods = (): readonly KubeObject[] =>
    names.map((name) => pod(name, isGone(name) ? "new" : "old", { ready: !isGone(name) || up() }));
  cluster = running(nodes(names), pods, (name) => {
    log.push(`${name} ${cluster?.deleted.length ?? 0}`);
    return [neighbor("192.168.43.201", { password: stale.includes(name) && !isGone(name) ? "former" : CANARY })];
  });
  return cluster;
}

test("only pods with other peers than annotated are restarted; a second run has nothing to do", async () => {
  const cluster = replacing(["worker-1", "worker-2", "worker-3"], ["worker-1", "worker-3"], []);
  const plan = await planned(cluster);
  assert.equal(plan.changes, [
    { target: "kube-router on worker-1", action: "run", before: null, after: null },
    { target: "kube-router on worker-3", action: "run", before: null, after: null },
  ]);
  const applied = await plan.apply(quiet);
  assert.ok(applied.ok);
  assert.equal(
    cluster.deleted.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
    ["Pod kube-system/kube-router-worker-1", "Pod kube-system/kube-router-worker-3"],
  );
  assert.equal((await planned(cluster)).changes, []);
  assert.not.match(JSON.stringify([plan, applied]), CANARY);
});

test("the next goes only when the one before has its new peers", async () => {
  let looks = 0;
  const log: string[] = [];
  const cluster = replacing(["worker-1", "worker-2"], ["worker-1", "worker-2"], log, () => {
    looks += 1;
    return looks > 2;
  });
  const plan = await planned(cluster);
  assert.ok((await plan.apply(quiet)).ok);
  // Asked with one pod deleted, before the second goes.
  assert.ok(log.includes("worker-1 1"), log.join());
});

test("a pod that does not come back is a failure, and the others are left alone", async () => {
  const cluster = replacing(["worker-1", "worker-2"], ["worker-1", "worker-2"], [], () => false);
  const plan = await planned(cluster, { timeout: 1 });
  const applied = await plan.apply(quiet);
  assert.is(applied.ok, false);
  if (!applied.ok) assert.match(applied.failure.message, "the new pod kube-router-worker-1 is not Ready");
  assert.is(cluster.deleted.length, 1);
});

const differences: readonly (readonly [string, readonly unknown[], number])[] = [
  ["as annotated", [neighbor("192.168.43.201")], 0],
  ["no peer", [], 1],
  ["another address", [neighbor("192.168.43.202")], 1],
  ["another AS", [neighbor("192.168.43.201", { asn: 65009 })], 1],
  ["another password", [neighbor("192.168.43.201", { password: "former" })], 1],
  ["no password", [neighbor("192.168.43.201", { password: "" })], 1],
  ["one peer too many", [neighbor("192.168.43.201"), neighbor("192.168.43.202")], 1],
  ["a session with another node", [neighbor("192.168.43.201"), neighbor("192.168.43.7", { asn: 65003 })], 0],
  ["a peer that is switched off", [neighbor("192.168.43.201", { state: 1, admin: 1 })], 1],
  ["down but as annotated", [neighbor("192.168.43.201", { state: 3 })], 0],
];
for (const [name, neighbors, count] of differences) {
  test(`the pod has ${name}: ${count} restarted`, async () => {
    const cluster = running(
      nodes(["worker-1"]),
      () => [pod("worker-1", "old")],
      () => neighbors,
    );
    assert.is((await planned(cluster)).changes.length, count);
    assert.is((await planned(cluster, { check: true })).changes.length, count);
  });
}

test("a node that was withdrawn is let be, whatever its pod still has", async () => {
  const resting = { ...node("worker-1"), metadata: { name: "worker-1", labels: { "underlay/withdrawn": "true" } } };
  for (const neighbors of [[neighbor("192.168.43.201", { state: 1, admin: 1 })], [neighbor("192.168.43.201")]]) {
    const cluster = running(
      [resting],
      () => [pod("worker-1", "old")],
      () => neighbors,
    );
    assert.equal((await planned(cluster)).changes, []);
  }
});

test("annotations that were taken away count too", async () => {
  const cluster = running(
    [node("worker-1")],
    () => [pod("worker-1", "old")],
    () => [neighbor("192.168.43.201")],
  );
  assert.is((await planned(cluster)).changes.length, 1);
});

test("annotations that cannot be read: a restart would only end BGP", async () => {
  const broken = node("worker-1", { [PEERS]: `${CANARY}: [` });
  const cluster = running(
    [broken],
    () => [pod("worker-1", "old")],
    () => [neighbor("192.168.43.201")],
  );
  assert.equal((await planned(cluster)).changes, []);
});

test("global peers: annotations are not looked at, nothing is restarted", async () => {
  const args = ["--peer-router-ips=192.168.43.201"];
  const cluster = running(
    nodes(["worker-1"]),
    () => [pod("worker-1", "old", { args })],
    () => [],
  );
  assert.equal((await planned(cluster)).changes, []);
});

test("a rollout that is only planned restarts the pods itself", async () => {
  const set = () => daemonSet({ desired: 1, available: 1, generation: 2 });
  const cluster = running(
    nodes(["worker-1"]),
    () => [pod("worker-1", "old")],
    () => [],
    set,
  );
  assert.equal((await planned(cluster, { check: true })).changes, []);
});

test("a rollout is waited for, so that no pod is restarted twice", async () => {
  let looks = 0;
  const set = () => {
    looks += 1;
    return daemonSet({ desired: 1, available: looks > 2 ? 1 : 0 });
  };
  const answers = () => (looks > 2 ? [neighbor("192.168.43.201")] : []);
  const cluster = running(nodes(["worker-1"]), () => [pod("worker-1", "old")], answers, set);
  assert.equal((await planned(cluster)).changes, []);
  assert.ok(looks > 2);
});

test("a rollout that does not end is a failure that says how far it came", async () => {
  const cluster = running(
    nodes(["worker-1"]),
    () => [],
    () => [],
    () => daemonSet({ desired: 6, available: 4 }),
  );
  try {
    await planned(cluster, { timeout: 1 });
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), "4 of 6 pods");
  }
});

test("a pod that does not answer: unknown in check mode, waited for and then restarted in a run", async () => {
  const cluster = running(
    nodes(["worker-1"]),
    () => [pod("worker-1", "old")],
    () => undefined,
  );
  const checked = await planned(cluster, { check: true });
  assert.equal(checked.changes, []);
  assert.match(checked.unknown[0]?.reason ?? "", "cannot be asked");
  assert.is((await planned(cluster, { timeout: 1 })).changes.length, 1);
});

test("a node without a pod yet: unknown in check mode, as it may start before its peers are annotated", async () => {
  const cluster = running(
    [...nodes(["worker-1", "worker-5"]), node("worker-6")],
    () => [pod("worker-1", "old")],
    () => [neighbor("192.168.43.201")],
  );
  const checked = await planned(cluster, { check: true });
  assert.equal(checked.changes, []);
  assert.equal(
    checked.unknown.map(({ target }) => target),
    ["kube-router on worker-5"],
  );
  assert.equal((await planned(cluster)).unknown, []);
});

test("only the named nodes: pods elsewhere are not asked, and a node that is down is not waited for", async () => {
  const cluster = running(
    nodes(["worker-1", "worker-2", "worker-5"]),
    () => ["worker-1", "worker-2", "worker-5"].map((name) => pod(name, "old", { ready: name !== "worker-2" })),
    (name) => (name === "worker-2" ? undefined : []),
    () => daemonSet({ desired: 3, available: 2 }),
  );
  const changes = (await planned(cluster, { timeout: 1, nodes: ["worker-5"] })).changes;
  assert.equal(
    changes.map(({ target }) => target),
    ["kube-router on worker-5"],
  );
});

test("only the named nodes: a new template is waited for all the same", async () => {
  const set = daemonSet({ desired: 2, available: 2, generation: 2 });
  const cluster = running(
    nodes(["worker-1"]),
    () => [pod("worker-1", "old")],
    () => [],
    () => set,
  );
  assert.equal((await planned(cluster, { check: true, nodes: ["worker-1"] })).changes, []);
});

test("not installed: nothing to do", async () => {
  const cluster = running(
    [node("worker-1")],
    () => [],
    () => [],
    () => ({ ...daemonSet({ desired: 0, available: 0 }) }),
  );
  assert.equal((await planned(cluster)).changes, []);
});

test.run();
