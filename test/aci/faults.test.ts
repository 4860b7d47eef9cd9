import { suite } from "uvu";
import * as assert from "uvu/assert";
import { connectionsOf } from "../support/apic-session.ts";
import { paperTasks } from "../support/paper-fabric.ts";
import { runTasks } from "../support/run-tasks.ts";
import { simulatedFabric } from "../support/simulated-fabric.ts";

/** Faults of the simulator during the whole fabric play: it gets through, and a second run finds nothing to do. */
const test = suite("aci tasks under faults");
const tasks = paperTasks();

const faults: readonly (readonly [name: string, value: string])[] = [
  ["apic.503", "3"],
  ["apic.reset", "2"],
  ["apic.202", "2"],
  ["apic.token_expiry", "7"],
  ["apic.down", "apic1,apic2"],
];
for (const [name, value] of faults) {
  test(`${name}=${value}`, async () => {
    const lab = await simulatedFabric(new Map([[name, value]]));
    try {
      const first = await lab.inSession(false, async (session) => {
        const changes = await runTasks(connectionsOf(session), tasks, { check: false, state: "present" });
        return { changes: changes.flat(), counts: session.counts() };
      });
      assert.ok(first.changes.length > 50);
      const usual = { login: 1, GET: 21, POST: 13 };
      assert.not.equal(first.counts, usual, "the fault was met");
      const second = await lab.inSession(false, (session) =>
        runTasks(connectionsOf(session), tasks, { check: false, state: "present" }),
      );
      assert.equal(second.flat(), []);
    } finally {
      await lab.close();
    }
  });
}

test("without a fault: nothing is repeated", async () => {
  const lab = await simulatedFabric();
  const counts = await lab.inSession(false, async (session) => {
    await runTasks(connectionsOf(session), tasks, { check: false, state: "present" });
    return session.counts();
  });
  await lab.close();
  assert.equal(counts, { login: 1, GET: 21, POST: 13 });
});

test.run();
