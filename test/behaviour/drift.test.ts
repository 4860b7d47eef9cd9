import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ByHand, byHand } from "../support/by-hand.ts";
import { mainPlaybook, type Outcome, workplace } from "../support/command.ts";

/** One thing changed by hand on each side: the check names exactly those, the run repairs exactly those (issue Show 3). */
const test = suite("drift");
const place = workplace();
let lab: Awaited<ReturnType<typeof place.labUp>>;
let hand: ByHand;

test.before(async () => {
  lab = await place.labUp();
  hand = byHand(lab.endpoints, { username: "admin", password: "lab-only-apic-password" });
  const first = await run();
  assert.is(first.code, 0, first.stdout.slice(-3000) + first.stderr);
});
test.after(async () => {
  await lab.stop();
  place.remove();
});

const run = (...args: string[]) => place.underlay(["run", mainPlaybook, "--output", "json", ...args]);
const changed = (outcome: Outcome) => outcome.events.filter((event) => event.event === "change");
const targets = (outcome: Outcome) =>
  changed(outcome)
    .map((event) => `${event.host} ${event.action} ${event.target}`)
    .sort();

/** Does something by hand, then expects the check and the run to agree on exactly these changes. */
async function expectRepair(expected: readonly string[]): Promise<void> {
  const check = await run("--check");
  assert.equal(targets(check), expected, "check");
  const repair = await run();
  assert.is(repair.code, 0, repair.stdout.slice(-3000));
  assert.equal(targets(repair), expected, "run");
  assert.equal(
    changed(repair).map(({ target, before, after }) => ({ target, before, after })),
    changed(check).map(({ target, before, after }) => ({ target, before, after })),
  );
  assert.equal(targets(await run("--check")), [], "after the run");
}

test("a BGP timer, a flag and an extra prefix on the fabric", async () => {
  await hand.apic("/api/mo/uni/tn-k8s/bgpCtxP-calico-timers.json", { bgpCtxPol: { attributes: { holdIntvl: "30" } } });
  const svi = "uni/tn-k8s/out-calico/lnodep-anchors/lifp-floating-svi/vlifp-[topology/pod-1/node-203]-[vlan-310]";
  await hand.apic(`/api/mo/${svi}/peerP-[192.168.2.0/24].json`, { bgpPeerP: { attributes: { ctrl: "dis-peer-as-check" } } });
  await hand.apic("/api/mo/uni/tn-k8s/subj-calico-prefixes.json", {
    rtctrlSubjP: { attributes: {}, children: [{ rtctrlMatchRtDest: { attributes: { ip: "172.30.0.0/16", aggregate: "yes" } } }] },
  });
  await expectRepair([
    "apic1 delete uni/tn-k8s/subj-calico-prefixes/dest-[172.30.0.0/16]",
    "apic1 modify uni/tn-k8s/bgpCtxP-calico-timers",
    `apic1 modify ${svi}/peerP-[192.168.2.0/24]`,
  ]);
});

test("the MTU of a link on a node", async () => {
  await hand.ssh("worker-1", "underlay", "sudo ip link set bond0.310 mtu 1500");
  const check = await run("--check");
  assert.equal(targets(check), ["worker-1 modify link bond0.310 mtu"]);
  await expectRepair(["worker-1 modify link bond0.310 mtu"]);
});

test("a rack label in the cluster", async () => {
  await hand.kubectl(["label", "node", "worker-3", "rack_id=1", "--overwrite"]);
  await expectRepair(["localhost modify node worker-3"]);
});

test.run();
