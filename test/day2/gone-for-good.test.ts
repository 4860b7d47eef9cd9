import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readRecord, stateAt } from "../../lab/record/read.ts";
import { changesOf, failureOf } from "../designs/cell.ts";
import { site } from "./site.ts";
import { deployWeb } from "./workload.ts";

/** A machine that will never answer again is taken out as docs/day2.md says. */
const test = suite("a machine that is off for good");
const NODE = "worker-4";
const at = site({ svi: "standard", cni: "kube-router" });

test.after(() => at.remove());

test("its Node is deleted by hand, and remove-node does the rest without the machine", async () => {
  const first = await at.run("standard-svi-kube-router");
  assert.is(first.code, 0, failureOf(first));
  await at.byHand(async (hand) => {
    await deployWeb(hand);
    await hand.ssh(NODE, "underlay", "sudo systemctl poweroff");
    await hand.kubectl(["delete", "node", NODE]);
    const removed = await at.run("day2/remove-node", "--limit", NODE);
    assert.is(removed.code, 0, failureOf(removed));
    assert.ok(changesOf(removed).length > 0, "its paths left the fabric");
    const again = await at.run("day2/remove-node", "--limit", NODE);
    assert.is(again.code, 0, failureOf(again));
    assert.equal(changesOf(again), []);
    const routed = [...stateAt(readRecord(at.lab), new Date()).routes.values()].filter(({ node }) => node === NODE);
    assert.equal(routed, []);
  });
  at.dropNodes([NODE]);
  const check = await at.run("standard-svi-kube-router", "--check");
  assert.is(check.code, 0, failureOf(check));
  assert.equal(changesOf(check), [], "the design's own playbook finds nothing to do for the five");
});

test.run();
