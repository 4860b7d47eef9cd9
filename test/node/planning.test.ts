import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FoundNetwork } from "../../tasks/node/found-network.ts";
import { cloudInitFile, netplanFile, OUR_FILE } from "../../tasks/node/netplan-file.ts";
import { planNetwork } from "../../tasks/node/network-plan.ts";
import type { WantedNetwork } from "../../tasks/node/wanted-network.ts";
import { bonded, kernel } from "./recorded-kernel.ts";

const test = suite("node.network planning");

const single: WantedNetwork = { ...bonded, members: ["eno1"], bond: undefined, vlan: undefined };
const tagged: WantedNetwork = { ...single, vlan: { id: 310, name: "eno1.310" } };

interface Fixture {
  readonly name: string;
  readonly wanted?: WantedNetwork;
  readonly found: FoundNetwork;
  /** Netplan files by path; our own is added when left out. */
  readonly files?: Readonly<Record<string, string>>;
  /** `action target before → after`, files by path only. */
  readonly changes: readonly string[];
}

const ours = netplanFile(bonded, (link) => link).content;
const cloudInit = "/etc/netplan/50-cloud-init.yaml";
const member = (more: object = {}) => ({ mtu: 9000, ...more });

const fixtures: readonly Fixture[] = [
  { name: "nothing to do", found: kernel("bonded"), changes: [] },
  {
    name: "MTU of the VLAN changed by hand",
    found: kernel("bonded", { "bond0.310": { mtu: 1500 } }),
    changes: ["modify link bond0.310 mtu 1500 → 9000"],
  },
  {
    name: "a member left the bond and is down",
    found: kernel("bonded", { eno2: member({ master: undefined, flags: ["BROADCAST"] }) }),
    changes: ['modify link eno2 state "down" → "up"', 'modify link bond0 members ["eno1"] → ["eno1","eno2"]'],
  },
  {
    name: "another bond mode",
    found: kernel("bonded", { bond0: { linkinfo: { info_kind: "bond", info_data: { mode: "active-backup", miimon: 100 } } } }),
    changes: ['modify link bond0 mode "active-backup" → "802.3ad"'],
  },
  {
    name: "address with another prefix length",
    found: kernel("bonded", { "bond0.310": { addr_info: [{ local: "192.168.2.1", prefixlen: 16, scope: "global" }] } }),
    changes: ['modify address on bond0.310 "192.168.2.1/16" → "192.168.2.1/24"'],
  },
  {
    name: "address gone",
    found: kernel("bonded", { "bond0.310": { addr_info: [] } }),
    changes: ['create address on bond0.310 null → "192.168.2.1/24"'],
  },
  {
    name: "a cluster's virtual address beside ours is left alone",
    found: kernel("bonded", {
      "bond0.310": {
        addr_info: [
          { local: "192.168.2.1", prefixlen: 24, scope: "global" },
          { local: "192.168.2.250", prefixlen: 32, scope: "global" },
        ],
      },
    }),
    changes: [],
  },
  {
    name: "our address on an unrelated link as well",
    found: kernel("bonded", { eno3: { addr_info: [{ local: "192.168.2.1", prefixlen: 24, scope: "global" }] } }),
    changes: ['delete address on eno3 "192.168.2.1/24" → null'],
  },
  {
    name: "default route to another gateway",
    found: kernel("bonded", {}, [{ dst: "default", gateway: "192.168.2.253", dev: "bond0.310" }]),
    changes: ['modify route default "via 192.168.2.253 dev bond0.310" → "via 192.168.2.254 dev bond0.310"'],
  },
  {
    name: "no default route",
    found: kernel("bonded", {}, []),
    changes: ['create route default null → "via 192.168.2.254 dev bond0.310"'],
  },
  {
    name: "a default route of the management network and one by router advertisement are left alone",
    found: kernel("bonded", {}, [
      { dst: "default", gateway: "192.168.2.254", dev: "bond0.310" },
      { dst: "default", gateway: "10.0.0.1", dev: "eno3", metric: 100 },
      { dst: "default", gateway: "192.168.2.9", dev: "bond0.310", protocol: "ra" },
    ]),
    changes: [],
  },
  {
    name: "our file edited by hand",
    found: kernel("bonded"),
    files: { [OUR_FILE]: ours.replace("mtu: 9000", "mtu: 1500") },
    changes: [`modify file ${OUR_FILE}`],
  },
  {
    name: "the installer's file only configures our links: it goes",
    found: kernel("bonded"),
    files: { [OUR_FILE]: ours, [cloudInit]: "network:\n  version: 2\n  ethernets:\n    eno1: {dhcp4: true}\n    eno2: {}\n" },
    changes: [`delete file ${cloudInit}`],
  },
  {
    name: "a file that configures others too keeps what it says about them",
    found: kernel("bonded"),
    files: {
      [OUR_FILE]: ours,
      [cloudInit]:
        "network:\n  version: 2\n  ethernets:\n    eno1: {dhcp4: true}\n    eno3: {addresses: [10.0.0.5/24]} # management\n",
    },
    changes: [`modify file ${cloudInit}`],
  },
  {
    name: "a file about other links only is not touched",
    found: kernel("bonded"),
    files: {
      [OUR_FILE]: ours,
      "/run/netplan/10-storage.yaml": "network:\n  version: 2\n  ethernets:\n    eno3: {dhcp4: true}\n",
    },
    changes: [],
  },
  {
    name: "first run on an installed node, single interface",
    wanted: single,
    found: kernel("installed"),
    files: { [cloudInit]: "network:\n  version: 2\n  ethernets:\n    eno1: {dhcp4: true}\n" },
    changes: [`delete file ${cloudInit}`, `create file ${OUR_FILE}`, "modify link eno1 mtu 1500 → 9000"],
  },
  {
    name: "first run on an installed node, tagged",
    wanted: tagged,
    found: kernel("installed"),
    files: {},
    changes: [
      `create file ${OUR_FILE}`,
      "modify link eno1 mtu 1500 → 9000",
      'create link eno1.310 null → {"kind":"vlan","id":310,"link":"eno1","mtu":9000}',
      'delete address on eno1 "192.168.2.1/24" → null',
      'create address on eno1.310 null → "192.168.2.1/24"',
      'modify route default "via 192.168.2.254 dev eno1" → "via 192.168.2.254 dev eno1.310"',
    ],
  },
];

