import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { writeKubeconfig } from "../connect/kube/kubeconfig.ts";
import { spec, startTestCluster, type TestCluster } from "../lab/kube/start.ts";
import { carryOut, type Seen } from "./lab-task.ts";

/** k8s.drain with the real kubectl: pods go, budgets hold, time runs out, Ctrl-C. */
const test = suite("drain in the lab");

let lab: TestCluster;
let kubeconfig: string;

const cordon = (...nodes: string[]) => ["k8s.cordon", { nodes, reason: "underlay" }] as const;
const uncordon = (...nodes: string[]) => ["k8s.cordon", { nodes, reason: "underlay", state: "absent" }] as const;
const drain = (nodes: readonly string[], more: Record<string, unknown> = {}) =>
  ["k8s.drain", { nodes, timeout: 30, ...more }] as const;

const template = (app: string, more: Record<string, unknown> = {}) => ({
  metadata: { labels: { app, "k8s-app": app } },
  spec: { containers: [{ name: "main", image: "registry.example/main:1" }], ...more },
});

function workload(
  kind: "Deployment" | "DaemonSet",
  namespace: string,
  name: string,
  more: Record<string, unknown> = {},
): unknown {
  const { replicas, ...pod } = more;
  const spec = { selector: { matchLabels: { app: name } }, template: template(name, pod) };
  const counted = replicas === undefined ? spec : { ...spec, replicas };
  return { apiVersion: "apps/v1", kind, metadata: { name, namespace }, spec: counted };
}

function budget(name: string, spec: Record<string, unknown>): unknown {
  const selector = { matchLabels: { app: name } };
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "shop" },
    spec: { selector, ...spec },
  };
}

async function apply(...objects: unknown[]): Promise<void> {
  const done = await lab.kubectl(["apply", "-f", "-"], objects);
  assert.is(done.exitCode, 0, done.stderr);
}

/** `NODE NAME` of the shop's pods; waits until all of them are Ready. */
async function shopPods(): Promise<readonly string[]> {
  const columns = 'custom-columns=N:.spec.nodeName,P:.metadata.name,R:.status.conditions[?(@.type=="Ready")].status';
  for (let look = 0; look < 100; look++) {
    const listed = await lab.kubectl(["get", "pods", "-n", "shop", "--no-headers", "-o", columns]);
    const rows = listed.stdout.split("\n").map((line) => line.trim().split(/\s+/));
    if (rows.every(([, , ready]) => ready === "True")) return rows.map(([node, name]) => `${node} ${name}`);
    await sleep(100);
  }
  throw new Error("the shop's pods do not become Ready");
}

async function unschedulable(name: string): Promise<string> {
  return (await lab.kubectl(["get", "node", name, "-o", "jsonpath={.spec.unschedulable}"])).stdout;
}

function sound(seen: Seen): Seen {
  assert.equal(seen.failures, []);
  return seen;
}

test.before(async () => {
  const cni = { name: "kube-router", version: "v2.11.1", podPrefixLengths: [26] } as const;
  const third = spec.nodes.slice(-1).map((node) => ({ ...node, name: "worker-3", addresses: ["192.168.2.8/24"] }));
  lab = await startTestCluster({ spec: { ...spec, cni, nodes: [...spec.nodes, ...third] } });
  kubeconfig = writeKubeconfig(lab);
  // Nodes are Ready with a CNI's agent, which a drain leaves where it is.
  await apply(workload("DaemonSet", "kube-system", "kube-router", { hostNetwork: true, tolerations: [{ operator: "Exists" }] }));
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  await apply(workload("Deployment", "shop", "web", { replicas: 4 }));
});

test.after(async () => {
  await lab.close();
});

