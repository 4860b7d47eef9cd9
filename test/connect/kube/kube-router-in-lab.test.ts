import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { NODE_ANNOTATIONS } from "../../../lab/kube/kube-router/kube-router.ts";
import type { PodOutput, PodProgram } from "../../../lab/parts.ts";
import { findPrograms } from "../../../lab/programs.ts";
import type { Change, Unknown } from "../../../runner/change.ts";
import { openCluster } from "../../../runner/connect/kube/open-cluster.ts";
import type { Json } from "../../../runner/json.ts";
import type { Failure } from "../../../runner/result.ts";
import { MASK, Secret } from "../../../runner/secret.ts";
import { registry } from "../../../tasks/index.ts";
import { connectionsTo, observe, prepare } from "../../k8s/fake-cluster.ts";
import { neighbor, session } from "../../kube-router/running.ts";
import { spec, startTestCluster, type TestCluster } from "../../lab/kube/start.ts";
import { quiet } from "../../support/progress.ts";
import { writeKubeconfig } from "./kubeconfig.ts";

/** The kube-router part with the real kubectl against the lab's API server: predicted, done, not done twice, passwords never seen. */
const test = suite("kube-router in the lab's cluster");

const CANARY = "canary-bgp-password";
const ROTATED = "rotated-bgp-password";
const names = spec.nodes.map(({ name }) => name);

let lab: TestCluster;
let kubeconfig: string;

interface Seen {
  readonly changes: readonly Change[];
  readonly unknown: readonly Unknown[];
  readonly failures: readonly Failure[];
}

const sessions = names.flatMap((node) => [session(node, "192.168.2.201"), session(node, "192.168.2.202")]);
const family = { family: "ipv4", service_subnet: "192.168.8.0/22", load_balancer_subnet: "192.168.13.0/24" };

/** playbooks/parts/kube-router.yaml. */
function tasks(version = "v2.11.1", password = CANARY): readonly (readonly [string, unknown])[] {
  return [
    ["k8s.node_label", { label: "rack_id", values: Object.fromEntries(names.map((name) => [name, 1])) }],
    ["kube_router.peers", { version, asn: 65002, sessions, password: new Secret(password) }],
    ["kube_router.daemonset", { version, asn: 65003, families: [family] }],
    ["kube_router.restart", { timeout: 30 }],
  ];
}

async function opened(check: boolean) {
  // Without the rotated password among the run's secrets: masking must not depend on them.
  return openCluster({ ...(await findPrograms()), kubeconfig, check, secrets: [], timeouts: { pollMilliseconds: 200 } });
}

async function go(list: readonly (readonly [string, unknown])[], check: boolean): Promise<Seen> {
  const cluster = await opened(check);
  const connections = connectionsTo({ connection: cluster.connection() });
  const changes: Change[] = [];
  const unknown: Unknown[] = [];
  const failures: Failure[] = [];
  for (const [name, args] of list) {
    const type = registry.get(name);
    const task = type === undefined ? undefined : prepare(type, args, check);
    if (task?.form !== "declared" && task?.form !== "action") throw new Error(`${name} changes nothing`);
    const planned = await task.plan(connections);
    if (!planned.ok) {
      failures.push(planned.failure);
      continue;
    }
    changes.push(...planned.value.changes);
    unknown.push(...planned.value.unknown);
    if (check) planned.value.project();
    const applied = !check && planned.value.changes.length > 0 ? await planned.value.apply(quiet) : undefined;
    if (applied?.ok === false) failures.push(applied.failure);
  }
  cluster.close();
  const seen = { changes, unknown, failures };
  const text = JSON.stringify(seen);
  for (const secret of [CANARY, ROTATED]) {
    assert.not.match(text, secret);
    assert.not.match(text, Buffer.from(secret).toString("base64"));
  }
  return seen;
}

/** Checks, runs, and sees that both said the same and that a second run has nothing to do. */
async function predictedAndDone(list: readonly (readonly [string, unknown])[]): Promise<readonly string[]> {
  const predicted = await go(list, true);
  const done = await go(list, false);
  assert.equal(predicted.failures, []);
  assert.equal(predicted.unknown, []);
  assert.equal(done.failures, []);
  assert.equal(done.changes, predicted.changes);
  assert.equal(await go(list, false), { changes: [], unknown: [], failures: [] });
  return done.changes.map(({ target, action }) => `${action} ${target}`);
}

/** A gobgp that has the peers which its node's annotations named when the pod started. */
function gobgp({ pod: name, command }: PodProgram): PodOutput {
  const pod = lab.cluster.list("Pod").find(({ metadata }) => metadata.name === name);
  const annotations: Readonly<Record<string, string>> = JSON.parse(pod?.metadata.annotations?.[NODE_ANNOTATIONS] ?? "{}");
  const decode = (text: string | undefined) => (text === undefined ? "" : Buffer.from(text, "base64").toString());
  const list: readonly { remoteip: string; password: string }[] = parse(annotations["kube-router.io/peers"] ?? "[]");
  const columns = (annotations["kube-router.io/peer.ips"] ?? "").split(",").filter(Boolean);
  const passwords = (annotations["kube-router.io/peer.passwords"] ?? "").split(",");
  const neighbors =
    list.length > 0
      ? list.map(({ remoteip, password }) => neighbor(remoteip, { password: decode(password) }))
      : columns.map((remoteip, index) => neighbor(remoteip, { password: decode(passwords[index]) }));
  const isAsked = command.join(" ") === "gobgp neighbor -j";
  return isAsked
    ? { stdout: JSON.stringify(neighbors), stderr: "", exitCode: 0 }
    : { stdout: "", stderr: "no such command", exitCode: 1 };
}

