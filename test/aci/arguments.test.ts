import { suite } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../tasks/index.ts";
import { type PaperTask, paperTasks } from "../support/paper-fabric.ts";

/** What the schemas refuse and what is legal but doubtful. */
const test = suite("aci arguments");

function prepare({ task, args }: PaperTask, more: Readonly<Record<string, unknown>>) {
  const found = registry.get(task);
  if (found === undefined) throw new Error(`${task} is not registered`);
  return found.prepare({ ...args, ...more }, "apic1", false);
}

function paper(name: string): PaperTask {
  const found = paperTasks().find(({ task }) => task === name);
  if (found === undefined) throw new Error(`${name} is not in the play`);
  return found;
}

const refused: readonly (readonly [task: string, more: Readonly<Record<string, unknown>>])[] = [
  ["aci.l3out", { name: "with blank" }],
  ["aci.l3out", { name: "x".repeat(65) }],
  ["aci.l3out", { vrff: "calico" }],
  ["aci.l3out", { state: "gone" }],
  ["aci.node_profile", { nodes: [{ node_id: 201, router_id: "1.1.4" }] }],
  ["aci.node_profile", { nodes: [] }],
  ["aci.floating_svi", { vlan: 4095 }],
  ["aci.floating_svi", { mtu: 9217 }],
  ["aci.floating_svi", { floating_address: "192.168.2.253" }],
  ["aci.floating_svi", { floating_address: "192.168.2.253/32" }],
  ["aci.floating_svi", { floating_address: "fd00:2::fd/128" }],
  [
    "aci.floating_svi",
    { anchors: Array.from({ length: 7 }, (_, index) => ({ node_id: 201 + index, address: "192.168.2.1/24" })) },
  ],
  ["aci.external_epg", { subnets: ["10.1.0.1/16"] }],
  ["aci.external_epg", { scope: ["import"] }],
  ["aci.secondary_address", { address: "192.168.2.254/32" }],
  ["aci.secondary_address", { anchors: [201, 201] }],
  ["aci.bgp_timers", { hold: 2 }],
  ["aci.bgp_timers", { keepalive: 3601 }],
  ["aci.route_map", { direction: "both" }],
  ["aci.route_map", { order: 10 }],
  ["aci.bgp_ecmp", { ebgp: 65 }],
  ["aci.vrf_bgp", { families: ["ipv5"] }],
  ["aci.bgp_peer_prefix", { max_prefixes: 0 }],
  ["aci.bgp_peer", { asn: 0 }],
  ["aci.bgp_peer", { asn: 4_294_967_296 }],
  ["aci.bgp_peer", { password: "plain text" }],
  ["aci.bgp_peer", { peer: "192.168.2.1/24" }],
];
for (const [task, more] of refused) {
  test(`${task} refuses ${JSON.stringify(more).slice(0, 80)}`, () => {
    assert.ok(prepare(paper(task), {}).ok, "the paper's arguments are good");
    assert.not(prepare(paper(task), more).ok);
  });
}

const path = {
  node: "node1",
  type: "vpc",
  leaves: [101, 102],
  interface: "k8s-node1",
  vlan: 311,
  addresses: ["192.168.5.4/29", "192.168.5.5/29"],
  secondary_address: "192.168.5.6/29",
  peer: "192.168.5.1",
};
const sviArgs = { tenant: "k8s", l3out: "cilium", node_profile: "border", name: "svi", paths: [path] };

const paths: readonly (readonly [name: string, path: Readonly<Record<string, unknown>>, good: boolean])[] = [
  ["a vPC", path, true],
  ["a vPC on one leaf", { ...path, leaves: [101], addresses: ["192.168.5.4/29"] }, false],
  ["a vPC with one address", { ...path, addresses: ["192.168.5.4/29"] }, false],
  ["a single port", { ...path, type: "port", leaves: [101], addresses: ["192.168.5.4/29"], interface: "eth1/11" }, true],
  ["a port channel on two leaves", { ...path, type: "port_channel" }, false],
  ["a host length", { ...path, secondary_address: "192.168.5.6/32" }, false],
  ["a port that is none", { ...path, interface: "eth 1" }, false],
  ["no peer", { ...path, peer: undefined }, false],
];
for (const [name, item, good] of paths) {
  test(`aci.svi and ${name}: ${good ? "taken" : "refused"}`, () => {
    assert.is(prepare({ task: "aci.svi", args: sviArgs }, { paths: [item] }).ok, good);
  });
}

const place = { tenant: "k8s", l3out: "cilium", node_profile: "border", interface_profile: "svi" };
const forms: readonly (readonly [more: Readonly<Record<string, unknown>>, good: boolean])[] = [
  [{ paths: [path] }, true],
  [{ anchors: [201], vlan: 310, address: "192.168.2.254/24" }, true],
  [{ anchors: [201], vlan: 310 }, false],
  [{ vlan: 310, paths: [path] }, false],
  [{}, false],
];
for (const [more, good] of forms) {
  test(`aci.secondary_address with ${Object.keys(more).join(", ") || "no place"}: ${good ? "taken" : "refused"}`, () => {
    const prepared = prepare({ task: "aci.secondary_address", args: place }, more);
    assert.is(prepared.ok, good);
    if (prepared.ok) return;
    const said = prepared.errors.map(({ message }) => message);
    assert.equal(said, ["needs either anchors, vlan and address (floating SVI), or paths (standard SVI), and not both"]);
  });
}

test("aci.port: a bundle of two nodes, a port that is listed twice, and a vPC on one leaf are doubtful", () => {
  const ports = [
    { node: "node1", policy_group: "g", type: "vpc", leaves: [101, 102], ports: ["1/11", "1/11"] },
    { node: "node2", policy_group: "g", type: "vpc", leaves: [101], ports: ["1/11"] },
  ];
  const prepared = prepare({ task: "aci.port", args: { cluster: "k8s" } }, { ports });
  assert.ok(prepared.ok);
  if (!prepared.ok) return;
  assert.equal(prepared.value.warnings, [
    "node2: a vPC needs a port on two leaves",
    "node2: policy group g is another node's: a bundle has one node",
    "node2: port 1/11 of leaf 101 is listed twice",
  ]);
});

const doubtful: readonly (readonly [more: Readonly<Record<string, unknown>>, warnings: readonly RegExp[]])[] = [
  [{ keepalive: 1, hold: 3 }, [/1 s\/3 s .* issue 7086/]],
  [{ keepalive: 1, hold: 3, cni: "cilium" }, []],
  [{ keepalive: 10, hold: 30 }, []],
  [{ keepalive: 0, hold: 0 }, []],
  [{ keepalive: 9, hold: 6 }, [/keepalive 9 s is not below hold 6 s/]],
];
for (const [more, warnings] of doubtful) {
  test(`aci.bgp_timers on ${JSON.stringify(more)}`, () => {
    const prepared = prepare(paper("aci.bgp_timers"), more);
    assert.ok(prepared.ok);
    if (!prepared.ok) return;
    assert.is(prepared.value.warnings.length, warnings.length);
    for (const [index, warning] of warnings.entries()) assert.match(prepared.value.warnings[index] ?? "", warning);
  });
}

test.run();
