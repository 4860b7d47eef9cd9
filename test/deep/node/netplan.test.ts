import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FoundLink } from "../../../tasks/node/found-network.ts";
import { planNetwork } from "../../../tasks/node/network-plan.ts";
import type { WantedNetwork } from "../../../tasks/node/wanted-network.ts";

const test = suite("files of node.network through netplan generate");

const INSTALLER = "/etc/netplan/50-cloud-init.yaml";

const tagged: WantedNetwork = {
  members: ["eno1", "eno2"],
  bond: "bond0",
  vlan: { id: 310, name: "bond0.310" },
  mtu: 9000,
  addresses: ["192.168.2.1/24"],
  gateways: ["192.168.2.254"],
  nameservers: ["10.0.0.53"],
};
const six = { addresses: ["2001:db8:310::1/64"], gateways: ["2001:db8:310::fffe"], nameservers: ["2001:db8::53"] };

function card(name: string, mac: string): FoundLink {
  const nothing = {
    master: undefined,
    kind: undefined,
    parameters: {},
    vlan: undefined,
    carrier: undefined,
    aggregator: undefined,
  };
  return { name, mtu: 1500, up: true, macs: [mac], addresses: [], ...nothing };
}
const links = [card("eno1", "52:54:00:00:00:01"), card("eno2", "52:54:00:00:00:02"), card("eno3", "52:54:00:00:00:03")];

