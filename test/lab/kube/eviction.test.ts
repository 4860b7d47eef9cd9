import { suite } from "uvu";
import * as assert from "uvu/assert";
import { at, textAt } from "../../../lab/bgp/kube-read.ts";
import { apply, budget, conditionOf, fiveNodes, podsOf, workload } from "./day2.ts";
import { startTestCluster, type TestCluster, until } from "./start.ts";

const test = suite("eviction and disruption budgets");
let lab: TestCluster;

test.before(async () => {
  lab = await startTestCluster({ spec: fiveNodes });
});
test.after(() => lab.close());
test.after.each(async () => {
  await lab.kubectl(["delete", "deployments,daemonsets,statefulsets,pdb,pods", "--all", "--timeout=45s"]);
  await lab.kubectl(["uncordon", ...fiveNodes.nodes.map(({ name }) => name)]);
});

const DRAIN = ["--ignore-daemonsets", "--timeout=45s"];
const ready = (app: string) => podsOf(lab, app).filter((pod) => conditionOf(pod, "Ready") === "True");
const nodesOf = (app: string) => podsOf(lab, app).map((pod) => textAt(pod, "spec", "nodeName") ?? "");

/** A container that does nothing, and a volume of the node's own. */
const scratch = { volumes: [{ name: "scratch", emptyDir: {} }] };

async function counts(name: string): Promise<string> {
  const fields = ["expectedPods", "currentHealthy", "desiredHealthy", "disruptionsAllowed"];
  const path = fields.map((field) => `{.status.${field}}`).join(" ");
  return (await lab.kubectl(["get", "pdb", name, "-o", `jsonpath=${path}`])).stdout;
}

async function evict(pod: string) {
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: pod, namespace: "default" } };
  const path = `/api/v1/namespaces/default/pods/${pod}/eviction`;
  return lab.kubectl(["create", "--raw", path, "-f", "-"], body);
}

test("status of budgets: numbers, percentages rounded up, unmanaged pods, DaemonSets", async () => {
  await apply(lab, workload("Deployment", "web", 5), workload("DaemonSet", "agent", 0));
  const cases = [
    [{ minAvailable: 3 }, "5 5 3 2"],
    [{ minAvailable: "50%" }, "5 5 3 2"],
    [{ maxUnavailable: 1 }, "5 5 4 1"],
    [{ maxUnavailable: "30%" }, "5 5 3 2"],
    [{ maxUnavailable: 9 }, "5 5 0 5"],
    [{ minAvailable: "100%" }, "5 5 5 0"],
  ] as const;
  for (const [index, [fields, wanted]] of cases.entries()) {
    await apply(lab, budget(`b${index}`, "web", fields));
    assert.is(await counts(`b${index}`), wanted, JSON.stringify(fields));
  }
  await apply(lab, budget("daemons", "agent", { maxUnavailable: 1 }), budget("none", "nobody", { minAvailable: 1 }));
  const daemons = await lab.kubectl(["get", "pdb", "daemons", "-o", "jsonpath={.status.conditions[0].message}"]);
  assert.is(daemons.stdout, "daemonsets.apps does not implement the scale subresource");
  assert.is(await counts("none"), "0 0 1 0");
});

test("a drain moves pods elsewhere, leaves DaemonSets and makes no pod on the node", async () => {
  await apply(lab, workload("Deployment", "web", 4), workload("StatefulSet", "db", 2), workload("DaemonSet", "agent", 0));
  const agents = nodesOf("agent").length;
  const done = await lab.kubectl(["drain", "worker-1", "worker-2", ...DRAIN]);
  assert.is(done.exitCode, 0, done.stderr);
  assert.match(done.stdout, "node/worker-2 drained");
  await until(() => ready("web").length === 4 && ready("db").length === 2);
  for (const node of [...nodesOf("web"), ...nodesOf("db")]) assert.not.ok(["worker-1", "worker-2"].includes(node), node);
  assert.is(nodesOf("agent").length, agents);
  assert.equal(
    podsOf(lab, "db").map((pod) => pod.metadata.name),
    ["db-0", "db-1"],
  );
});

test("a pod that replaces another takes a moment; the first ones come at once", async () => {
  await apply(lab, workload("Deployment", "web", 2));
  assert.is(ready("web").length, 2);
  const [pod] = podsOf(lab, "web");
  await lab.kubectl(["delete", "pod", pod?.metadata.name ?? "", "--wait=false"]);
  await until(() => podsOf(lab, "web").length === 2);
  assert.is(ready("web").length, 1);
  assert.is(
    textAt(
      podsOf(lab, "web").find((one) => conditionOf(one, "Ready") !== "True"),
      "status",
      "phase",
    ),
    "Pending",
  );
  await until(() => ready("web").length === 2);
});

