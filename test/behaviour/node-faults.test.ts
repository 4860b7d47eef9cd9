import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { packageRoot } from "../../runner/package-root.ts";
import { changesIn, failures, mainPlaybook, textOf, workplace } from "../support/command.ts";

/** What goes wrong with nodes and the cluster at night (issue Show 9): retried where that is safe, a clear failure otherwise, and a plain re-run converges. */
const test = suite("faults of nodes and cluster");
const place = workplace();
test.after(() => place.remove());

const run = (...args: string[]) => place.underlay(["run", mainPlaybook, "--output", "json", ...args]);

test("a node drops the connection in mid-command: a clear word or a retry, and a re-run converges", async () => {
  assert.is((await run("--tags", "fabric")).code, 0, "the nodes' gateway has to be there");
  const outcome = await run("--tags", "nodes", "--fault", "node.drop_after=4");
  if (outcome.code !== 0) assert.match(failures(outcome), /connection|dropped|closed/i);
  const again = await run("--tags", "nodes");
  assert.is(again.code, 0, textOf(again).slice(-3000));
  assert.is(changesIn(await run("--tags", "nodes")), 0);
});

test("the Kubernetes API refuses: retried", async () => {
  const outcome = await run("--tags", "cni", "--fault", "kube.refuse=2");
  assert.is(outcome.code, 0, textOf(outcome).slice(-3000));
  assert.ok(Number(changesIn(outcome)) > 0, "fabric and nodes are ready from before: the CNI is what there is to do");
  assert.is(changesIn(await run("--tags", "cni")), 0);
});

for (const program of ["kubectl", "helm"]) {
  test(`${program} is missing: says which variable names it`, async () => {
    const inventory = path.join(place.directory, `no-${program}.yaml`);
    const lab = readFileSync(path.join(packageRoot, "inventory", "lab.yaml"), "utf8");
    writeFileSync(inventory, lab.replace("    cluster:\n", `    cluster:\n      ${program}: /nowhere/${program}\n`));
    const outcome = await run("-i", inventory, "--tags", "cni");
    assert.is(outcome.code === 2 || outcome.code === 3, true, textOf(outcome).slice(-2000));
    assert.match(failures(outcome), `/nowhere/${program}`);
    assert.match(failures(outcome), `cluster.${program}`);
  });
}

test.run();
