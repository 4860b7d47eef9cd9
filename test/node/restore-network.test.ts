import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nodeNetwork } from "../../tasks/node/network.ts";
import { restoreNetwork } from "../../tasks/node/restore-network.ts";
import { quiet } from "../support/progress.ts";
import { type LabNodeSession, paperNode } from "../support/ssh-lab-node.ts";
import { byHand, layer3, must, paperArguments, planned, withNode } from "./on-lab-node.ts";

const test = suite("node.restore_network against a lab node");

const files = async (node: LabNodeSession) =>
  (await byHand(node, "find", "/etc/netplan", "/etc/cloud/cloud.cfg.d", "-maxdepth", "1", "-type", "f")).trim().split("\n");

async function addNetwork(node: LabNodeSession): Promise<void> {
  await must((await must(planned(nodeNetwork, node.session, paperArguments))).apply(quiet));
}

const restore = (node: LabNodeSession, check = false) => planned(restoreNetwork, node.session, { timeout: 10 }, check);

test("the way there and back leaves files, links, addresses and routes as they were; a second run has nothing to do", () =>
  withNode(async (node) => {
    const before = { network: layer3(node), files: await files(node) };
    assert.equal((await must(restore(node))).changes, []);
    await addNetwork(node);
    const plan = await must(restore(node));
    assert.equal(
      plan.changes.map(({ target, action }) => `${action} ${target}`),
      [
        "create file /etc/netplan/50-cloud-init.yaml",
        "delete file /etc/netplan/50-cloud-init.yaml.underlay-backup",
        "delete file /etc/netplan/90-underlay.yaml",
        "delete file /etc/cloud/cloud.cfg.d/99-underlay-network.cfg",
        "delete link bond0.310",
        "delete link bond0",
      ],
    );
    await must(plan.apply(quiet));
    assert.equal({ network: layer3(node), files: await files(node) }, before);
    assert.equal((await must(restore(node))).changes, []);
    await addNetwork(node);
    await must((await must(restore(node))).apply(quiet));
    assert.equal({ network: layer3(node), files: await files(node) }, before);
  }));

test("a file that lost only our links gets them back", () =>
  withNode(async (node) => {
    const both = "network:\n  version: 2\n  ethernets:\n    eno2: { addresses: [10.1.1.1/24] }\n    eno9: { optional: true }\n";
    await node.connect().connection().writer?.putFile({ path: "/etc/netplan/60-both.yaml", content: both, mode: "0600" });
    await addNetwork(node);
    assert.not.match(await byHand(node, "cat", "/etc/netplan/60-both.yaml"), "eno2");
    await must((await must(restore(node))).apply(quiet));
    assert.is(await byHand(node, "cat", "/etc/netplan/60-both.yaml"), both);
    assert.not.ok((await files(node)).some((path) => path.includes("underlay")));
  }));

test("files from before that cut the node off: it goes back to our network, backups included", () =>
  withNode(async (node) => {
    await addNetwork(node);
    const wrong = "network: {version: 2, ethernets: {eno1: {addresses: [172.16.0.1/24]}}}\n";
    await node.connect().connection().writer?.putFile({
      path: "/etc/netplan/50-cloud-init.yaml.underlay-backup",
      content: wrong,
      mode: "0600",
    });
    const before = { network: layer3(node), files: await files(node) };
    const applied = await (await must(restore(node))).apply(quiet);
    assert.not(applied.ok);
    if (applied.ok) return;
    assert.match(applied.failure.message, "cut off");
    assert.match(applied.failure.message, "rolled back and is reachable");
    assert.equal({ network: layer3(node), files: await files(node) }, before);
    assert.is(await byHand(node, "cat", "/etc/netplan/50-cloud-init.yaml.underlay-backup"), wrong);
  }));

test("no network to go back to: refused before anything is touched", () =>
  withNode(async (node) => {
    await addNetwork(node);
    await byHand(node, "rm", "-f", "--", "/etc/netplan/50-cloud-init.yaml.underlay-backup");
    const plan = await restore(node);
    assert.not(plan.ok);
    if (!plan.ok) assert.match(plan.failure.meaning ?? "", "without our file the node would have no network");
  }));

test("check mode finds the same changes and has nothing to write with", () =>
  withNode(
    async (node) => {
      // Put there by hand: check mode has no writer.
      assert.equal((await must(restore(node, true))).changes, []);
      assert.not((await (await must(restore(node, true))).apply(quiet)).ok);
    },
    paperNode,
    { check: true },
  ));

test.run();