test("pods of several nodes go, in check as in the run; those of DaemonSets stay; a second run does nothing", async () => {
  const before = await shopPods();
  const nodes = ["worker-1", "worker-2"];
  const there = before.filter((pod) => !pod.startsWith("worker-3"));
  assert.ok(there.length > 1, before.join(", "));
  const list = [cordon(...nodes), drain(nodes)];
  const predicted = sound(await carryOut(kubeconfig, [...list, drain(nodes)], { check: true }));
  assert.equal(await shopPods(), before);
  const done = sound(await carryOut(kubeconfig, list));
  assert.equal(done.changes, predicted.changes);
  const pods = done.changes.slice(2);
  assert.equal(
    pods.map(({ target, before }) => `${JSON.stringify(before).slice(9, 17)} ${target.slice(9)}`),
    [...there].sort(),
  );
  assert.match(JSON.stringify(pods[0]?.before), "Deployment web");
  assert.ok((await shopPods()).every((pod) => pod.startsWith("worker-3")));
  const agents = await lab.kubectl(["get", "pods", "-n", "kube-system", "-l", "app=kube-router", "-o", "name"]);
  assert.is(agents.stdout.split("\n").length, 4);
  const second = sound(await carryOut(kubeconfig, list));
  assert.equal(second.changes, []);
  sound(await carryOut(kubeconfig, [uncordon(...nodes)]));
});

test("check mode lets a node be deleted that it has only planned to empty", async () => {
  const list = [cordon("worker-3"), drain(["worker-3"]), ["k8s.delete_node", { nodes: ["worker-3"] }]] as const;
  const predicted = sound(await carryOut(kubeconfig, list, { check: true }));
  assert.is(predicted.changes.at(-1)?.target, "node worker-3");
  const open = await carryOut(kubeconfig, [cordon("worker-3"), list[2]]);
  assert.match(open.failures[0]?.message ?? "", /^shop\/web-\S+ is still on worker-3/);
  sound(await carryOut(kubeconfig, [uncordon("worker-3")]));
});

test("a node that is not cordoned is not drained", async () => {
  const seen = await carryOut(kubeconfig, [drain(["worker-3"])]);
  assert.is(seen.failures[0]?.message, "not cordoned: worker-3");
  assert.is(await unschedulable("worker-3"), "");
});

test("what kubectl would refuse is a failure before anything goes, all of it named", async () => {
  const before = await shopPods();
  await apply(
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "bare", namespace: "shop" },
      spec: { ...template("bare").spec, nodeName: "worker-3" },
    },
    workload("Deployment", "shop", "cache", {
      nodeSelector: { "kubernetes.io/hostname": "worker-3" },
      volumes: [{ name: "data", emptyDir: {} }],
    }),
    budget("web", { minAvailable: 1 }),
    { ...Object(budget("web", { minAvailable: 1 })), metadata: { name: "other", namespace: "shop" } },
  );
  await shopPods();
  const seen = await carryOut(kubeconfig, [cordon("worker-3"), drain(["worker-3"])]);
  const lines = seen.failures[0]?.message.split("\n") ?? [];
  assert.is(lines.length, before.length + 2, lines.join("\n"));
  assert.match(lines[0] ?? "", "shop/bare on worker-3: no controller makes it again (force: true deletes it all the same)");
  assert.match(lines[1] ?? "", /^shop\/cache-\S+ on worker-3: the data in its emptyDir data would be lost/);
  assert.match(lines[2] ?? "", /^shop\/web-\S+ on worker-3: shop\/other and shop\/web both count it/);
  assert.equal((await shopPods()).length, before.length + 2);
  assert.is((await lab.kubectl(["delete", "pdb", "-n", "shop", "other", "web"])).exitCode, 0);
  const forced = sound(
    await carryOut(kubeconfig, [drain(["worker-3"], { force: true, delete_emptydir_data: true, grace_period: 1 })]),
  );
  assert.is(forced.changes.length, before.length + 2);
  assert.is((await lab.kubectl(["delete", "deployment", "-n", "shop", "cache"])).exitCode, 0);
  sound(await carryOut(kubeconfig, [uncordon("worker-3")]));
});

