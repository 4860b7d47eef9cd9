import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ApicSimulator, startFabric } from "../../lab/apic/fabric.ts";
import { labCertificates } from "../../lab/certificates.ts";
import { StateFile } from "../../lab/state.ts";
import { type ApicSession, openApic } from "../../runner/connect/apic/session.ts";
import { Secret } from "../../runner/secret.ts";
import { connectionsOf, impatient } from "../support/apic-session.ts";
import { paperTasks } from "../support/paper-fabric.ts";
import { runTasks } from "../support/run-tasks.ts";

/** The fabric play's tasks against the lab's simulator, which checks classes, properties and relations like a controller. */
const test = suite("aci tasks on the simulator");
const directory = mkdtempSync(path.join(os.tmpdir(), "underlay-test-"));
let fabric: ApicSimulator;
let ca: string;
let cold: string;

test.before(async () => {
  const certificates = await labCertificates(directory, []);
  ca = certificates.ca;
  fabric = await startFabric(
    {
      asn: 65002,
      username: "admin",
      password: "simulator-password",
      certificate: undefined,
      controllers: [1, 2, 3].map((id) => ({ name: `apic${id}`, id })),
      leaves: [201, 202, 203, 204].map((id) => ({ name: `leaf${id}`, id, pod: 1, rack: id < 203 ? "1" : "2" })),
      vrfs: [{ tenant: "k8s", vrf: "calico" }],
      physicalDomain: "k8s-phys",
      routedDomain: "k8s-l3dom",
      vlans: { from: 310, to: 319 },
    },
    { tls: certificates.server, state: StateFile.open(directory, "apic"), faults: new Map() },
  );
  cold = policy();
});
test.after(async () => {
  await fabric.close();
  rmSync(directory, { recursive: true });
});

async function inSession<T>(check: boolean, use: (session: ApicSession) => Promise<T>): Promise<T> {
  const session = openApic({
    controllers: [...fabric.ports].map(([name, port]) => ({ name, host: "127.0.0.1", port })),
    credentials: { kind: "password", username: "admin", password: new Secret("simulator-password") },
    ca,
    validateCertificates: true,
    check,
    retry: impatient,
  });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** DNs and what was configured below the tenant, without times. */
function policy(): string {
  const lines = [...fabric.objects().values()]
    .filter(({ dn }) => dn.startsWith("uni/tn-k8s"))
    .map(({ dn, className }) => `${dn} ${className}`);
  return lines.sort().join("\n");
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
  assert.is(policy(), cold);
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
  assert.is(policy(), cold);
  const again = await inSession(false, (session) => runTasks(connectionsOf(session), tasks, { check: false, state: "absent" }));
  assert.equal(again.flat(), []);
});

test.run();
