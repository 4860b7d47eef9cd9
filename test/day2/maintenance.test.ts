import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blackHoles } from "../../lab/record/black-holes.ts";
import { readRecord } from "../../lab/record/read.ts";
import { failureOf } from "../designs/cell.ts";
import { site } from "./site.ts";
import { mostWithoutRoutes } from "./without-routes.ts";
import { deployWeb } from "./workload.ts";

/** All six nodes are rebooted, one of each rack at a time. */
const test = suite("maintenance of all nodes");
const at = site({ svi: "floating", cni: "calico" });

test.after(() => at.remove());

const NODES = ["master-1", "worker-1", "worker-2", "master-2", "worker-3", "worker-4"];
const RACKS = 2;

test("never more nodes without routes than one for each rack, and no black hole", async () => {
  assert.is((await at.run("floating-svi-calico")).code, 0);
  await at.byHand(deployWeb);
  const run = await at.run("day2/maintain-node", "-e", "across=rack_id");
  assert.is(run.code, 0, failureOf(run));
  const rebooted = run.events.filter(({ event, target }) => event === "change" && String(target).startsWith("reboot "));
  assert.is(rebooted.length, NODES.length, "every node was rebooted");
  const record = readRecord(at.lab);
  const most = mostWithoutRoutes(record, NODES);
  console.log(`| nodes | at the same time without routes, at most | black holes |`);
  console.log(`| ${NODES.length} in ${RACKS} racks | ${most} | ${blackHoles(record).length} |`);
  assert.equal(blackHoles(record), []);
  assert.is(most, RACKS);
});

test.run();