for (const when of ["stay", "uncordon"] as const) {
  test(`a budget that holds pods back: named with its numbers, the others are gone, and the node will ${when}`, async () => {
    await apply(workload("Deployment", "shop", "db", { replicas: 2 }), budget("db", { minAvailable: 2 }));
    const before = await shopPods();
    const held = before.find((pod) => pod.includes(" db-"));
    const [node = "", pod = ""] = held?.split(" ") ?? [];
    const told: string[] = [];
    const progress = { tell: (text: string) => told.push(text), signal: new AbortController().signal };
    const list = [cordon(node), drain([node], { timeout: 3, when_blocked: when })];
    const predicted = sound(await carryOut(kubeconfig, list, { check: true }));
    const words = "PodDisruptionBudget shop/db needs 2 healthy, has 2";
    assert.equal(predicted.warnings, [`pod shop/${pod} on ${node} may not go now: ${words}`]);
    const seen = await carryOut(kubeconfig, list, { progress });
    assert.equal(seen.warnings, predicted.warnings);
    assert.equal(seen.changes, predicted.changes);
    const { message = "", meaning = "" } = seen.failures[0] ?? {};
    const gone = before.filter((one) => one.startsWith(node) && !one.endsWith(pod)).map((one) => `shop/${one.split(" ")[1]}`);
    assert.match(message, `1 pod of ${gone.length + 1} left after 3 s\nshop/${pod} (${words})\n`);
    assert.match(message, "global timeout reached: 3s");
    assert.not.match(message, "will retry after");
    assert.match(meaning, gone.length === 0 ? "nothing was evicted" : `evicted: ${gone.join(", ")}`);
    assert.match(meaning, when === "stay" ? `${node} stays cordoned` : `${node} takes pods again`);
    assert.is(await unschedulable(node), when === "stay" ? "true" : "");
    assert.match(told.at(-1) ?? "", `1 pod left on ${node}: shop/${pod} (${words})`);
    assert.is(new Set(told).size, told.length);
    sound(await carryOut(kubeconfig, [uncordon(node)]));
    assert.is((await lab.kubectl(["delete", "pdb", "-n", "shop", "db"])).exitCode, 0);
  });
}

test("Ctrl-C: kubectl is ended, who is left is told, the node stays cordoned even when it should be let back", async () => {
  await apply(budget("db", { minAvailable: 2 }));
  const [node = ""] = (await shopPods()).find((pod) => pod.includes(" db-"))?.split(" ") ?? [];
  const interrupt = new AbortController();
  const progress = { tell: () => interrupt.abort(), signal: interrupt.signal };
  const seen = await carryOut(kubeconfig, [cordon(node), drain([node], { timeout: 300, when_blocked: "uncordon" })], {
    progress,
  });
  assert.match(seen.failures[0]?.message ?? "", /^interrupted: \d+ pods? of \d+ left\n/);
  assert.match(seen.failures[0]?.meaning ?? "", `${node} stays cordoned`);
  assert.is(await unschedulable(node), "true");
  assert.is((await lab.kubectl(["delete", "pdb", "-n", "shop", "db"])).exitCode, 0);
  const after = sound(await carryOut(kubeconfig, [drain([node])]));
  assert.ok(after.changes.length > 0);
  sound(await carryOut(kubeconfig, [uncordon(node)]));
});

test("two nodes cost as many processes as one", async () => {
  const counts: number[] = [];
  for (const nodes of [["worker-1"], ["worker-1", "worker-2"]]) {
    // Spread over all nodes again.
    assert.is((await lab.kubectl(["delete", "pods", "-n", "shop", "--all"])).exitCode, 0);
    const before = await shopPods();
    for (const node of nodes) assert.ok(before.some((pod) => pod.startsWith(node)));
    sound(await carryOut(kubeconfig, [cordon(...nodes)]));
    const { kubectl, changes } = sound(await carryOut(kubeconfig, [drain(nodes)]));
    assert.ok(changes.length >= nodes.length);
    counts.push(kubectl);
    sound(await carryOut(kubeconfig, [uncordon(...nodes)]));
  }
  // Looks while it waits depend on the time, not on the nodes: two processes each.
  assert.ok(Math.abs((counts[0] ?? 0) - (counts[1] ?? 0)) <= 2, counts.join(" and "));
});

test.run();
