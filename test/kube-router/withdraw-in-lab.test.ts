import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PodOutput, PodProgram } from "../../lab/parts.ts";
import { isObject } from "../../runner/json.ts";
import { Secret } from "../../runner/secret.ts";
import { writeKubeconfig } from "../connect/kube/kubeconfig.ts";
import { carryOut } from "../k8s/lab-task.ts";
import { dualStack, startTestCluster, type TestCluster } from "../lab/kube/start.ts";
import { CANARY, ENCODED, neighbor, session } from "./running.ts";

/** kube_router.withdraw and the way back, with the real kubectl; GoBGP is a stand-in that keeps what was switched off. */
const test = suite("kube_router.withdraw");

let lab: TestCluster;
let kubeconfig: string;

/** master-1 has no peers. */
const nodes = ["worker-1", "worker-2"];
const LABEL = "underlay/withdrawn";
const PEERS = "kube-router.io/peers";
const LEAVES = ["192.168.43.201", "192.168.43.202"];
const APPLY = ["apply", "--server-side", "--field-manager=test", "-f", "-"];

/** What GoBGP of each pod has: address of a neighbour, and whether it is switched off. */
const gobgp = new Map<string, Map<string, boolean>>();
/** Commands that changed something, `worker-1 192.168.43.201 disable`. */
const switched: string[] = [];
/** Nodes whose pod does not answer. */
const mute = new Set<string>();

function exec({ node, pod, command }: PodProgram): PodOutput {
  const [program, what, address, verb] = command;
  const said = (stdout: string, exitCode = 0): PodOutput => ({ stdout, stderr: "", exitCode });
  if (mute.has(node) || program !== "gobgp" || what !== "neighbor") return said('{"error":"connection refused"}\n', 1);
  const own = gobgp.get(pod) ?? new Map(nodes.includes(node) ? LEAVES.map((leaf) => [leaf, false]) : []);
  gobgp.set(pod, own);
  if (verb === "disable" && address !== undefined) {
    switched.push(`${node} ${address}`);
    own.set(address, true);
    return said("");
  }
  const list = [...own].map(([leaf, off]) => neighbor(leaf, off ? { state: 1, admin: 1 } : {}));
  return said(JSON.stringify(list));
}

async function kubectl(args: readonly string[], input?: unknown): Promise<string> {
  const done = await lab.kubectl(args, input);
  assert.is(done.exitCode, 0, done.stderr);
  return done.stdout;
}

async function metadata(name: string): Promise<{ readonly label: unknown; readonly annotations: readonly string[] }> {
  const node: unknown = JSON.parse(await kubectl(["get", "node", name, "-o", "json"]));
  const found = isObject(node) && isObject(node.metadata) ? node.metadata : {};
  const annotations = Object.keys(isObject(found.annotations) ? found.annotations : {});
  return {
    label: isObject(found.labels) ? found.labels[LABEL] : undefined,
    annotations: annotations.filter((key) => key.startsWith("kube-router.io/peer")),
  };
}

const sessions = nodes.flatMap((node) => LEAVES.map((leaf) => session(node, leaf)));
const peers = [
  "kube_router.peers",
  { version: "v2.11.1", asn: 65002, sessions, password: new Secret(CANARY), state: "present" },
] as const;
const withdraw = (list: readonly string[], state = "present") =>
  ["kube_router.withdraw", { nodes: list, state, timeout: 5 }] as const;

test.before(async () => {
  lab = await startTestCluster({ spec: dualStack("kube-router", "v2.11.1"), exec });
  kubeconfig = writeKubeconfig(lab);
  const labels = { "k8s-app": "kube-router" };
  const containers = [{ name: "kube-router", image: "docker.io/cloudnativelabs/kube-router:v2.11.1", args: ["--run-router"] }];
  await kubectl(APPLY, {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "kube-router", namespace: "kube-system", labels },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { hostNetwork: true, tolerations: [{ operator: "Exists" }], containers } },
    },
  });
  await kubectl(["wait", "--for=condition=Ready", "nodes", "--all", "--timeout=10s"]);
  assert.equal((await carryOut(kubeconfig, [peers])).failures, []);
});

