import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { SshSession } from "../../runner/connect/ssh/session.ts";
import type { Result } from "../../runner/result.ts";
import type { TaskPlan } from "../../runner/task-type.ts";
import { nodeNetwork } from "../../tasks/node/network.ts";
import { readQuietNode } from "../../tasks/node/read-node.ts";
import { quiet } from "../support/progress.ts";
import { type LabNodeSession, paperNode } from "../support/ssh-lab-node.ts";
import { byHand, layer3, must, paperArguments, planned, withNode } from "./on-lab-node.ts";

const test = suite("node.network against a lab node");

const planOn = (session: SshSession, args: object, check = false): Promise<Result<TaskPlan>> =>
  planned(nodeNetwork, session, args, check);

test("brings up bond, VLAN, address and route; a second plan is empty and one round of reads", () =>
  withNode(async (node) => {
    const plan = await must(planOn(node.session, paperArguments));
    assert.equal(
      plan.changes.map(({ target, action }) => `${action} ${target}`),
      [
        "delete file /etc/netplan/50-cloud-init.yaml",
        "create file /etc/cloud/cloud.cfg.d/99-underlay-network.cfg",
        "create file /etc/netplan/90-underlay.yaml",
        "delete link eno1.310",
        "modify link eno1 mtu",
        "modify link eno2 mtu",
        "modify link eno2 state",
        "create link bond0",
        "create link bond0.310",
        "create address on bond0.310",
        "modify route default",
      ],
    );
    await must(plan.apply(quiet));
    const vlan = node.state().links.find((link) => link.name === "bond0.310");
    assert.equal(vlan?.addresses, ["192.168.2.1/24"]);
    assert.is(vlan?.mtu, 9000);
    assert.match(await byHand(node, "find", "/etc/netplan", "-maxdepth", "1"), "50-cloud-init.yaml.underlay-backup");
    const before = node.session.counts().commands ?? 0;
    assert.equal((await must(planOn(node.session, paperArguments))).changes, []);
    assert.ok((node.session.counts().commands ?? 0) - before <= 8, "an unchanged node takes at most eight commands");
  }));

test("names and repairs exactly what was changed by hand", () =>
  withNode(async (node) => {
    await must((await must(planOn(node.session, paperArguments))).apply(quiet));
    await byHand(node, "ip", "link", "set", "dev", "bond0.310", "mtu", "1500");
    const plan = await must(planOn(node.session, paperArguments));
    assert.equal(plan.changes, [{ target: "link bond0.310 mtu", action: "modify", before: 1500, after: 9000 }]);
    await must(plan.apply(quiet));
    assert.equal((await must(planOn(node.session, paperArguments))).changes, []);
  }));

test("only cloud-init's file is missing: written without touching the network", () =>
  withNode(async (node) => {
    await must((await must(planOn(node.session, paperArguments))).apply(quiet));
    await byHand(node, "rm", "-f", "--", "/etc/cloud/cloud.cfg.d/99-underlay-network.cfg");
    const before = node.session.counts();
    const plan = await must(planOn(node.session, paperArguments));
    assert.is(plan.changes.length, 1);
    await must(plan.apply(quiet));
    assert.is(node.session.counts().connections, before.connections, "no reconnect, so nothing was applied");
  }));

test("a file that netplan refuses: nothing applied, files as they were, no timer armed", () =>
  withNode(async (node) => {
    const before = layer3(node);
    await byHand(node, "cp", "-p", "--", "/etc/netplan/50-cloud-init.yaml", "/etc/netplan/60-other.yaml");
    await node.connect().connection().writer?.putFile({
      path: "/etc/netplan/60-other.yaml",
      content: "network: {version: 2, ethernets: {eno9: {nonsense: true}}}\n",
      mode: "0600",
    });
    const applied = await (await must(planOn(node.session, paperArguments))).apply(quiet);
    assert.not(applied.ok);
    if (!applied.ok) {
      assert.match(applied.failure.doing, "netplan generate");
      assert.match(applied.failure.meaning ?? "", "nothing was applied; the files are as they were");
    }
    assert.equal(layer3(node), before);
    assert.not.match(await byHand(node, "find", "/etc/netplan", "-maxdepth", "1"), "90-underlay.yaml\n");
    assert.ok((await planOn(node.session, paperArguments)).ok, "no timer is armed");
  }));

test("check mode reads the same plan and has nothing to write with", () =>
  withNode(
    async (node) => {
      const plan = await must(planOn(node.session, paperArguments, true));
      assert.is(plan.changes.length, 11);
      assert.not((await plan.apply(quiet)).ok);
      assert.not(node.state().links.some((link) => link.name === "bond0"));
    },
    paperNode,
    { check: true },
  ));

test("an address that cuts the node off: failed, and the node is back on its old configuration", () =>
  withNode(async (node) => {
    const before = layer3(node);
    const plan = await must(planOn(node.session, { ...paperArguments, addresses: ["192.168.9.1/24"] }));
    const applied = await plan.apply(quiet);
    assert.not(applied.ok);
    if (applied.ok) return;
    assert.is(applied.failure.kind, "failed");
    assert.match(applied.failure.message, "cut off");
    assert.match(applied.failure.message, "rolled back and is reachable on its old configuration");
    assert.equal(layer3(node), before);
    assert.is((await must(planOn(node.session, paperArguments))).changes.length, 10, "no timer is armed, nothing is half done");
    await must((await must(planOn(node.session, paperArguments))).apply(quiet));
  }));