function annotationsOf(name: string): Readonly<Record<string, string>> {
  return lab.cluster.list("Node").find(({ metadata }) => metadata.name === name)?.metadata.annotations ?? {};
}

function uids(): Json {
  return lab.cluster
    .list("Pod")
    .filter(({ metadata }) => metadata.labels?.["k8s-app"] === "kube-router")
    .map(({ metadata }) => String("uid" in metadata ? metadata.uid : ""))
    .sort();
}

const nodeChanges = names.map((name) => `modify node ${name}`);

test.before(async () => {
  const cni = { name: "kube-router", version: "v2.11.1", podPrefixLengths: [26] } as const;
  lab = await startTestCluster({ spec: { ...spec, cni }, exec: gobgp });
  kubeconfig = writeKubeconfig(lab);
});

test.after(async () => lab.close());

test("from nothing: labels, peers, objects; no pod is started twice", async () => {
  assert.equal(await predictedAndDone(tasks()), [
    ...nodeChanges,
    ...nodeChanges,
    "create serviceaccount kube-system/kube-router",
    "create clusterrole kube-router",
    "create clusterrolebinding kube-router",
    "create configmap kube-system/kube-router-cfg",
    "create daemonset kube-system/kube-router",
  ]);
  for (const name of names) {
    assert.equal(
      parse(annotationsOf(name)["kube-router.io/peers"] ?? "").map(({ remoteip }: { remoteip: string }) => remoteip),
      ["192.168.2.201", "192.168.2.202"],
    );
  }
});

test("the sessions are seen, in check mode too, and the pod prefixes", async () => {
  for (const check of [true, false]) {
    const cluster = await opened(check);
    const fake = { connection: cluster.connection(), applied: [], deleted: [], wanted: [] };
    const [verify, prefixes] = [registry.get("verify.kube_router_sessions"), registry.get("kube_router.pod_prefixes")];
    if (verify === undefined || prefixes === undefined) throw new Error("not registered");
    const seen = await observe(verify, { sessions }, fake, check);
    assert.equal(seen.unmet, []);
    assert.is(seen.message, "6 of 6 sessions Established, kube-router 2.11.1");
    assert.equal((await observe(prefixes, { nodes: names }, fake, check)).unmet, []);
    cluster.close();
  }
});

test("another password: annotations, then every pod once", async () => {
  const before = uids();
  assert.equal(await predictedAndDone(tasks("v2.11.1", ROTATED)), [
    ...nodeChanges,
    ...names.map((name) => `run kube-router on ${name}`),
  ]);
  const after = uids();
  assert.ok(Array.isArray(before) && Array.isArray(after) && !after.some((uid) => before.includes(uid)));
});

test("changed by hand on one node: put back, and that pod only", async () => {
  await lab.kubectl([
    "annotate",
    "node",
    "worker-1",
    "--overwrite",
    "kube-router.io/peers=- {remoteip: 192.0.2.1, remoteasn: 65002}",
  ]);
  await lab.kubectl([
    "-n",
    "kube-system",
    "delete",
    "pod",
    "-l",
    "k8s-app=kube-router",
    "--field-selector=spec.nodeName=worker-1",
  ]);
  assert.equal(await predictedAndDone(tasks("v2.11.1", ROTATED)), ["modify node worker-1", "run kube-router on worker-1"]);
});

test("an older release: the other form of the annotations, the rollout restarts the pods", async () => {
  assert.equal(await predictedAndDone(tasks("v2.6.1", ROTATED)), [...nodeChanges, "modify daemonset kube-system/kube-router"]);
  assert.equal(
    Object.keys(annotationsOf("worker-1")).filter((name) => name.startsWith("kube-router.io/peer")),
    ["kube-router.io/peer.asns", "kube-router.io/peer.ips", "kube-router.io/peer.passwords"],
  );
});

test("absent: the annotations go masked, labels and nodes stay", async () => {
  const [, [peersTask, args] = ["", {}]] = tasks("v2.6.1", ROTATED);
  const list = [[peersTask, { ...Object(args), state: "absent" }]] as const;
  const { changes } = await go(list, true);
  assert.equal(changes.at(0)?.before, {
    metadata: {
      annotations: {
        "kube-router.io/peer.asns": "65002,65002",
        "kube-router.io/peer.ips": "192.168.2.201,192.168.2.202",
        "kube-router.io/peer.passwords": MASK,
      },
    },
  });
  assert.equal(await predictedAndDone(list), nodeChanges);
  const nodes = lab.cluster.list("Node");
  assert.is(nodes.length, names.length);
  for (const { metadata } of nodes) {
    assert.is(metadata.labels?.rack_id, "1");
    assert.not.ok(Object.keys(metadata.annotations ?? {}).some((name) => name.startsWith("kube-router.io/peer")));
  }
});

test("a node that has not joined is named, and none is made up", async () => {
  const stranger = { version: "v2.11.1", asn: 65002, sessions: [session("worker-9", "192.168.2.201")] };
  const { failures } = await go([["kube_router.peers", stranger]], true);
  assert.is(failures[0]?.message, "not in the cluster: node worker-9");
  assert.is(lab.cluster.list("Node").length, names.length);
});

test.run();
