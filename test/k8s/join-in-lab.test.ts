import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { TaskPlan } from "../../runner/task-type.ts";
import { join } from "../../tasks/k8s/join.ts";
import { makeKubeadmFile } from "../../tasks/node/commands.ts";
import { parsed } from "../lab/kube/start.ts";
import { prepare } from "./fake-cluster.ts";
import { type JoinLab, newcomer, startJoinLab, stopAll } from "./join-lab.ts";

/** k8s.join with real kubectl and SSH against the lab's cluster and machines. */
const test = suite("k8s.join in the lab");
test.after(stopAll);

const item = (name: string, address: string) => ({ name, addresses: [`${address}/24`], rack_id: "2", vlan: 310 });
const WORKERS = [item("worker-7", "192.168.2.7"), item("worker-8", "192.168.2.8")];
const MASTER = item("master-2", "192.168.2.2");
const machines = [
  newcomer("worker-7", "192.168.2.7"),
  newcomer("worker-8", "192.168.2.8"),
  newcomer("master-2", "192.168.2.2", true),
];

const args = (nodes: readonly object[]) => ({
  nodes,
  control_planes: ["master-1", "master-2"],
  labels: { rack_id: "rack_id" },
  timeout: 30,
});

/** Plans in a session of its own. */
async function planned(lab: JoinLab, given: object, check = false) {
  const connections = await lab.open(check);
  const task = prepare(join, given, check);
  if (task.form !== "action") throw new Error("not an action");
  return { connections, plan: await task.plan(connections) };
}

/** Runs it, and gives what was said. Nothing that was said or run shows a secret. */
async function run(lab: JoinLab, given: object) {
  const { connections, plan } = await planned(lab, given);
  if (!plan.ok) throw new Error(plan.failure.message);
  const told: string[] = [];
  const progress = { tell: (text: string) => told.push(text), signal: new AbortController().signal };
  const applied = await plan.value.apply(progress);
  const text = JSON.stringify([told, applied, plan.value.changes, lab.commands]);
  for (const { token } of lab.joins) assert.not.match(text, token.split(".")[1] ?? "");
  for (const key of lab.keys) assert.not.match(text, key);
  return { changes: plan.value.changes, told, applied, kubectl: connections.counts().kube?.kubectl ?? 0 };
}

interface Seen {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly { readonly key: string }[] };
  readonly status: { readonly addresses: readonly { readonly type: string; readonly address: string }[] };
}

async function nodeIn(lab: JoinLab, name: string): Promise<Seen> {
  const found: Seen = JSON.parse((await lab.cluster.kubectl(["get", "node", name, "-o", "json"])).stdout);
  return found;
}

/** Our token is not left, nor a file with one. kubeadm's own, which the uploaded certificates end with, has no rights. */
async function cleanedUp(lab: JoinLab): Promise<void> {
  const secrets = await lab.cluster.kubectl(["get", "secrets", "-n", "kube-system", "-o", "name"]);
  assert.ok(lab.joins.length > 0);
  for (const { token } of lab.joins) assert.not.match(secrets.stdout, `bootstrap-token-${token.split(".")[0]}`);
  await noFileLeft(lab);
}

async function noFileLeft(lab: JoinLab): Promise<void> {
  const connections = await lab.open();
  for (const { name } of lab.nodes.states()) {
    const node = await connections.open("node", name);
    const left = node.ok ? await node.value.reader.run(["find", "/run", "-maxdepth", "1", "-type", "f"]) : node;
    assert.ok(left.ok);
    if (left.ok) assert.is(left.value.stdout, "", name);
  }
}

function targets(plan: Pick<TaskPlan, "changes">): readonly string[] {
  return plan.changes.map(({ action, target }) => `${action} ${target}`);
}

