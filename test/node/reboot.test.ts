import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Progress } from "../../runner/task-type.ts";
import { k8sReset } from "../../tasks/k8s/reset.ts";
import { nodeReboot } from "../../tasks/node/reboot.ts";
import { paperNode } from "../support/ssh-lab-node.ts";
import { byHand, must, planned, withNode } from "./on-lab-node.ts";

const test = suite("node.reboot and k8s.reset against a lab node");
const FAST = { faults: new Map([["time.speed", "4"]]) };

/** Progress that is kept. */
function listening(signal = new AbortController().signal): { readonly told: string[]; readonly progress: Progress } {
  const told: string[] = [];
  return { told, progress: { tell: (text) => told.push(text), signal } };
}

for (const [what, node] of [
  ["without", paperNode],
  ["with", { ...paperNode, sudoPassword: "sudo-canary" }],
] as const) {
  test(`restarts the machine and waits until the kubelet runs again, ${what} a sudo password`, () =>
    withNode(
      async (lab) => {
        const before = lab.state().bootId;
        const plan = await must(planned(nodeReboot, lab.session, {}));
        assert.equal(plan.changes, [{ target: "reboot master-1", action: "run", before: null, after: null }]);
        const { told, progress } = listening();
        const facts = await must(plan.apply(progress));
        assert.is.not(lab.state().bootId, before);
        assert.ok(lab.state().kubelet);
        assert.type(facts.seconds, "number");
        assert.is(told[0], "master-1 restarts");
        assert.match(told.join("\n"), "is back, its services start");
        assert.not.match(told.join("\n"), "sudo-canary");
      },
      node,
      FAST,
    ));
}

test("a machine that does not come back is a failure that says so, after the time limit", () =>
  withNode(
    async (lab) => {
      const plan = await must(planned(nodeReboot, lab.session, { timeout: 10 }));
      const applied = await plan.apply(listening().progress);
      assert.not(applied.ok);
      if (applied.ok) return;
      assert.match(applied.failure.message, "it has not come back within 10 s: not reachable");
      assert.match(applied.failure.next ?? "", "console");
    },
    paperNode,
    { faults: new Map([["node.stays_down", "master-1"]]) },
  ));

test("a kubelet that does not start is named", () =>
  withNode(
    async (lab) => {
      const plan = await must(planned(nodeReboot, lab.session, { timeout: 10 }));
      const { progress } = listening();
      const stopping = setInterval(() => {
        // As if its configuration were broken: whenever it runs, it ends.
        if (lab.state().kubelet) void byHand(lab, "systemctl", "stop", "kubelet").catch(() => {});
      }, 50);
      const applied = await plan.apply(progress);
      clearInterval(stopping);
      assert.not(applied.ok);
      if (!applied.ok) assert.match(applied.failure.message, "it is back, but not settled after 10 s: the kubelet is inactive");
    },
    paperNode,
    FAST,
  ));

test("Ctrl-C stops the waiting, not the machine", () =>
  withNode(
    async (lab) => {
      const plan = await must(planned(nodeReboot, lab.session, {}));
      const stop = new AbortController();
      stop.abort();
      const applied = await plan.apply(listening(stop.signal).progress);
      assert.not(applied.ok);
      if (!applied.ok) assert.match(applied.failure.message, "interrupted while waiting for it");
    },
    paperNode,
    FAST,
  ));

test("check mode reboots nothing", () =>
  withNode(
    async (lab) => {
      const { bootId } = lab.state();
      const plan = await must(planned(nodeReboot, lab.session, {}, true));
      assert.is(plan.changes.length, 1);
      assert.not((await plan.apply(listening().progress)).ok);
      assert.is(lab.state().bootId, bootId);
    },
    paperNode,
    { check: true },
  ));

test("k8s.reset undoes a join once", () =>
  withNode(async (lab) => {
    const plan = await must(planned(k8sReset, lab.session, {}));
    assert.equal(plan.changes, [
      { target: "join of master-1", action: "delete", before: { credentials: "/etc/kubernetes/kubelet.conf" }, after: null },
    ]);
    await must(plan.apply(listening().progress));
    assert.not(lab.state().kubelet);
    assert.equal((await must(planned(k8sReset, lab.session, {}))).changes, []);
  }));

test.run();