function plan({ wanted = bonded, found, files = { [OUR_FILE]: ours } }: Omit<Fixture, "name" | "changes">) {
  const netplan = new Map(Object.entries(files).map(([file, content]) => [file, { content, mode: "0600" }]));
  return planNetwork(wanted, { network: found, netplan, places: [], cloudInit: { installed: false, file: undefined } });
}

for (const fixture of fixtures) {
  test(fixture.name, () => {
    const planned = plan(fixture);
    if (!planned.ok) throw new Error(planned.failure.message);
    assert.equal(
      planned.value.changes.map(({ action, target, before, after }) =>
        target.startsWith("file ")
          ? `${action} ${target}`
          : `${action} ${target} ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
      ),
      fixture.changes,
    );
  });
}

test("live drift alone writes no file", () => {
  const planned = plan({ found: kernel("bonded", { bond0: { mtu: 1500 } }) });
  assert.ok(planned.ok && planned.value.files.length === 0);
});

test("a bond that changes its mode is made anew", () => {
  const bond0 = { linkinfo: { info_kind: "bond", info_data: { mode: "balance-rr" } } };
  const planned = plan({ found: kernel("bonded", { bond0 }) });
  assert.equal(planned.ok && planned.value.drift.remove, ["bond0"]);
});

test("cloud-init is told to leave the network alone", () => {
  const netplan = new Map([[OUR_FILE, { content: ours, mode: "0600" }]]);
  const node = (file: { content: string; mode: string } | undefined) =>
    planNetwork(bonded, { network: kernel("bonded"), netplan, places: [], cloudInit: { installed: true, file } });
  const first = node(undefined);
  assert.equal(first.ok && first.value.changes.map(({ target }) => target), [
    "file /etc/cloud/cloud.cfg.d/99-underlay-network.cfg",
  ]);
  const second = node(cloudInitFile());
  assert.equal(second.ok && second.value.changes, []);
});

test("a missing interface is named with those the node has", () => {
  const planned = plan({ wanted: { ...bonded, members: ["eno1", "ens9"] }, found: kernel("bonded") });
  assert.ok(!planned.ok && planned.failure.message === "no such link: ens9; the node has eno1, eno2, eno3");
});

test("a file outside /etc/netplan that configures our links stops the plan", () => {
  const file = "/run/netplan/50-boot.yaml";
  const planned = plan({
    found: kernel("bonded"),
    files: { [OUR_FILE]: ours, [file]: "network: {version: 2, ethernets: {eno1: {dhcp4: true}}}" },
  });
  assert.ok(!planned.ok && planned.failure.doing.includes(file));
});

test("the file for netplan", () => {
  const [, ...lines] = netplanFile({ ...bonded, nameservers: ["10.0.0.53"] }, (link) => link).content.split("\n");
  assert.is(
    lines.join("\n"),
    `# node.network wrote this; a change by hand is undone by the next run.
network:
  version: 2
  ethernets:
    eno1:
      mtu: 9000
      dhcp4: false
      dhcp6: false
    eno2:
      mtu: 9000
      dhcp4: false
      dhcp6: false
  bonds:
    bond0:
      interfaces:
        - eno1
        - eno2
      mtu: 9000
      parameters:
        mode: 802.3ad
        lacp-rate: fast
        mii-monitor-interval: 100
        transmit-hash-policy: layer3+4
  vlans:
    bond0.310:
      id: 310
      link: bond0
      mtu: 9000
      addresses:
        - 192.168.2.1/24
      routes:
        - to: default
          via: 192.168.2.254
      nameservers:
        addresses:
          - 10.0.0.53
`,
  );
});

test.run();