/** The same with IPv6 beside it. */
const dualStack = {
  ...paperArguments,
  addresses: [...paperArguments.addresses, "fd00:2::1/64"],
  gateways: [...paperArguments.gateways, "fd00:2::ffff:ffff:ffff:fffe"],
};

test("dual stack: both addresses and both default routes; a second plan is empty", () =>
  withNode(async (node) => {
    await must((await must(planOn(node.session, dualStack))).apply(quiet));
    assert.equal((await must(planOn(node.session, dualStack))).changes, []);
    assert.equal(node.state().links.find((link) => link.name === "bond0.310")?.addresses, dualStack.addresses);
    const routes = await byHand(node, "ip", "-6", "route", "show", "default");
    assert.match(routes, "default via fd00:2::ffff:ffff:ffff:fffe dev bond0.310");
    await byHand(node, "ip", "-6", "route", "delete", "default");
    const changes = (await must(planOn(node.session, dualStack))).changes;
    assert.equal(
      changes.map(({ target, action }) => `${action} ${target}`),
      ["create route default IPv6"],
    );
  }));

test("dual stack: a change is taken back when one family's gateway does not answer", () =>
  withNode(
    async (node) => {
      const before = layer3(node);
      const applied = await (await must(planOn(node.session, dualStack))).apply(quiet);
      assert.not(applied.ok);
      if (applied.ok) return;
      assert.match(applied.failure.message, "the gateway fd00:2::ffff:ffff:ffff:fffe does not answer");
      assert.equal(layer3(node), before);
    },
    paperNode,
    { gatewayAnswers: (_node: string, gateway: string) => !gateway.includes(":") },
  ));

for (const [what, change] of [
  ["two addresses of one family", { addresses: ["192.168.2.1/24", "192.168.2.3/24"] }],
  ["an address without a gateway", { addresses: dualStack.addresses }],
] as const) {
  test(`refused before anything is read: ${what}`, () =>
    withNode(async (node) => {
      const plan = await planOn(node.session, { ...paperArguments, ...change });
      assert.not(plan.ok);
      if (!plan.ok) assert.match(plan.failure.message, "each family needs one address and one gateway");
    }));
}

/** A gateway that answers until the bond is there. */
function lostWithTheBond() {
  let node: LabNodeSession | undefined;
  return {
    gatewayAnswers: () => !node?.state().links.some((link) => link.name === "bond0"),
    watch: (watched: LabNodeSession) => {
      node = watched;
    },
  };
}

test("a gateway that does not answer after the change: rolled back at once", () => {
  const { gatewayAnswers, watch } = lostWithTheBond();
  return withNode(
    async (node) => {
      watch(node);
      const before = layer3(node);
      const applied = await (await must(planOn(node.session, paperArguments))).apply(quiet);
      assert.not(applied.ok);
      if (!applied.ok)
        assert.match(applied.failure.message, "the gateway 192.168.2.254 does not answer; the node has rolled back");
      assert.equal(layer3(node), before);
    },
    paperNode,
    { gatewayAnswers },
  );
});

test("a gateway that does not answer before the change, over the same address and VLAN: nothing is changed", () =>
  withNode(
    async (node) => {
      const before = node.state();
      const applied = await (await must(planOn(node.session, paperArguments))).apply(quiet);
      assert.not(applied.ok);
      if (!applied.ok) assert.match(applied.failure.message, "though eno1.310 already has 192.168.2.1/24; nothing was changed");
      assert.equal(node.state(), before);
      assert.not.match(await byHand(node, "find", "/etc/netplan", "/run", "-maxdepth", "1"), "underlay");
      await must((await must(planOn(node.session, { ...paperArguments, require_gateway: false }))).apply(quiet));
    },
    paperNode,
    { gatewayAnswers: () => false },
  ));

test("works with a sudo password too", () =>
  withNode(
    async (node) => {
      await must((await must(planOn(node.session, paperArguments))).apply(quiet));
      assert.not.match(await byHand(node, "cat", "--", "/etc/netplan/90-underlay.yaml"), "sudo-canary");
    },
    { ...paperNode, sudoPassword: "sudo-canary" },
  ));

const armed = (node: LabNodeSession, seconds: number) =>
  byHand(node, "systemd-run", "--quiet", "--unit=underlay-rollback", `--on-active=${seconds}s`, "--", "/bin/sh", "/run/x");

test("an armed rollback that does not end is reported", () =>
  withNode(async (node) => {
    await armed(node, 60);
    const found = await readQuietNode(node.session.connection().reader, [4], 1);
    assert.not(found.ok);
    if (!found.ok) assert.match(found.failure.message, "underlay-rollback.timer");
  }));

test("an armed rollback is waited for, then the change is planned", () =>
  withNode(async (node) => {
    await armed(node, 2);
    const planned = await must(planOn(node.session, paperArguments));
    assert.ok(planned.changes.length > 0);
    assert.not.match(await byHand(node, "systemctl", "list-timers"), "underlay-rollback.timer");
  }));

test.run();
