import { suite } from "uvu";
import * as assert from "uvu/assert";
import { writeKubeconfig } from "../connect/kube/kubeconfig.ts";
import { parsed, startTestCluster, type TestCluster } from "../lab/kube/start.ts";
import { carryOut, type Seen } from "./lab-task.ts";

/** k8s.nodes, k8s.cordon and k8s.delete_node with the real kubectl against the lab's API server. */
const test = suite("nodes in the lab");

let lab: TestCluster;
let kubeconfig: string;

const NODES = ["master-1", "worker-1", "worker-2"];
const cordon = (nodes: readonly string[], state = "present") =>
  ["k8s.cordon", { nodes, reason: "memory is replaced", state }] as const;
const look = (nodes: readonly string[]) => ["k8s.nodes", { nodes, label: "rack_id" }] as const;
const remove = (nodes: readonly string[]) => ["k8s.delete_node", { nodes }] as const;

test.before(async () => {
  lab = await startTestCluster();
  kubeconfig = writeKubeconfig(lab);
});

test.after(async () => {
  await lab.close();
});

async function kubectl(...args: string[]): Promise<string> {
  const done = await lab.kubectl(args);
  assert.is(done.exitCode, 0, done.stderr);
  return done.stdout;
}

async function node(name: string): Promise<{ spec: Record<string, unknown>; annotations: Record<string, string> }> {
  const found = parsed(await lab.kubectl(["get", "node", name, "-o", "json"]));
  return JSON.parse(JSON.stringify(found), (key, value) =>
    key === "" ? { spec: value.spec, annotations: value.metadata.annotations ?? {} } : value,
  );
}

function sound(seen: Seen): Seen {
  assert.equal(seen.failures, []);
  return seen;
}

test("who is in, by name, in one process beside discovery", async () => {
  await kubectl("label", "node", "worker-1", "rack_id=1");
  await kubectl("label", "node", "worker-2", "underlay/withdrawn=true");
  await kubectl("taint", "node", "worker-1", "underlay/joining:NoSchedule");
  await kubectl("cordon", "worker-2");
  const { observed, kubectl: processes } = sound(await carryOut(kubeconfig, [look([...NODES, "worker-9"])]));
  assert.is(processes, 2);
  assert.is(observed[0]?.message, "3 of 4 in the cluster");
  const { ready: _ready, ...facts } = observed[0]?.facts ?? {};
  assert.equal(facts, {
    present: NODES,
    absent: ["worker-9"],
    cordoned: ["worker-2"],
    cordoned_by_us: [],
    withdrawn: ["worker-2"],
    without_label: ["master-1", "worker-2"],
    new: NODES,
    control_planes: ["master-1"],
  });
});

test("cordon: check equals run, the taint of a join goes, what somebody else cordoned is left and told", async () => {
  const predicted = sound(await carryOut(kubeconfig, [cordon(NODES), look(NODES)], { check: true }));
  assert.equal((await node("worker-1")).spec.unschedulable, undefined);
  const done = sound(await carryOut(kubeconfig, [cordon(NODES), look(NODES)]));
  assert.equal(done.changes, predicted.changes);
  assert.equal(done.observed[0]?.facts, predicted.observed[0]?.facts);
  assert.equal(done.changes, [
    {
      target: "node master-1",
      action: "modify",
      before: { "underlay/cordoned": null, unschedulable: false },
      after: { "underlay/cordoned": "memory is replaced", unschedulable: true },
    },
    {
      target: "node worker-1",
      action: "modify",
      before: { "underlay/cordoned": null, unschedulable: false, taint: "underlay/joining:NoSchedule" },
      after: { "underlay/cordoned": "memory is replaced", unschedulable: true, taint: null },
    },
  ]);
  assert.equal(done.warnings, ["worker-2: cordoned already, and not by us: left so, and not uncordoned by us later"]);
  const worker = await node("worker-1");
  assert.is(worker.spec.unschedulable, true);
  assert.is(worker.annotations["underlay/cordoned"], "memory is replaced");
  assert.not.match(JSON.stringify(worker.spec.taints ?? []), "underlay/joining");
  assert.is((await node("worker-2")).annotations["underlay/cordoned"], undefined);
  assert.equal(sound(await carryOut(kubeconfig, [cordon(NODES)])).changes, []);
});

test("uncordon: only ours, whoever is missing; check equals run, also what was cordoned in the same check", async () => {
  const both = [cordon(["master-1"]), cordon([...NODES, "worker-9"], "absent"), look(NODES)];
  const predicted = sound(await carryOut(kubeconfig, both, { check: true }));
  const done = sound(await carryOut(kubeconfig, both));
  assert.equal(done.changes, predicted.changes);
  assert.equal(done.observed[0]?.facts, predicted.observed[0]?.facts);
  assert.equal(
    done.changes.map(({ target }) => target),
    ["node master-1", "node worker-1"],
  );
  assert.equal(done.observed[0]?.facts?.cordoned, ["worker-2"]);
  assert.equal(done.warnings, ["worker-2: cordoned, and not by us: left so; kubectl uncordon lets pods back"]);
  assert.equal(sound(await carryOut(kubeconfig, [cordon(NODES, "absent")])).changes, []);
  await kubectl("uncordon", "worker-2");
});

test("a node that somebody uncordoned by hand loses only our note", async () => {
  sound(await carryOut(kubeconfig, [cordon(["worker-1"])]));
  await kubectl("uncordon", "worker-1");
  const done = sound(await carryOut(kubeconfig, [cordon(["worker-1"], "absent")]));
  assert.equal(done.changes[0]?.after, { "underlay/cordoned": null });
});

test("cordon of a node that is not there is a failure, and cordons nobody", async () => {
  const seen = await carryOut(kubeconfig, [cordon(["worker-1", "worker-9"])]);
  assert.match(seen.failures[0]?.message ?? "", "not in the cluster: worker-9");
  assert.is((await node("worker-1")).spec.unschedulable, undefined);
});

test("three nodes cost as many processes as one", async () => {
  const rounds = async (nodes: readonly string[]) => {
    const on = sound(await carryOut(kubeconfig, [cordon(nodes)])).kubectl;
    const off = sound(await carryOut(kubeconfig, [cordon(nodes, "absent")])).kubectl;
    return [on, off];
  };
  assert.equal(await rounds(NODES), await rounds(["worker-1"]));
});

test("delete: refused while a node is not cordoned; check equals run; second run nothing", async () => {
  const open = await carryOut(kubeconfig, [remove(["worker-1", "worker-2"])]);
  assert.is(open.failures[0]?.message, "worker-1 is not cordoned\nworker-2 is not cordoned");
  const list = [cordon(["worker-2"]), remove(["worker-2", "worker-9"]), look(NODES)];
  const predicted = sound(await carryOut(kubeconfig, list, { check: true }));
  await node("worker-2");
  const done = sound(await carryOut(kubeconfig, list));
  assert.equal(done.changes, predicted.changes);
  assert.equal(done.observed, predicted.observed);
  assert.equal(done.observed[0]?.facts?.absent, ["worker-2"]);
  assert.equal(done.changes[1], {
    target: "node worker-2",
    action: "delete",
    before: { addresses: ["192.168.2.6"] },
    after: null,
  });
  assert.equal(sound(await carryOut(kubeconfig, [remove(["worker-2"])])).changes, []);
});

test.run();
