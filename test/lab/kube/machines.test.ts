import { suite } from "uvu";
import * as assert from "uvu/assert";
import { at, listAt, textAt } from "../../../lab/bgp/kube-read.ts";
import type { LabKubeObject } from "../../../lab/parts.ts";
import { apply, conditionOf, fiveNodes, type MachineState, nodeOf, podsOf, running, terminating, workload } from "./day2.ts";
import { startTestCluster, type TestCluster, until } from "./start.ts";

const test = suite("machines under the cluster");
let lab: TestCluster;
/** Times a real cluster's speed: grace period 0.4 s, eviction after 3 s more. */
const FAST = 100;
const names = fiveNodes.nodes.map(({ name }) => name);
const agent = workload("DaemonSet", "calico-node", 0, { tolerations: [{ operator: "Exists" }] });
const agents = {
  ...agent,
  spec: {
    selector: { matchLabels: { "k8s-app": "calico-node" } },
    template: { ...agent.spec.template, metadata: { labels: { "k8s-app": "calico-node", app: "agent" } } },
  },
};

function tell(changes: Readonly<Record<string, Partial<MachineState> | undefined>> = {}, all = names): void {
  lab.cluster.machines(running(all).map((state) => ({ ...state, ...changes[state.name] })));
}

/** Starts a cluster that runs: an agent on each node and four pods beside them. */
async function start(speed: number): Promise<void> {
  lab = await startTestCluster({ spec: fiveNodes, faults: new Map([["time.speed", String(speed)]]) });
  tell();
  await apply(lab, agents, workload("Deployment", "web", 4));
  await until(() => podsOf(lab, "web").every((pod) => conditionOf(pod, "Ready") === "True"));
}

test.after.each(() => lab.close());

const podOn = (app: string, node: string) => podsOf(lab, app).find((pod) => textAt(pod, "spec", "nodeName") === node);
const readyOf = (node: string) => conditionOf(nodeOf(lab, node), "Ready");
const container = (pod: LabKubeObject | undefined) => listAt(pod, "status", "containerStatuses")[0];
const taintsOf = (node: string) =>
  listAt(nodeOf(lab, node), "spec", "taints").map((taint) => `${textAt(taint, "key")}:${textAt(taint, "effect")}`);

test("a machine that is switched off: Ready for a while, then Unknown and tainted; later its pods are replaced elsewhere", async () => {
  await start(FAST);
  const [web, daemon] = [podOn("web", "worker-2")?.metadata.name, podOn("agent", "worker-2")?.metadata.name];
  tell({ "worker-2": { poweredOn: false, kubelet: false } });
  assert.is(readyOf("worker-2"), "True", "nobody has noticed yet");
  assert.is(conditionOf(podOn("web", "worker-2"), "Ready"), "True");
  await until(() => readyOf("worker-2") === "Unknown");
  const ready = listAt(nodeOf(lab, "worker-2"), "status", "conditions").find((entry) => textAt(entry, "type") === "Ready");
  assert.is(textAt(ready, "reason"), "NodeStatusUnknown");
  assert.equal(taintsOf("worker-2"), ["node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute"]);
  assert.is(conditionOf(podOn("web", "worker-2"), "Ready"), "False");
  assert.is(textAt(podOn("web", "worker-2"), "status", "phase"), "Running");
  assert.is(podsOf(lab, "web").length, 4);

  await until(() => podsOf(lab, "web").filter((pod) => conditionOf(pod, "Ready") === "True").length === 4);
  const left = podOn("web", "worker-2");
  assert.is(left?.metadata.name, web, "nobody confirms its end");
  assert.ok(left !== undefined && terminating(left));
  assert.is(podOn("agent", "worker-2")?.metadata.name, daemon);
  const waited = await lab.kubectl(["delete", "pod", web ?? "", "--timeout=1s"]);
  assert.match(waited.stderr, "timed out waiting");
  assert.is((await lab.kubectl(["delete", "pod", web ?? "", "--force", "--grace-period=0", "--timeout=45s"])).exitCode, 0);
  assert.is(podOn("web", "worker-2"), undefined);

  tell({ "worker-2": { bootId: "second" } });
  await until(() => readyOf("worker-2") === "True");
  assert.equal(taintsOf("worker-2"), []);
  assert.is(podOn("agent", "worker-2")?.metadata.name, daemon);
  assert.is(at(container(podOn("agent", "worker-2")), "restartCount"), 1);
});

