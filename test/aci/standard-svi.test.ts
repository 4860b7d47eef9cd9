import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Change } from "../../runner/change.ts";
import { connectionsOf } from "../support/apic-session.ts";
import type { PaperTask } from "../support/paper-fabric.ts";
import { runTasks } from "../support/run-tasks.ts";
import { type SimulatedFabric, simulatedFabric } from "../support/simulated-fabric.ts";
import { accessTasks, containerTasks, policyTasks, sviTasks, vrfTasks } from "../support/standard-fabric.ts";

/** A dual-stack cluster with standard SVIs and the ports of its nodes, from an empty fabric and back, on the lab's simulator. */
const test = suite("standard SVI on the simulator");
let lab: SimulatedFabric;

test.before.each(async () => {
  lab = await simulatedFabric(new Map(), false);
});
test.after.each(async () => {
  await lab.close();
});

function run(tasks: readonly PaperTask[], state: "present" | "absent", check: boolean): Promise<Change[][]> {
  return lab.inSession(check, (session) => runTasks(connectionsOf(session), tasks, { check, state }));
}

for (const model of ["profiles", "port"] as const) {
  const making = [...accessTasks(model), ...containerTasks, ...sviTasks, ...policyTasks, ...vrfTasks];
  const removing = [...containerTasks, ...vrfTasks, ...policyTasks, ...[...accessTasks(model)].reverse()];

  test(`${model}: check predicts, a second run changes nothing, absent brings back the empty fabric`, async () => {
    const cold = lab.everything();
    const predicted = await run(making, "present", true);
    assert.is(lab.everything(), cold);
    assert.ok(predicted.every((changes) => changes.length > 0));
    const done = await run(making, "present", false);
    assert.equal(json(done), json(predicted));
    assert.equal((await run(making, "present", false)).flat(), []);

    const removal = await run(removing, "absent", true);
    assert.equal(json(await run(removing, "absent", false)), json(removal));
    assert.is(lab.everything(), cold);
    assert.equal((await run(removing, "absent", false)).flat(), []);
  });
}

test("what is shared stays while others use it, and goes when they do not", async () => {
  const access = accessTasks("profiles");
  const cold = lab.everything();
  await run(access, "present", false);
  const others = "uni/infra/funcprof/accbundle-others";
  await lab.inSession(false, async (session) => {
    const relation = { infraRsAttEntP: { attributes: { dn: `${others}/rsattEntP`, tDn: "uni/infra/attentp-k8s" } } };
    const group = { infraAccBndlGrp: { attributes: { dn: others, lagT: "node" }, children: [relation] } };
    const posted = await session.apic().writer?.post(others, group);
    assert.ok(posted?.ok);
  });
  const reversed = [...access].reverse();
  const predicted = await run(reversed, "absent", true);
  assert.equal(json(await run(reversed, "absent", false)), json(predicted));
  const left = lab.everything();
  for (const dn of ["uni/infra/attentp-k8s", "uni/phys-k8s-phys", "uni/l3dom-k8s-l3dom", "uni/infra/vlanns-[k8s]-static"]) {
    assert.ok(left.includes(`${dn} `), `${dn} stays`);
  }
  assert.ok(left.includes("uni/fabric/protpol/expgep-201-202 "));
  assert.not(left.includes("uni/infra/lacplagp-lacp-active "));
  assert.not(left.includes("uni/infra/nprof-k8s-leaf201 "));
  await lab.inSession(false, async (session) => {
    await session.apic().writer?.post(others, { infraAccBndlGrp: { attributes: { dn: others, status: "deleted" } } });
  });
  await run(reversed, "absent", false);
  assert.is(lab.everything(), cold);
});

test("an external EPG that somebody adds to our L3Out stops the removal before anything is written", async () => {
  await run([...accessTasks("profiles"), ...containerTasks], "present", false);
  const epg = "uni/tn-k8s/out-cilium/instP-web";
  await lab.inSession(false, async (session) => {
    await session.apic().writer?.post(epg, { l3extInstP: { attributes: { dn: epg } } });
  });
  const before = lab.everything();
  for (const check of [true, false]) {
    const failure = await run(containerTasks, "absent", check).then(
      () => "",
      (error: unknown) => String(error),
    );
    assert.match(failure, `it holds objects that underlay did not make: ${epg}`);
  }
  assert.is(lab.everything(), before);
});

function json(changes: unknown): unknown {
  return JSON.parse(JSON.stringify(changes));
}

test.run();
