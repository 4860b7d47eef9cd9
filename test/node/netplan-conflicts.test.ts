import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import type { FoundLink } from "../../tasks/node/found-network.ts";
import { clearFile } from "../../tasks/node/netplan-conflicts.ts";
import type { WantedNetwork } from "../../tasks/node/wanted-network.ts";

const test = suite("other people's netplan files");

const bonded: WantedNetwork = {
  members: ["eno1", "eno2"],
  bond: "bond0",
  vlan: { id: 310, name: "bond0.310" },
  mtu: 9000,
  addresses: ["192.168.2.1/24"],
  gateways: ["192.168.2.254"],
  nameservers: [],
};
const tagged: WantedNetwork = { ...bonded, members: ["eno1"], bond: undefined, vlan: { id: 310, name: "eno1.310" } };

function card(name: string, mac: string): FoundLink {
  return {
    name,
    mtu: 1500,
    up: true,
    master: undefined,
    macs: [mac],
    kind: undefined,
    parameters: {},
    vlan: undefined,
    carrier: undefined,
    aggregator: undefined,
    addresses: [],
  };
}
const links = [card("eno1", "3c:fd:fe:a0:00:01"), card("eno2", "3c:fd:fe:a0:00:02"), card("eno3", "3c:fd:fe:a0:00:03")];

/** What is below `network:` in a file, and what is left of it; `undefined`: the file goes, `same`: not touched. */
const cases: readonly {
  readonly name: string;
  readonly wanted?: WantedNetwork;
  readonly network: object;
  readonly left: object | undefined | "same";
  readonly ids?: readonly (readonly [string, string])[];
}[] = [
  { name: "only our links", network: { ethernets: { eno1: { dhcp4: true }, eno2: {} } }, left: undefined },
  {
    name: "others stay",
    network: { ethernets: { eno1: { dhcp4: true }, eno3: { dhcp4: true } } },
    left: { ethernets: { eno3: { dhcp4: true } } },
  },
  { name: "nothing of ours", network: { ethernets: { eno3: { dhcp4: true } } }, left: "same" },
  { name: "a VLAN on a member of the bond", network: { vlans: { "eno1.310": { id: 310, link: "eno1" } } }, left: undefined },
  {
    name: "another VLAN on our bond stays",
    network: { vlans: { "bond0.99": { id: 99, link: "bond0", addresses: ["10.9.0.1/24"] } } },
    left: "same",
  },
  { name: "our VLAN under another name", network: { vlans: { fabric: { id: 310, link: "bond0" } } }, left: undefined },
  {
    name: "without a bond, another VLAN on our link stays",
    wanted: tagged,
    network: { vlans: { storage: { id: 99, link: "eno1" }, old: { id: 310, link: "eno1" } } },
    left: { vlans: { storage: { id: 99, link: "eno1" } } },
  },
  {
    name: "our bond, and a bond that holds a member",
    network: { bonds: { bond0: {}, bond7: { interfaces: ["eno2"] } } },
    left: undefined,
  },
  {
    name: "a card that gets its name here keeps it, and its id is told",
    network: { ethernets: { id0: { match: { macaddress: "3C:FD:FE:A0:00:01" }, "set-name": "eno1", dhcp4: true } } },
    left: { ethernets: { id0: { match: { macaddress: "3C:FD:FE:A0:00:01" }, "set-name": "eno1" } } },
    ids: [["eno1", "id0"]],
  },
  {
    name: "a card that only keeps its name is not touched again",
    network: { ethernets: { id0: { match: { macaddress: "3c:fd:fe:a0:00:01" }, "set-name": "eno1" } } },
    left: "same",
    ids: [["eno1", "id0"]],
  },
  {
    name: "a match on another card's address is not ours, whatever its id",
    network: { ethernets: { eno1: { match: { macaddress: "3c:fd:fe:a0:00:03" }, dhcp4: true } } },
    left: "same",
  },
  {
    name: "a pattern that fits our links only",
    network: { ethernets: { all: { match: { name: "eno[12]" }, dhcp4: true } } },
    left: undefined,
  },
  {
    name: "a renderer for all files is kept",
    network: { renderer: "networkd", ethernets: { eno1: {} } },
    left: { renderer: "networkd" },
  },
];

for (const { name, wanted = bonded, network, left, ids = [] } of cases) {
  test(name, () => {
    const content = JSON.stringify({ network: { version: 2, ...network } });
    const cleared = clearFile("/etc/netplan/50-x.yaml", content, wanted, links);
    if (!cleared.ok) throw new Error(cleared.failure.message);
    if (left === "same") assert.is(cleared.value.content, content);
    else if (left === undefined) assert.is(cleared.value.content, undefined);
    else assert.equal(parse(cleared.value.content ?? ""), { network: { version: 2, ...left } });
    assert.equal([...cleared.value.ids], ids);
  });
}

test("comments and order of what stays are kept", () => {
  const content =
    "# by hand\nnetwork:\n  version: 2\n  ethernets:\n    eno1: {dhcp4: true}\n    # management\n    eno3:\n      dhcp4: true # yes\n";
  const cleared = clearFile("f", content, bonded, links);
  assert.ok(cleared.ok);
  for (const comment of ["# by hand", "# management", "# yes"]) assert.match(cleared.value.content ?? "", comment);
});

/** What underlay does not take apart. */
const refusals: readonly (readonly [name: string, network: object | string, message: RegExp])[] = [
  ["a bridge over a member", { bridges: { br0: { interfaces: ["eno1", "eno3"] } } }, /bridge br0 uses eno1/],
  [
    "a pattern that fits other links too",
    { ethernets: { all: { match: { name: "eno*" }, dhcp4: true } } },
    /matches eno3 as well as eno1, eno2/,
  ],
  ["text that is no YAML", "network: [", /./],
];

for (const [name, network, message] of refusals) {
  test(`refused: ${name}`, () => {
    const content = typeof network === "string" ? network : JSON.stringify({ network });
    const cleared = clearFile("/etc/netplan/50-x.yaml", content, bonded, links);
    assert.not(cleared.ok);
    if (!cleared.ok) assert.match(cleared.failure.message, message);
  });
}

test.run();
