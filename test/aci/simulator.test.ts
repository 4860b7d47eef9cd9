import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ApicSession } from "../../runner/connect/apic/session.ts";
import { connectionsOf } from "../support/apic-session.ts";
import { paperTasks } from "../support/paper-fabric.ts";
import { runTasks } from "../support/run-tasks.ts";
import { type SimulatedFabric, simulatedFabric } from "../support/simulated-fabric.ts";

/** The fabric play's tasks against the lab's simulator, which checks classes, properties and relations like a controller. */
const test = suite("aci tasks on the simulator");
let lab: SimulatedFabric;
let cold: string;

test.before(async () => {
  lab = await simulatedFabric();
  cold = lab.policy();
});
test.after(async () => {
  await lab.close();
});

function inSession<T>(check: boolean, use: (session: ApicSession) => Promise<T>): Promise<T> {
  return lab.inSession(check, use);
}

const tasks = paperTasks();
let predicted: unknown;

test("check mode predicts, and writes nothing", async () => {
  const changes = await inSession(true, (session) => runTasks(connectionsOf(session), tasks, { check: true, state: "present" }));
  assert.ok(
    changes.every((one) => one.length > 0),
    "every task has something to do",
  );
  predicted = JSON.parse(JSON.stringify(changes));
  assert.is(lab.policy(), cold);
});

test("a run does what was predicted: one login, one POST a changed task, at most three requests a task", async () => {
  await inSession(false, async (session) => {
    const connections = connectionsOf(session);
    const done: unknown[] = [];
    for (const task of tasks) {
      const before = session.counts();
      done.push(...JSON.parse(JSON.stringify(await runTasks(connections, [task], { check: false, state: "present" }))));
      const spent = (kind: string): number => (session.counts()[kind] ?? 0) - (before[kind] ?? 0);
      assert.is(spent("POST"), 1, task.task);
      assert.ok(spent("POST") + spent("GET") <= 3, `${task.task}: ${JSON.stringify(session.counts())}`);
    }
    assert.equal(done, predicted);
    assert.is(session.counts().login, 1);
  });
});

test("a second run changes nothing and only reads, one GET for each owned root", async () => {
  await inSession(false, async (session) => {
    const changes = await runTasks(connectionsOf(session), tasks, { check: false, state: "present" });
    assert.equal(changes.flat(), []);
    assert.equal(session.counts(), { login: 1, GET: 6 });
  });
});

test("a change by hand is named by the next check and repaired by the next run", async () => {
  await inSession(false, async (session) => {
    const { writer } = session.apic();
    await writer?.post("uni/tn-k8s/bgpCtxP-calico-timers", {
      bgpCtxPol: { attributes: { dn: "uni/tn-k8s/bgpCtxP-calico-timers", holdIntvl: "30" } },
    });
    await writer?.post("uni/tn-k8s/subj-calico-prefixes", {
      rtctrlSubjP: {
        attributes: {},
        children: [{ rtctrlMatchRtDest: { attributes: { ip: "172.30.0.0/16", aggregate: "yes" } } }],
      },
    });
  });
  const expected = [
    { target: "uni/tn-k8s/bgpCtxP-calico-timers", action: "modify", before: { holdIntvl: "30" }, after: { holdIntvl: "6" } },
    {
      target: "uni/tn-k8s/subj-calico-prefixes/dest-[172.30.0.0/16]",
      action: "delete",
      before: { aggregate: "yes" },
      after: null,
    },
  ];
  const drift = await inSession(true, (session) => runTasks(connectionsOf(session), tasks, { check: true, state: "present" }));
  assert.equal(drift.flat(), expected);
  const repair = await inSession(false, (session) => runTasks(connectionsOf(session), tasks, { check: false, state: "present" }));
  assert.equal(repair.flat(), expected);
});

test("absent, in the playbook's order, brings the tenant back to what it was", async () => {
  const check = await inSession(true, (session) => runTasks(connectionsOf(session), tasks, { check: true, state: "absent" }));
  const run = await inSession(false, (session) => runTasks(connectionsOf(session), tasks, { check: false, state: "absent" }));
  assert.equal(run, check);
  assert.is(lab.policy(), cold);
  const again = await inSession(false, (session) => runTasks(connectionsOf(session), tasks, { check: false, state: "absent" }));
  assert.equal(again.flat(), []);
});

test.run();
