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

const peer =
  "uni/tn-k8s/out-calico/lnodep-anchors/lifp-floating-svi/vlifp-[topology/pod-1/node-203]-[vlan-310]/peerP-[192.168.2.0/24]";

test("a timer, a flag and an extra prefix on the fabric, an MTU on a node, a label in the cluster", async () => {
  await hand.apic("/api/mo/uni/tn-k8s/bgpCtxP-calico-timers.json", { bgpCtxPol: { attributes: { holdIntvl: "30" } } });
  await hand.apic(`/api/mo/${peer}.json`, { bgpPeerP: { attributes: { ctrl: "dis-peer-as-check" } } });
  await hand.apic("/api/mo/uni/tn-k8s/subj-calico-prefixes.json", {
    rtctrlSubjP: { attributes: {}, children: [{ rtctrlMatchRtDest: { attributes: { ip: "172.30.0.0/16", aggregate: "yes" } } }] },
  });
  await hand.ssh("worker-1", "underlay", "sudo ip link set bond0.310 mtu 1500");
  await hand.kubectl(["label", "node", "worker-3", "rack_id=1", "--overwrite"]);
  const expected = [
    "apic1 delete uni/tn-k8s/subj-calico-prefixes/dest-[172.30.0.0/16]",
    "apic1 modify uni/tn-k8s/bgpCtxP-calico-timers",
    `apic1 modify ${peer}`,
    "localhost modify node worker-3",
    "worker-1 modify link bond0.310 mtu",
  ];

  const check = await run("--check");
  assert.equal(targets(check), expected, "check");
  const timers = changed(check).find((event) => String(event.target).endsWith("bgpCtxP-calico-timers"));
  assert.equal([timers?.before, timers?.after], [{ holdIntvl: "30" }, { holdIntvl: "6" }], "only what differs, before and after");

  const repair = await run();
  assert.is(repair.code, 0, repair.stdout.slice(-3000));
  assert.equal(targets(repair), expected, "run");
  const shown = (outcome: Outcome) => changed(outcome).map(({ target, before, after }) => ({ target, before, after }));
  assert.equal(shown(repair), shown(check));
  assert.equal(targets(await run("--check")), [], "after the run");
});

test.run();
