import * as assert from "uvu/assert";
import { blackHoles } from "../../lab/record/black-holes.ts";
import { readRecord } from "../../lab/record/read.ts";
import { changesOf, failureOf, surprises } from "../designs/cell.ts";
import { differences, fabricTree } from "../designs/fabric-tree.ts";
import { failures } from "../support/command.ts";
import { type Design, type NewNode, site } from "./site.ts";

const NODES: readonly NewNode[] = [
  { name: "worker-5", rack: 3, address: "192.168.2.10/24" },
  { name: "worker-6", rack: 3, address: "192.168.2.11/24" },
];

/** A third rack with two leaves and two nodes comes, leaves first, and goes, nodes first: check, run and run again of both. */
export async function rackComesAndGoes(design: Design): Promise<void> {
  const at = site(design);
  try {
    const main = `${design.svi}-svi-${design.cni}`;
    assert.is((await at.run(main)).code, 0);
    at.addThirdRack();
    at.addNodes(NODES);
    // With the ports that the lab prepares for them.
    const before = await at.byHand(fabricTree);
    const limit = ["--limit", "worker-5,worker-6"];

    const check = await at.run("day2/add-rack", ...limit, "-e", "join=true", "--check");
    const added = await at.run("day2/add-rack", ...limit, "-e", "join=true");
    assert.is(added.code, 0, failureOf(added));
    assert.equal(surprises(check, added), []);
    assert.equal(changesOf(await at.run("day2/add-rack", ...limit, "-e", "join=true")), [], "the rack is in");
    const whole = await at.run(main);
    assert.is(whole.code, 0, failureOf(whole));
    assert.equal(changesOf(whole), [], "the design's playbook has nothing to add");

    const partly = await at.run("day2/remove-rack", "--limit", "worker-5", "-e", "reset=true");
    assert.is(partly.code, 2);
    assert.match(failures(partly), /worker-6 would stay/);

    const leaving = await at.run("day2/remove-rack", ...limit, "-e", "reset=true", "--check");
    const removed = await at.run("day2/remove-rack", ...limit, "-e", "reset=true");
    assert.is(removed.code, 0, failureOf(removed));
    assert.equal(surprises(leaving, removed), []);
    assert.equal(changesOf(await at.run("day2/remove-rack", ...limit, "-e", "reset=true")), [], "the rack is gone");
    assert.equal(differences(before, await at.byHand(fabricTree)), [], "the fabric is as it was");
    assert.equal(blackHoles(readRecord(at.lab)), []);
  } finally {
    at.remove();
  }
}
