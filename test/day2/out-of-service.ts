import * as assert from "uvu/assert";
import { blackHoles } from "../../lab/record/black-holes.ts";
import { readRecord, stateAt } from "../../lab/record/read.ts";
import { changesOf, failureOf, surprises } from "../designs/cell.ts";
import { failures, textOf } from "../support/command.ts";
import { type Design, type Site, site } from "./site.ts";
import { deployWeb } from "./workload.ts";

const LEAVING = ["worker-1", "worker-2"];
const limit = ["--limit", LEAVING.join(",")];

/** Nodes with a route on any leaf, and how the two are marked, at the end of the record. */
function found(at: Site) {
  const { routes, nodes } = stateAt(readRecord(at.lab), new Date());
  const routed = new Set([...routes.values()].map(({ node }) => node));
  const marks = LEAVING.map((name) => {
    const node = nodes.get(name);
    return { name, routed: routed.has(name), cordoned: node?.cordoned, withdrawn: node?.withdrawn };
  });
  return { marks, others: [...nodes.keys()].filter((name) => !LEAVING.includes(name) && !routed.has(name)) };
}

const out = LEAVING.map((name) => ({ name, routed: false, cordoned: true, withdrawn: true }));
const back = [
  { name: "worker-1", routed: true, cordoned: false, withdrawn: false },
  { name: "worker-2", routed: true, cordoned: true, withdrawn: false },
];

/**
 * Two nodes are handed over (`work=leave`) and taken back (`work=return`): check, run and run again of both. An administrator had cordoned
 * one of them before.
 */
export async function leaveAndReturn(design: Design): Promise<void> {
  const at = site(design);
  const maintain = (...flags: string[]) => at.run("day2/maintain-node", ...limit, ...flags);
  try {
    const main = `${design.svi}-svi-${design.cni}`;
    const first = await at.run(main);
    assert.is(first.code, 0, failureOf(first));
    await at.byHand(async (hand) => {
      await deployWeb(hand);
      await hand.kubectl(["cordon", "worker-2"]);
    });

    const leaving = await maintain("-e", "work=leave", "--check");
    const left = await maintain("-e", "work=leave");
    assert.is(left.code, 0, failureOf(left));
    assert.equal(surprises(leaving, left), []);
    assert.match(textOf(left), /worker-2: cordoned already, and not by us/);
    await at.byHand(async () => assert.equal(found(at), { marks: out, others: [] }));
    assert.equal(changesOf(await maintain("-e", "work=leave")), [], "they are out of service");

    if (design.svi === "floating" && design.cni === "calico") await withdrawnStays(at, main);

    const returning = await maintain("-e", "work=return", "--check");
    const returned = await maintain("-e", "work=return");
    assert.is(returned.code, 0, failureOf(returned));
    assert.equal(surprises(returning, returned), []);
    await at.byHand(async () => assert.equal(found(at), { marks: back, others: [] }));
    assert.equal(changesOf(await maintain("-e", "work=return")), [], "they are in service");
    const whole = await at.run(main, "--check");
    assert.equal(changesOf(whole), [], "the design's playbook has nothing to add");
    assert.equal(blackHoles(readRecord(at.lab)), []);
  } finally {
    at.remove();
  }
}

/** The design's playbook in between leaves them alone, and its proof says why they have no sessions. */
async function withdrawnStays(at: Site, main: string): Promise<void> {
  const run = await at.run(main);
  assert.is(run.code, 2);
  assert.equal(changesOf(run), []);
  for (const address of ["192.168.2.4", "192.168.2.6"]) assert.match(failures(run), `${address}: withdrawn`);
  assert.match(failures(run), "work=return");
  assert.match(textOf(run), "worker-1 to leaf201 (192.168.2.201): no such peer on the node; withdrawn");
  await at.byHand(async () => assert.equal(found(at), { marks: out, others: [] }));
}