test("a restart shorter than the grace period: same pods, containers started again, Ready when the agent runs", async () => {
  await start(5);
  const before = { agent: podOn("agent", "worker-1"), web: podOn("web", "worker-1") };
  tell({ "worker-1": { bootId: "second" } });
  assert.is(readyOf("worker-1"), "False");
  assert.is(conditionOf(podOn("agent", "worker-1"), "Ready"), "False");
  await until(() => readyOf("worker-1") === "True" && conditionOf(podOn("web", "worker-1"), "Ready") === "True");
  for (const [app, pod] of Object.entries(before)) {
    const after = podOn(app, "worker-1");
    assert.is(after?.metadata.name, pod?.metadata.name);
    assert.is(at(container(after), "restartCount"), 1);
    assert.is(at(container(after), "lastState", "terminated", "exitCode"), 255);
    assert.is.not(textAt(container(after), "containerID"), textAt(container(pod), "containerID"));
  }
  assert.is(textAt(nodeOf(lab, "worker-1"), "status", "nodeInfo", "bootID"), "second");
  assert.is(at(container(podOn("agent", "worker-2")), "restartCount"), 0);
});

test("a Node that is deleted while its kubelet runs stays deleted until the kubelet starts again; hand-made labels are gone", async () => {
  await start(FAST);
  await lab.kubectl(["label", "node", "worker-3", "rack_id=2"]);
  assert.is((await lab.kubectl(["delete", "node", "worker-3"])).exitCode, 0);
  await until(() => podOn("agent", "worker-3") === undefined && podOn("web", "worker-3") === undefined);
  tell({ "worker-1": { bootId: "second" } });
  assert.is(nodeOf(lab, "worker-3"), undefined);
  await lab.restart();
  tell({ "worker-1": { bootId: "second" } });
  assert.is(nodeOf(lab, "worker-3"), undefined, "a lab that starts again is no kubelet that does");
  tell({ "worker-1": { bootId: "second" }, "worker-3": { bootId: "second" } });
  await until(() => readyOf("worker-3") === "True");
  const { labels = {} } = nodeOf(lab, "worker-3")?.metadata ?? {};
  assert.is(labels["kubernetes.io/hostname"], "worker-3");
  assert.is(labels.rack_id, undefined);
  assert.is(textAt(listAt(nodeOf(lab, "worker-3"), "status", "addresses")[0], "address"), "192.168.2.4");
});

test("after kubeadm reset the Node is Unknown in the end, and once deleted it stays away though the machine starts again", async () => {
  await start(FAST);
  tell({ "worker-4": { kubelet: false } });
  await until(() => readyOf("worker-4") === "Unknown");
  await lab.kubectl(["delete", "node", "worker-4"]);
  await until(() => podOn("agent", "worker-4") === undefined);
  tell({ "worker-4": { kubelet: false, bootId: "second" } });
  assert.is(nodeOf(lab, "worker-4"), undefined);
});

test("a machine that is no longer in the inventory has a kubelet no more; one that is new there has not joined", async () => {
  await start(FAST);
  tell({}, [...names.filter((name) => name !== "worker-4"), "worker-9"]);
  await until(() => readyOf("worker-4") === "Unknown");
  assert.is(nodeOf(lab, "worker-9"), undefined);
});

test("a program cannot be started where no kubelet answers", async () => {
  await start(FAST);
  const name = podOn("agent", "worker-2")?.metadata.name ?? "";
  tell({ "worker-2": { poweredOn: false } });
  const refused = await lab.kubectl(["exec", name, "--", "birdcl"]);
  assert.match(refused.stderr, "error dialing backend: dial tcp 192.168.2.3:10250: connect: no route to host");
});

test("a drain of a silent node waits for its pods until its time is up", async () => {
  await start(FAST);
  tell({ "worker-2": { poweredOn: false } });
  const drained = await lab.kubectl(["drain", "worker-2", "--ignore-daemonsets", "--timeout=1s"]);
  assert.is(drained.exitCode, 1);
  assert.match(
    drained.stderr,
    /error when waiting for pod "web-.*" in namespace "default" to terminate: (context deadline|global timeout)/,
  );
});

test.run();