test("a control plane node and workers join with one token, cordoned and labelled; check foretells it; once more: nothing", async () => {
  const lab = await startJoinLab(machines);
  const given = args([...WORKERS, MASTER]);
  const foretold = await planned(lab, given, true);
  assert.ok(foretold.plan.ok, JSON.stringify(foretold.plan));
  const seen = await run(lab, given);
  assert.ok(seen.applied.ok, JSON.stringify(seen.applied));
  if (foretold.plan.ok) {
    assert.equal(foretold.plan.value.changes, seen.changes);
    // Later tasks of the check see the Nodes.
    foretold.plan.value.project();
    const side = await foretold.connections.open("localhost", "localhost");
    const laid = side.ok ? await side.value.reader.objects([{ apiVersion: "v1", kind: "Node", name: "worker-7" }]) : side;
    assert.is(laid.ok && laid.value[0]?.metadata.labels?.rack_id, "2");
    assert.is(laid.ok && laid.value[0]?.metadata.annotations?.["underlay/cordoned"], "add-node");
  }
  assert.equal(targets(seen), ["create node worker-7", "create node worker-8", "create node master-2"]);
  assert.is(new Set(lab.joins.map(({ token }) => token)).size, 1);
  assert.equal(lab.joins.map(({ node, certificateKey }) => [node, certificateKey !== undefined]).sort(), [
    ["master-2", true],
    ["worker-7", false],
    ["worker-8", false],
  ]);
  assert.is(lab.joins[0]?.node, "master-2");
  assert.is(lab.keys.length, 1);
  for (const name of ["worker-7", "master-2"]) {
    const { metadata, spec, status } = await nodeIn(lab, name);
    assert.is(metadata.labels.rack_id, "2");
    assert.is(metadata.annotations["underlay/cordoned"], "add-node");
    assert.ok(spec.unschedulable);
    const keys = spec.taints?.map(({ key }) => key) ?? [];
    assert.not.ok(keys.includes("underlay/joining"));
    assert.is(keys.includes("node-role.kubernetes.io/control-plane"), name === "master-2");
    const internal = status.addresses.filter(({ type }) => type === "InternalIP").map(({ address }) => address);
    assert.equal(internal, [name === "worker-7" ? "192.168.2.7" : "192.168.2.2"]);
  }
  await cleanedUp(lab);
  assert.ok(lab.nodes.states().every(({ kubelet }) => kubelet));
  const again = await planned(lab, given);
  assert.equal(again.plan.ok && again.plan.value.changes, []);
  await lab.close();
});

test("two workers cost no more kubectl processes than one", async () => {
  const one = await startJoinLab(machines);
  const few = await run(one, args(WORKERS.slice(0, 1)));
  await one.close();
  const two = await startJoinLab(machines);
  const many = await run(two, args(WORKERS));
  await two.close();
  assert.ok(few.applied.ok && many.applied.ok);
  assert.ok(few.kubectl > 0);
  assert.is(many.kubectl, few.kubectl);
});

test("one that cannot reach the API server is named in kubeadm's words; the other is in, and the token is gone", async () => {
  const lab = await startJoinLab(machines, ["worker-8"]);
  const { applied } = await run(lab, { ...args(WORKERS), api_endpoint: "10.0.0.1:6443" });
  assert.not(applied.ok);
  if (!applied.ok) {
    assert.match(applied.failure.message, "worker-8: error execution phase preflight: couldn't validate the identity");
    assert.not.match(applied.failure.message, "worker-7");
  }
  const { metadata, spec } = await nodeIn(lab, "worker-7");
  assert.is(metadata.annotations["underlay/cordoned"], "add-node");
  assert.not.ok(spec.taints?.some(({ key }) => key === "underlay/joining"));
  await cleanedUp(lab);
  const again = await planned(lab, args(WORKERS));
  assert.equal(again.plan.ok && targets(again.plan.value), ["create node worker-8"]);
  await lab.close();
});

test("a node that was left with the taint is finished without kubeadm; the file with the token goes", async () => {
  const lab = await startJoinLab([]);
  const before = await (await lab.open()).open("node", "worker-1");
  assert.ok(before.ok);
  if (before.ok) await before.value.writer?.run(makeKubeadmFile);
  await lab.cluster.kubectl(["taint", "node", "worker-1", "underlay/joining:NoSchedule"]);
  const seen = await run(lab, args([item("worker-1", "192.168.2.4")]));
  assert.ok(seen.applied.ok);
  assert.equal(targets(seen), ["modify node worker-1"]);
  assert.equal(lab.joins, []);
  await noFileLeft(lab);
  const { spec } = await nodeIn(lab, "worker-1");
  assert.ok(spec.unschedulable);
  await lab.close();
});

test("refused before anything is made: credentials of another cluster, no control plane to help, no cluster-info", async () => {
  const lab = await startJoinLab(machines);
  await lab.cluster.kubectl(["delete", "node", "worker-2"]);
  const kept = await planned(lab, args([item("worker-2", "192.168.2.6")]));
  assert.match(kept.plan.ok ? "" : kept.plan.failure.message, "worker-2 has joined a cluster before");
  const alone = await planned(lab, { ...args([MASTER]), control_planes: ["master-2"] });
  assert.match(alone.plan.ok ? "" : alone.plan.failure.message, "none of master-2 is in the cluster");
  await lab.cluster.kubectl(["delete", "configmap", "cluster-info", "-n", "kube-public"]);
  const blind = await planned(lab, args(WORKERS));
  assert.match(blind.plan.ok ? "" : (blind.plan.failure.next ?? ""), "kubeadm init phase bootstrap-token");
  assert.equal(lab.joins, []);
  assert.ok(parsed(await lab.cluster.kubectl(["get", "nodes", "-o", "json"])));
  await lab.close();
});

test("a label that a kubelet may not give itself is refused at load", () => {
  const given = { ...args(WORKERS), labels: { "node-role.kubernetes.io/worker": "name" } };
  assert.throws(() => prepare(join, given), /reserved/);
});

test.run();