test("a budget holds a second eviction back until the first pod runs again", async () => {
  await apply(lab, workload("Deployment", "web", 3), budget("web-budget", "web", { minAvailable: 2 }));
  assert.is(await counts("web-budget"), "3 3 2 1");
  const [first, second] = podsOf(lab, "web").map((pod) => pod.metadata.name);
  const [went, refused] = await Promise.all([evict(first ?? ""), evict(second ?? "")]);
  const outputs = [went, refused].toSorted((a, b) => a.exitCode - b.exitCode);
  assert.equal(
    outputs.map(({ exitCode }) => exitCode),
    [0, 1],
  );
  assert.match(outputs[1]?.stderr ?? "", "Cannot evict pod as it would violate the pod's disruption budget.");
  await until(() => ready("web").length === 3);
});

test("a drain that a budget blocks gives up in time and names the pod; the server names the budget", async () => {
  await apply(lab, workload("Deployment", "web", 3), budget("strict", "web", { maxUnavailable: 0 }));
  const [pod] = podsOf(lab, "web");
  const name = pod?.metadata.name ?? "";
  const node = textAt(pod, "spec", "nodeName") ?? "";
  const drained = await lab.kubectl(["drain", node, "--ignore-daemonsets", "--timeout=2s"]);
  assert.is(drained.exitCode, 1);
  assert.match(drained.stderr, `error when evicting pods/"${name}" -n "default" (will retry after 5s): Cannot evict pod`);
  assert.match(drained.stderr, "global timeout reached: 2s");
  const { status, body } = await lab.post(`/api/v1/namespaces/default/pods/${name}/eviction`, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace: "default" },
  });
  assert.is(status, 429);
  assert.is(at(body, "reason"), "TooManyRequests");
  const message = "The disruption budget strict needs 3 healthy pods and has 3 currently";
  assert.equal(at(body, "details", "causes"), [{ reason: "DisruptionBudget", message }]);
  assert.is(podsOf(lab, "web").filter((one) => one.metadata.name === name).length, 1);
});

test("a pod under two budgets cannot be evicted at all", async () => {
  await apply(lab, workload("Deployment", "web", 3));
  await apply(lab, budget("one", "web", { minAvailable: 1 }), budget("two", "web", { minAvailable: 1 }));
  const name = podsOf(lab, "web")[0]?.metadata.name ?? "";
  const refused = await evict(name);
  assert.match(
    refused.stderr,
    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
  );
});

test("a pod that is not ready goes when enough others are, and always when the budget says so", async () => {
  const waiting = { hostNetwork: false };
  await apply(lab, workload("Deployment", "ill", 2, waiting));
  await until(() => podsOf(lab, "ill").length === 2);
  const pending = podsOf(lab, "ill")[0]?.metadata.name ?? "";
  await apply(lab, budget("ill", "ill", { minAvailable: 2 }));
  assert.is((await evict(pending)).exitCode, 0, "no budget protects a pod that is pending");

  // Running, but not ready: its status is written by hand.
  const bare = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "sick", namespace: "default", labels: { app: "sick" } },
    spec: { containers: [{ name: "main", image: "main" }], nodeName: "worker-1" },
  };
  await apply(lab, bare, budget("sick", "sick", { minAvailable: 1 }));
  lab.cluster.setStatus("Pod", "default", "sick", { phase: "Running", hostIP: "192.168.2.2" });
  assert.match((await evict("sick")).stderr, "Cannot evict pod");
  await apply(lab, budget("sick", "sick", { minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" }));
  assert.is((await evict("sick")).exitCode, 0);
});

test("an eviction of another pod than was meant, or in a dry run, does nothing", async () => {
  await apply(lab, workload("Deployment", "web", 1));
  const name = podsOf(lab, "web")[0]?.metadata.name ?? "";
  const path = `/api/v1/namespaces/default/pods/${name}/eviction`;
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace: "default" } };
  const other = await lab.post(path, { ...body, deleteOptions: { preconditions: { uid: "another" } } });
  assert.is(other.status, 409);
  assert.is((await lab.post(path, { ...body, deleteOptions: { dryRun: ["All"] } })).status, 201);
  assert.is((await lab.post(path, { ...body, metadata: { name: "else" } })).status, 400);
  assert.is(podsOf(lab, "web")[0]?.metadata.name, name);
});

test("a drain refuses unmanaged pods without --force and local data without its flag", async () => {
  const bare = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "alone", namespace: "default", labels: { app: "alone" } },
    spec: {
      hostNetwork: true,
      tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists" }],
      containers: [{ name: "main", image: "main" }],
    },
  };
  await apply(lab, bare, workload("Deployment", "data", 5, scratch));
  const node = nodesOf("alone")[0] ?? "";
  assert.is.not(node, "", "a pod that nobody placed is scheduled");
  const refused = await lab.kubectl(["drain", node, ...DRAIN]);
  assert.is(refused.exitCode, 1);
  assert.match(refused.stderr, "cannot delete");
  assert.match(refused.stderr, /declare no controller.*default\/alone/);
  assert.match(refused.stderr, /local storage.*default\/data-/);
  const done = await lab.kubectl(["drain", node, ...DRAIN, "--force", "--delete-emptydir-data"]);
  assert.is(done.exitCode, 0, done.stderr);
  assert.equal(podsOf(lab, "alone"), []);
});

test.run();