test.after(async () => {
  await lab.close();
});

test("label, no annotated peers of any form, neighbours switched off; check equals run, nothing at a second run", async () => {
  await kubectl(["annotate", "node", "worker-1", "kube-router.io/peer.ips=192.0.2.1", "kube-router.io/peer.asns=65001"]);
  const tasks = [withdraw(nodes)];
  const checked = await carryOut(kubeconfig, tasks, { check: true });
  assert.equal(switched, [], "check mode writes nothing");
  assert.equal(await metadata("worker-2"), { label: undefined, annotations: [PEERS] });
  const run = await carryOut(kubeconfig, tasks);
  assert.equal(run.failures, []);
  assert.equal(checked.changes, run.changes);
  assert.equal(
    run.changes.map(({ target }) => target),
    ["node worker-1", "node worker-2", "node worker-1", "node worker-2", "kube-router on worker-1", "kube-router on worker-2"],
  );
  assert.equal(run.changes.at(-1)?.before, { "192.168.43.201": "up", "192.168.43.202": "up" });
  assert.equal(
    [...switched].sort(),
    nodes.flatMap((node) => LEAVES.map((leaf) => `${node} ${leaf}`)),
  );
  for (const name of nodes) assert.equal(await metadata(name), { label: "true", annotations: [] });
  assert.not.match(JSON.stringify([checked, run]), CANARY);
  assert.not.match(JSON.stringify([checked, run]), ENCODED);
  const again = await carryOut(kubeconfig, tasks);
  assert.equal([again.changes, again.failures], [[], []]);
});

test("while withdrawn: the design playbook's tasks give no peers back and restart nothing", async () => {
  const seen = await carryOut(kubeconfig, [peers, ["kube_router.restart", { timeout: 5 }]]);
  assert.equal([seen.changes, seen.failures], [[], []]);
  assert.is(seen.warnings.length, 2);
  assert.equal(await metadata("worker-1"), { label: "true", annotations: [] });
});

test("the way back: label, peers, a new pod without switched-off neighbours; check equals run", async () => {
  const tasks = [withdraw(nodes, "absent"), peers, ["kube_router.restart", { timeout: 20 }] as const];
  const checked = await carryOut(kubeconfig, tasks, { check: true });
  // A new pod has the annotated peers, none switched off, and so had the stand-in's of a pod that it does not know.
  const before = new Set(gobgp.keys());
  const seen = await carryOut(kubeconfig, tasks);
  assert.equal(seen.failures, []);
  assert.equal(
    checked.changes.map(({ target, action }) => [target, action]),
    seen.changes.map(({ target, action }) => [target, action]),
  );
  assert.equal(
    seen.changes.filter(({ action }) => action === "run").map(({ target }) => target),
    ["kube-router on worker-1", "kube-router on worker-2"],
  );
  for (const name of nodes) assert.equal(await metadata(name), { label: undefined, annotations: [PEERS] });
  assert.ok(
    [...gobgp.keys()].some((pod) => !before.has(pod)),
    "new pods",
  );
  assert.equal((await carryOut(kubeconfig, tasks)).changes, []);
});

test("out of service and back in one check comes to the run's changes", async () => {
  const tasks = [withdraw(["worker-1"]), withdraw(["worker-1"], "absent"), peers];
  const checked = await carryOut(kubeconfig, tasks, { check: true });
  const run = await carryOut(kubeconfig, tasks);
  assert.equal(run.failures, []);
  assert.equal(checked.changes, run.changes);
  await carryOut(kubeconfig, [["kube_router.restart", { timeout: 20 }]]);
});

test("a pod that does not answer on a node that is Ready is a failure: nobody knows what it announces", async () => {
  mute.add("worker-1");
  const { failures, changes } = await carryOut(kubeconfig, [withdraw(["worker-1"])]);
  mute.delete("worker-1");
  assert.is(failures.length, 1);
  assert.equal(changes, []);
});

test.run();
