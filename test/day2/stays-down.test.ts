import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blackHoles } from "../../lab/record/black-holes.ts";
import { readRecord, stateAt } from "../../lab/record/read.ts";
import { changesOf, failureOf } from "../designs/cell.ts";
import { failures } from "../support/command.ts";
import { site } from "./site.ts";
import { mostWithoutRoutes } from "./without-routes.ts";
import { deployWeb } from "./workload.ts";

/** Maintenance one node after another, and a node that does not come back from its reboot. */
const test = suite("maintenance that stops");
const at = site({ svi: "floating", cni: "calico" });

test.after(() => at.remove());

const NODES = ["master-1", "worker-1", "worker-2", "master-2", "worker-3", "worker-4"];

test("stops at the node that stays down; the others are not touched; it can be taken back", async () => {
  const first = await at.run("floating-svi-calico");
  assert.is(first.code, 0, failureOf(first));
  await at.byHand(deployWeb);
  const limit = ["--limit", "worker-3,worker-1,worker-4"];
  const run = await at.run("day2/maintain-node", ...limit, "-e", "reboot_timeout=20", "--fault", "node.stays_down=worker-1");
  assert.is(run.code, 2);
  assert.match(failures(run), /rebooting worker-1.*has not come back within 20 s/);
  assert.match(failures(run), /console or management controller.*work=return/);
  assert.equal(
    changesOf(run).filter((change) => /worker-[234]/.test(change) && !change.includes("pod ")),
    [],
    "the nodes after it were not touched",
  );
  const record = readRecord(at.lab);
  assert.equal(blackHoles(record), [], "no leaf sends traffic to it");
  assert.is(mostWithoutRoutes(record, NODES), 1);

  // It starts again, and whoever looked after it takes it back without another reboot.
  const back = await at.run("day2/maintain-node", "--limit", "worker-1", "-e", "work=return");
  assert.is(back.code, 0, failureOf(back));
  await at.byHand(async () => {
    const { routes, nodes } = stateAt(readRecord(at.lab), new Date());
    assert.is(new Set([...routes.values()].map(({ node }) => node)).size, NODES.length);
    assert.equal(
      [...nodes.values()].filter(({ cordoned, withdrawn }) => cordoned || withdrawn).map(({ node }) => node),
      [],
    );
  });
  assert.equal(blackHoles(readRecord(at.lab)), []);
});

test("one node at a time is the default", async () => {
  const run = await at.run("day2/maintain-node", "--limit", "worker-3,worker-4,master-2");
  assert.is(run.code, 0, failureOf(run));
  const record = readRecord(at.lab);
  console.log(`| nodes | serial | at the same time without routes, at most |\n| 3 | 1 | ${mostWithoutRoutes(record, NODES)} |`);
  assert.is(mostWithoutRoutes(record, NODES), 1);
  assert.equal(blackHoles(record), []);
});

test("control plane nodes are not taken out together", async () => {
  const run = await at.run("day2/maintain-node", "--limit", "master-1,master-2", "-e", "serial=2");
  assert.is(run.code, 2);
  assert.match(failures(run), /master-1, master-2: 0 Ready control plane nodes would be left.*2 of 2 members of etcd/);
  assert.equal(changesOf(run), []);
});

test.run();
