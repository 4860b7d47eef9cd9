import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blackHoles } from "../../lab/record/black-holes.ts";
import { readRecord, stateAt } from "../../lab/record/read.ts";
import { changesOf, failureOf, surprises } from "../designs/cell.ts";
import { failures } from "../support/command.ts";
import { site } from "./site.ts";
import { deployWeb } from "./workload.ts";

/** Who may not be removed, and a control plane node that may. */
const test = suite("nodes that the cluster needs");
const at = site({ svi: "floating", cni: "calico" });

test.after(() => at.remove());

const remove = (...flags: string[]) => at.run("day2/remove-node", ...flags);

/** Refused before anything was changed, with the reason. */
async function refused(reason: RegExp, ...flags: string[]): Promise<void> {
  for (const check of [["--check"], []]) {
    const run = await remove(...flags, ...check);
    assert.is(run.code, 2, `${flags.join(" ")} ${check}`);
    assert.match(failures(run), reason);
    assert.equal(changesOf(run), []);
  }
}

test.before(async () => {
  const first = await at.run("floating-svi-calico");
  assert.is(first.code, 0, failureOf(first));
  await at.byHand(deployWeb);
});

test("all nodes, because --limit was forgotten", () =>
  refused(/these are all nodes of the cluster; say with --limit which of them leave/, "-e", "reset=true"));

test("a control plane node without kubeadm reset", () =>
  refused(/master-2: control plane; without kubeadm reset its member stays in etcd.*-e reset=true/, "--limit", "master-2"));

test("all control plane nodes", () =>
  refused(
    /master-1, master-2: no control plane node would be left/,
    "--limit",
    "master-1,master-2",
    "-e",
    "reset=true",
    "-e",
    "serial=2",
  ));

test("a control plane node while the other is down", () =>
  refused(
    /master-2: 0 Ready control plane nodes would be left, etcd needs a majority of 1 of 1/,
    "--limit",
    "master-2",
    "-e",
    "reset=true",
    "--fault",
    "node.down=master-1",
    // The cluster takes 40 s to notice.
    "--fault",
    "time.speed=1000",
  ));

test("a control plane node with kubeadm reset leaves", async () => {
  const flags = ["--limit", "master-2", "-e", "reset=true"];
  const check = await remove(...flags, "--check");
  const run = await remove(...flags);
  assert.is(run.code, 0, failureOf(run));
  assert.equal(surprises(check, run), []);
  assert.equal(changesOf(await remove(...flags)), [], "it has left");
  await at.byHand(async (hand) => {
    assert.not.match(await hand.kubectl(["get", "nodes", "-o", "name"]), "master-2");
    const { routes } = stateAt(readRecord(at.lab), new Date());
    assert.is([...routes.values()].filter(({ node }) => node === "master-2").length, 0);
  });
  const own = blackHoles(readRecord(at.lab)).filter(({ node }) => node !== "master-1");
  assert.equal(own, [], "none but of the node that a fault switched off");
});

test.run();
