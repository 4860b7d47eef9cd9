import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LabNodeState } from "../../../lab/parts.ts";
import { connect, forget, makeKeys, NODE, type once, run, startLab, stopAll, type TestLab } from "./lab-node.ts";

const keys = makeKeys();
const test = suite("netplan on lab nodes");
test.after(stopAll);

/** What `node.network` writes: bond, VLAN link, gateway. */
const BONDED = `network:
  version: 2
  ethernets:
    eno1: { mtu: 9000, dhcp4: false, dhcp6: false }
    eno2: { mtu: 9000, dhcp4: false, dhcp6: false }
  bonds:
    bond0:
      interfaces: [eno1, eno2]
      mtu: 9000
      parameters: { mode: 802.3ad, lacp-rate: fast, mii-monitor-interval: 100, transmit-hash-policy: layer3+4 }
  vlans:
    bond0.310: { id: 310, link: bond0, mtu: 9000, addresses: [192.168.2.4/24], routes: [{ to: default, via: 192.168.2.254 }] }
`;

/** One lab, one node, one connection of root. */
async function onNode(
  body: (run: (line: string, input?: string) => ReturnType<typeof once>, lab: TestLab) => Promise<void>,
): Promise<void> {
  const lab = await startLab(keys, [NODE]);
  const client = await connect(lab, NODE.name, { username: "root" });
  await body((line, input) => run(client, line, input), lab);
  client.end();
  await lab.stop();
  forget(lab);
}

function link(lab: TestLab, name: string): LabNodeState["links"][number] | undefined {
  return lab.nodes.states()[0]?.links.find((item) => item.name === name);
}

async function write(sh: (line: string, input?: string) => ReturnType<typeof once>, path: string, text: string): Promise<void> {
  await sh(`install -m 0600 -- /dev/null ${path}`);
  await sh(`tee -- ${path}`, text);
}

test("as installed: tagged link with address, default route, MTU 1500", () =>
  onNode(async (sh, lab) => {
    assert.equal(link(lab, "eno1.310"), {
      name: "eno1.310",
      kind: "vlan",
      up: true,
      mtu: 1500,
      master: undefined,
      mode: undefined,
      vlan: { id: 310, parent: "eno1" },
      addresses: ["192.168.2.4/24"],
    });
    assert.equal(
      (await sh("ip -j -4 route show default")).stdout,
      '[{"dst":"default","gateway":"192.168.2.254","dev":"eno1.310","protocol":"static","flags":[]}]\n',
    );
    assert.equal((await sh("stat -c %a -- /etc/netplan/50-cloud-init.yaml")).stdout, "600\n");
  }));

test("apply makes the bond, moves the address and removes what is no longer named; a second one changes nothing", () =>
  onNode(async (sh, lab) => {
    await write(sh, "/etc/netplan/90-underlay.yaml", BONDED);
    await sh("rm -f -- /etc/netplan/50-cloud-init.yaml");
    assert.equal(await sh("netplan apply"), { exitCode: 0, stdout: "", stderr: "" });
    const bond = link(lab, "bond0");
    assert.equal([bond?.kind, bond?.mode, bond?.mtu, bond?.up], ["bond", "802.3ad", 9000, true]);
    assert.equal(link(lab, "eno2")?.master, "bond0");
    assert.equal(link(lab, "bond0.310")?.addresses, ["192.168.2.4/24"]);
    assert.is(link(lab, "eno1.310"), undefined);
    const before = lab.nodes.states();
    await sh("netplan apply");
    assert.equal(lab.nodes.states(), before);
  }));

test("going back restores the installed state, the MTU of former members included", () =>
  onNode(async (sh, lab) => {
    const installed = lab.nodes.states();
    await sh("cp -p -- /etc/netplan/50-cloud-init.yaml /run/kept");
    await write(
      sh,
      "/etc/netplan/90-underlay.yaml",
      BONDED.replaceAll("eno1: { mtu: 9000,", "eno1: {").replaceAll("eno2: { mtu: 9000,", "eno2: {"),
    );
    await sh("rm -f -- /etc/netplan/50-cloud-init.yaml");
    await sh("netplan apply");
    await sh("cp -p -- /run/kept /etc/netplan/50-cloud-init.yaml");
    await sh("rm -f -- /etc/netplan/90-underlay.yaml");
    await sh("netplan apply");
    const eno2 = installed[0]?.links.find((item) => item.name === "eno2");
    assert.is(eno2?.up, false);
    assert.equal(
      lab.nodes.states()[0]?.links.filter((item) => item.name !== "eno2"),
      installed[0]?.links.filter((item) => item.name !== "eno2"),
    );
  }));

