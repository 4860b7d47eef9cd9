import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ApicSession } from "../../runner/connect/apic/session.ts";
import type { Observation } from "../../runner/task.ts";
import { registry } from "../../tasks/index.ts";
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

test("a run does what was predicted: one login, one POST a changed task, one GET for each owned root and one to read back", async () => {
  await inSession(false, async (session) => {
    const connections = connectionsOf(session);
    const done: unknown[] = [];
    for (const task of tasks) {
      const before = session.counts();
      done.push(...JSON.parse(JSON.stringify(await runTasks(connections, [task], { check: false, state: "present" }))));
      const spent = (kind: string): number => (session.counts()[kind] ?? 0) - (before[kind] ?? 0);
      assert.is(spent("POST"), 1, task.task);
      // The L3Out's task reads VRF and domain too, the floating SVI's its domain, the route map's match rule and L3Out.
      const roots = task.task === "aci.l3out" ? 3 : 1;
      assert.ok(spent("GET") <= roots + 1, `${task.task}: ${JSON.stringify(session.counts())}`);
    }
    assert.equal(done, predicted);
    assert.is(session.counts().login, 1);
  });
});

test("a second run changes nothing and only reads, one GET for each owned root", async () => {
  await inSession(false, async (session) => {
    const changes = await runTasks(connectionsOf(session), tasks, { check: false, state: "present" });
    assert.equal(changes.flat(), []);
    assert.equal(session.counts(), { login: 1, GET: 8 });
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

test("the probes read what a leaf reports: sessions and routes of the VRF", async () => {
  const sys = "topology/pod-1/node-201/sys";
  const entry = `${sys}/bgp/inst/dom-k8s:calico/peer-[192.168.2.0/24]/ent-[192.168.2.4]`;
  const table = `${sys}/uribv4/dom-k8s:calico/db-rt`;
  lab.fabric.report(`${sys}/bgp`, [
    { className: "bgpPeerEntry", dn: entry, attributes: { addr: "192.168.2.4", operSt: "established" } },
    { className: "bgpPeerAfEntry", dn: `${entry}/af-ipv4-ucast`, attributes: { type: "ipv4-ucast", acceptedPaths: "1" } },
  ]);
  lab.fabric.report(`${sys}/uribv4`, [
    { className: "uribv4Route", dn: `${table}/rt-[10.1.39.0/26]`, attributes: { prefix: "10.1.39.0/26" } },
    {
      className: "uribv4Nexthop",
      dn: `${table}/rt-[10.1.39.0/26]/nh-[bgp-65002]-[192.168.2.4/32]-[unspecified]-[k8s:calico]`,
      attributes: { addr: "192.168.2.4/32", owner: "bgp-65002", vrf: "k8s:calico" },
    },
  ]);
  const vrf = { tenant: "k8s", vrf: "calico" };
  const sessions = await probe("verify.leaf_bgp_sessions", { ...vrf, peers: ["192.168.2.4"], asn: 65003 });
  assert.is(sessions.message, "1 of 1 sessions Established");
  assert.equal(sessions.unmet, []);
  const missing = await probe("verify.leaf_bgp_sessions", { ...vrf, peers: ["192.168.2.6"], asn: 65003 });
  assert.match(missing.unmet[0] ?? "", "192.168.2.6: no session, and no ARP entry");
  const routes = await probe("verify.leaf_routes", { ...vrf, prefixes: ["10.1.39.0/26", "10.2.0.0/26"] });
  assert.is(routes.message, "1 of 2 routes present");
  assert.match(routes.unmet[0] ?? "", "10.2.0.0/26: no route: no match rule of the tenant permits it");
});

async function probe(name: string, args: Readonly<Record<string, unknown>>): Promise<Observation> {
  return inSession(false, async (session) => {
    const prepared = registry.get(name)?.prepare({ ...args }, "201", false);
    if (!prepared?.ok || prepared.value.form !== "probe") throw new Error(`${name}: bad arguments`);
    const seen = await prepared.value.observe(connectionsOf(session));
    if (!seen.ok) throw new Error(`${seen.failure.doing}: ${seen.failure.message}`);
    return seen.value;
  });
}

test("absent, in the playbook's order, brings the tenant back to what it was", async () => {
  const check = await inSession(true, (session) => runTasks(connectionsOf(session), tasks, { check: true, state: "absent" }));
  const run = await inSession(false, (session) => runTasks(connectionsOf(session), tasks, { check: false, state: "absent" }));
  assert.equal(run, check);
  assert.is(lab.policy(), cold);
  const again = await inSession(false, (session) => runTasks(connectionsOf(session), tasks, { check: false, state: "absent" }));
  assert.equal(again.flat(), []);
});

test.run();
