import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findPrograms } from "../../lab/programs.ts";
import { carryOut } from "./lab-task.ts";
import { notingKubectl } from "./noting-kubectl.ts";
import { budget, cordon, drain, openShop, type Shop, sound, template, uncordon, workload } from "./shop-lab.ts";

/** k8s.drain with the real kubectl: which pods go, which are refused, at what cost. */
const test = suite("drain in the lab");

let shop: Shop;

test.before(async () => {
  shop = await openShop();
});

test.after(async () => {
  await shop.lab.close();
});

test("pods of several nodes go, in check as in the run; those of DaemonSets stay; a second run does nothing", async () => {
  const before = await shop.pods();
  const nodes = ["worker-1", "worker-2"];
  const there = before.filter((pod) => !pod.startsWith("worker-3"));
  assert.ok(there.length > 1, before.join(", "));
  const list = [cordon(...nodes), drain(nodes)];
  const predicted = sound(await carryOut(shop.kubeconfig, [...list, drain(nodes)], { check: true }));
  assert.equal(await shop.pods(), before);
  const done = sound(await carryOut(shop.kubeconfig, list));
  assert.equal(done.changes, predicted.changes);
  const pods = done.changes.slice(2);
  assert.equal(
    pods.map(({ target, before }) => `${JSON.stringify(before).slice(9, 17)} ${target.slice(9)}`),
    [...there].sort(),
  );
  assert.match(JSON.stringify(pods[0]?.before), "Deployment web");
  assert.ok((await shop.pods()).every((pod) => pod.startsWith("worker-3")));
  const agents = await shop.lab.kubectl(["get", "pods", "-n", "kube-system", "-l", "app=kube-router", "-o", "name"]);
  assert.is(agents.stdout.split("\n").length, 4);
  const second = sound(await carryOut(shop.kubeconfig, list));
  assert.equal(second.changes, []);
  sound(await carryOut(shop.kubeconfig, [uncordon(...nodes)]));
});

test("check mode lets a node be deleted that it has only planned to empty", async () => {
  const list = [cordon("worker-3"), drain(["worker-3"]), ["k8s.delete_node", { nodes: ["worker-3"] }]] as const;
  const predicted = sound(await carryOut(shop.kubeconfig, list, { check: true }));
  assert.is(predicted.changes.at(-1)?.target, "node worker-3");
  const open = await carryOut(shop.kubeconfig, [cordon("worker-3"), list[2]]);
  assert.match(open.failures[0]?.message ?? "", /^shop\/web-\S+ is still on worker-3/);
  sound(await carryOut(shop.kubeconfig, [uncordon("worker-3")]));
});

test("a node that is not cordoned is not drained", async () => {
  const seen = await carryOut(shop.kubeconfig, [drain(["worker-3"])]);
  assert.is(seen.failures[0]?.message, "not cordoned: worker-3");
  assert.is(await shop.unschedulable("worker-3"), "");
});

test("what kubectl would refuse is a failure before anything goes, all of it named", async () => {
  const before = await shop.pods();
  await shop.apply(
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
  await shop.pods();
  const seen = await carryOut(shop.kubeconfig, [cordon("worker-3"), drain(["worker-3"])]);
  const lines = seen.failures[0]?.message.split("\n") ?? [];
  assert.is(lines.length, before.length + 2, lines.join("\n"));
  assert.match(lines[0] ?? "", "shop/bare on worker-3: no controller makes it again (force: true deletes it all the same)");
  assert.match(lines[1] ?? "", /^shop\/cache-\S+ on worker-3: the data in its emptyDir data would be lost/);
  assert.match(lines[2] ?? "", /^shop\/web-\S+ on worker-3: shop\/other and shop\/web both count it/);
  assert.equal((await shop.pods()).length, before.length + 2);
  assert.is((await shop.lab.kubectl(["delete", "pdb", "-n", "shop", "other", "web"])).exitCode, 0);
  const forced = sound(
    await carryOut(shop.kubeconfig, [drain(["worker-3"], { force: true, delete_emptydir_data: true, grace_period: 1 })]),
  );
  assert.is(forced.changes.length, before.length + 2);
  assert.is((await shop.lab.kubectl(["delete", "deployment", "-n", "shop", "cache"])).exitCode, 0);
  sound(await carryOut(shop.kubeconfig, [uncordon("worker-3")]));
});

test("two nodes cost as many processes as one", async () => {
  const noting = notingKubectl(shop.lab.directory, (await findPrograms()).kubectl);
  const processes: (readonly string[])[] = [];
  for (const nodes of [["worker-1"], ["worker-1", "worker-2"]]) {
    // Spread over all nodes again.
    assert.is((await shop.lab.kubectl(["delete", "pods", "-n", "shop", "--all"])).exitCode, 0);
    const before = await shop.pods();
    for (const node of nodes) assert.ok(before.some((pod) => pod.startsWith(node)));
    sound(await carryOut(shop.kubeconfig, [cordon(...nodes)]));
    const { changes } = sound(await carryOut(shop.kubeconfig, [drain(nodes)], { programs: { kubectl: noting.file } }));
    assert.ok(changes.length >= nodes.length);
    // How many looks there are while it waits depends on the time, not on the nodes.
    const taken = noting.taken();
    assert.is(taken.filter((verb) => verb === "drain").length, 1);
    processes.push(taken.slice(0, taken.indexOf("drain") + 1));
    sound(await carryOut(shop.kubeconfig, [uncordon(...nodes)]));
  }
  assert.equal(processes[1], processes[0]);
});

test.run();