test("files merge in order of their names, later scalars win, lists are joined", () =>
  onNode(async (sh) => {
    await write(
      sh,
      "/etc/netplan/60-more.yaml",
      "network: { vlans: { eno1.310: { mtu: 1400, addresses: [192.168.2.44/24] } } }\n",
    );
    await sh("netplan apply");
    const [shown]: unknown[] = JSON.parse((await sh("ip -j -4 addr show dev eno1.310")).stdout);
    const text = JSON.stringify(shown);
    assert.match(text, '"mtu":1400');
    assert.match(text, '"local":"192.168.2.4"');
    assert.match(text, '"local":"192.168.2.44"');
  }));

for (const [what, yaml, complaint] of [
  [
    "an unknown key",
    "network:\n  version: 2\n  ethernets:\n    eno1:\n      adresses: []\n",
    "90-underlay.yaml:5:7: Error in network definition: unknown key 'adresses'",
  ],
  ["bad YAML", "network:\n  version: 2\n   ethernets: {}\n", "90-underlay.yaml:"],
  [
    "an address without length",
    "network: { ethernets: { eno1: { addresses: [192.168.2.4] } } }\n",
    "address '192.168.2.4' is missing /prefixlength",
  ],
  ["a VLAN on a link nobody defines", "network: { vlans: { v: { id: 3, link: eno9 } } }\n", "v: interface 'eno9' is not defined"],
  [
    "an unknown bond mode",
    "network: { ethernets: { eno2: {} }, bonds: { b: { interfaces: [eno2], parameters: { mode: lacp } } } }\n",
    "unknown bond mode 'lacp'",
  ],
] as const) {
  test(`generate refuses ${what}, and apply then changes nothing`, () =>
    onNode(async (sh, lab) => {
      const before = lab.nodes.states();
      await write(sh, "/etc/netplan/90-underlay.yaml", yaml);
      const refused = await sh("netplan generate");
      assert.is(refused.exitCode, 78);
      assert.match(refused.stderr, complaint);
      assert.is((await sh("netplan apply")).exitCode, 78);
      assert.equal(lab.nodes.states(), before);
    }));
}

test("a file that others may read and two default routes are warned about", () =>
  onNode(async (sh) => {
    await write(sh, "/etc/netplan/90-underlay.yaml", BONDED);
    await sh("chmod 0644 /etc/netplan/90-underlay.yaml");
    const { stderr } = await sh("netplan generate");
    assert.match(stderr, "Permissions for /etc/netplan/90-underlay.yaml are too open");
    assert.match(stderr, "Conflicting default route declarations");
  }));

test("drift by hand is seen and put right by apply", () =>
  onNode(async (sh, lab) => {
    await write(sh, "/etc/netplan/90-underlay.yaml", BONDED);
    await sh("rm -f -- /etc/netplan/50-cloud-init.yaml");
    await sh("netplan apply");
    const good = lab.nodes.states();
    await sh("ip link set bond0 mtu 1400");
    assert.is(link(lab, "bond0.310")?.mtu, 1400);
    assert.is((await sh("ip link set bond0.310 mtu 9000")).exitCode, 2);
    await sh("ip address add 192.168.2.99/24 dev bond0.310");
    await sh("ip route replace default via 192.168.2.201");
    assert.match((await sh("ip route show default")).stdout, "default via 192.168.2.201 dev bond0.310");
    assert.is((await sh("ip route add default via 10.9.9.9 metric 5")).stderr, "Error: Nexthop has invalid gateway.\n");
    await sh("netplan apply");
    assert.equal(lab.nodes.states(), good);
  }));

test.run();