/** networkd's units by file name, as netplan makes them from what node.network leaves in /etc/netplan. */
function generate(wanted: WantedNetwork, files: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  const planned = planNetwork(wanted, {
    network: { links, defaultRoutes: [] },
    netplan: new Map(Object.entries(files).map(([file, content]) => [file, { content, mode: "0600" }])),
    places: [],
    cloudInit: { installed: false, file: undefined },
  });
  if (!planned.ok) throw new Error(planned.failure.message);
  const left = new Map(Object.entries(files));
  for (const { wanted: file } of planned.value.files) {
    if (file.state === "absent") left.delete(file.path);
    else left.set(file.path, file.content);
  }
  const root = mkdtempSync(path.join(os.tmpdir(), "underlay-deep-netplan-"));
  try {
    mkdirSync(path.join(root, "etc/netplan"), { recursive: true });
    for (const [file, content] of left) writeFileSync(path.join(root, file), content, { mode: 0o600 });
    execFileSync("netplan", ["generate", "--root-dir", root], { stdio: "pipe" });
    const units = path.join(root, "run/systemd/network");
    return new Map(
      existsSync(units) ? readdirSync(units).map((name) => [name, readFileSync(path.join(units, name), "utf8")]) : [],
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** That a unit has these lines, in whatever order. */
function has(units: ReadonlyMap<string, string>, name: string, lines: readonly string[]): void {
  const unit = units.get(`10-netplan-${name}`);
  assert.ok(unit !== undefined, `${name} is not among ${[...units.keys()].join(", ")}`);
  const missing = lines.filter((line) => !unit.split("\n").includes(line));
  assert.equal(missing, [], `${name}:\n${unit}`);
}

const lacp = ["Kind=bond", "MTUBytes=9000", "Mode=802.3ad", "LACPTransmitRate=fast", "TransmitHashPolicy=layer3+4"];
const members = (units: ReadonlyMap<string, string>) => {
  for (const name of ["eno1", "eno2"]) has(units, `${name}.network`, [`Name=${name}`, "MTUBytes=9000", "Bond=bond0"]);
};
const routed4 = ["Address=192.168.2.1/24", "Gateway=192.168.2.254", "DNS=10.0.0.53"];
const routed6 = ["Address=2001:db8:310::1/64", "Gateway=2001:db8:310::fffe", "DNS=2001:db8::53"];

const both = {
  addresses: [...tagged.addresses, ...six.addresses],
  gateways: [...tagged.gateways, ...six.gateways],
  nameservers: [...tagged.nameservers, ...six.nameservers],
};

for (const [family, addresses, routed, destination] of [
  ["IPv4", {}, routed4, "0.0.0.0/0"],
  ["IPv6", six, routed6, "::/0"],
  ["dual stack", both, [...routed4, ...routed6], "::/0"],
] as const) {
  test(`${family}: bond and VLAN`, () => {
    const units = generate({ ...tagged, ...addresses });
    members(units);
    has(units, "bond0.netdev", [...lacp, "MIIMonitorSec=100ms"]);
    has(units, "bond0.network", ["VLAN=bond0.310"]);
    has(units, "bond0.310.netdev", ["Kind=vlan", "Id=310", "MTUBytes=9000"]);
    has(units, "bond0.310.network", [...routed, `Destination=${destination}`]);
    assert.not.match(units.get("10-netplan-bond0.network") ?? "", "Address=");
  });

  test(`${family}: bond`, () => {
    const units = generate({ ...tagged, ...addresses, vlan: undefined });
    members(units);
    has(units, "bond0.netdev", lacp);
    has(units, "bond0.network", routed);
  });

  test(`${family}: one interface, and one with a VLAN`, () => {
    const single = { ...tagged, ...addresses, members: ["eno1"], bond: undefined };
    has(generate({ ...single, vlan: undefined }), "eno1.network", ["Name=eno1", "MTUBytes=9000", ...routed]);
    const vlan = generate({ ...single, vlan: { id: 310, name: "eno1.310" } });
    has(vlan, "eno1.network", ["VLAN=eno1.310", "MTUBytes=9000"]);
    has(vlan, "eno1.310.network", routed);
  });
}

test("the installer's entry by MAC address and set-name keeps its id, and the bond refers to it", () => {
  const units = generate(tagged, {
    [INSTALLER]: `network:
  version: 2
  ethernets:
    nic0: {match: {macaddress: "52:54:00:00:00:01"}, set-name: eno1, dhcp4: true}
    nic1: {match: {macaddress: "52:54:00:00:00:02"}, set-name: eno2, dhcp4: true}
    eno3: {addresses: [10.0.0.5/24]}
`,
  });
  has(units, "nic0.network", ["Bond=bond0", "MTUBytes=9000"]);
  has(units, "nic1.network", ["Bond=bond0"]);
  has(units, "nic0.link", ["Name=eno1"]);
  has(units, "eno3.network", ["Address=10.0.0.5/24"]);
  assert.not.match([...units.values()].join(), "DHCP=");
});

test("the installer's bond of other settings, with addresses, VLANs and the old gateway, is gone without a trace", () => {
  const units = generate(tagged, {
    "/etc/netplan/00-installer-config.yaml": `# This is the network config written by 'subiquity'
network:
  ethernets:
    eno1: {}
    eno2: {}
    eno3:
      dhcp4: true
  bonds:
    bond7:
      interfaces: [eno1, eno2]
      parameters: {mode: active-backup, primary: eno1}
      addresses: [192.168.9.1/24]
      gateway4: 192.168.9.254
  version: 2
`,
    [INSTALLER]: "network:\n  version: 2\n  vlans:\n    storage: {id: 310, link: bond0, addresses: [192.168.9.2/24]}\n",
  });
  members(units);
  has(units, "bond0.netdev", lacp);
  has(units, "eno3.network", ["DHCP=ipv4"]);
  assert.not.match([...units.values()].join(), "192.168.9.");
  assert.not.match([...units.keys()].join(), /bond7|storage/);
});

test("an IPv4 address of the installer does not stay beside a wanted IPv6 one", () => {
  const units = generate(
    { ...tagged, ...six, members: ["eno1"], bond: undefined, vlan: undefined },
    { [INSTALLER]: "network: {version: 2, ethernets: {eno1: {addresses: [10.9.9.9/24]}}}\n" },
  );
  has(units, "eno1.network", routed6);
  assert.not.match(units.get("10-netplan-eno1.network") ?? "", "10.9.9.9");
});

test("a file that netplan cannot use is refused by it (the judge can say no)", () => {
  assert.throws(() => generate({ ...tagged, addresses: ["192.168.2.1"] }));
});

test.run();
