import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FabricEvidence, FoundL3Out } from "../../tasks/preflight/fabric-evidence.ts";
import { type FabricWish, judgeFabric } from "../../tasks/preflight/fabric-rules.ts";
import { isOlder } from "../../tasks/preflight/release.ts";

const test = suite("preflight.fabric, rules");

const wish: FabricWish = {
  tenant: "k8s",
  vrf: "calico",
  l3out: "calico",
  svi: "floating",
  asn: 65002,
  pod: 1,
  leaves: [
    { node_id: 201, router_id: "1.1.4.201" },
    { node_id: 202, router_id: "1.1.4.202" },
  ],
  vlans: [310],
  floating_addresses: ["192.168.2.253/24"],
  prefixes: ["192.168.2.0/24", "fd00:10::/112"],
  timers_policy: "calico-timers",
  ecmp_policy: "calico-ecmp",
  domains: ["uni/phys-p", "uni/l3dom-r"],
  prepared: true,
  port_model: "profiles",
};

const leaf = (id: number) => `topology/pod-1/node-${id}`;

function l3out(name: string, more: Partial<FoundL3Out> = {}): FoundL3Out {
  return {
    dn: `uni/tn-other/out-${name}`,
    vrf: "uni/tn-other/ctx-other",
    routerIds: new Map(),
    timers: [],
    floating: [],
    vlans: [],
    prefixes: [],
    ...more,
  };
}

const VRF = { vrf: "uni/tn-k8s/ctx-calico" };
/** What a run before this one left: never an objection. */
const own = l3out("calico", {
  ...VRF,
  dn: "uni/tn-k8s/out-calico",
  routerIds: new Map([[leaf(201), "1.1.4.201"]]),
  timers: [{ leaf: leaf(201), policy: "calico-timers" }],
  floating: ["192.168.2.253/24"],
  vlans: [{ encap: "vlan-310", leaves: [leaf(201)] }],
  prefixes: [{ externalEpg: "uni/tn-k8s/out-calico/instP-default", prefix: "192.168.2.0/24" }],
});

const sound: FabricEvidence = {
  release: "5.2(7f)",
  asn: "65002",
  routeReflectors: 2,
  aesKey: true,
  l3outs: [own],
  vrf: { dn: "uni/tn-k8s/ctx-calico", policies: [{ family: "ipv4-ucast", policy: "calico-ecmp", ours: true }] },
  nodes: new Map([201, 202].map((id) => [leaf(id), { role: "leaf", state: "active" }])),
  ranges: new Map(["uni/phys-p", "uni/l3dom-r"].map((domain) => [domain, [{ from: 300, to: 319 }]])),
  epgVlans: [],
  scaleProfiles: ["dual-stack"],
  unread: [],
};

test("a sound fabric, also one that has our own L3Out already", () => {
  assert.equal(judgeFabric(wish, sound), []);
  assert.equal(judgeFabric({ ...wish, svi: "standard", floating_addresses: [] }, sound), []);
});

const many = (count: number, more: Partial<FoundL3Out>) => Array.from({ length: count }, (_, at) => l3out(`n${at}`, more));

const cases: readonly {
  readonly rule: string;
  readonly wish?: Partial<FabricWish>;
  readonly found: Partial<FabricEvidence>;
  readonly says: string;
}[] = [
  {
    rule: "floating SVI needs 5.0(1)",
    found: { release: "4.2(7f)" },
    says: "error: ACI 4.2(7f): a floating SVI on a physical domain needs 5.0(1) or later (paper, Floating SVI design)",
  },
  {
    rule: "infraPortConfig needs 5.2(7)",
    wish: { port_model: "port" },
    found: { release: "5.2(6e)" },
    says: "error: ACI 5.2(6e): ports by infraPortConfig need 5.2(7) or later",
  },
  { rule: "another fabric AS", found: { asn: "65010" }, says: "error: the fabric's AS is 65010, fabric.asn says 65002" },
  { rule: "no route reflector", found: { routeReflectors: 0 }, says: "error: the fabric has no BGP route reflector" },
  { rule: "no AES key", found: { aesKey: false }, says: "warning: no AES encryption key is set" },
  {
    rule: "a leaf that is not there",
    found: { nodes: new Map([[leaf(201), { role: "leaf", state: "active" }]]) },
    says: "error: leaf 202 is not registered in pod 1 of this fabric",
  },
  {
    rule: "a leaf that is a spine",
    found: { nodes: new Map([...sound.nodes, [leaf(202), { role: "spine", state: "active" }]]) },
    says: "error: node 202 is a spine, not a leaf",
  },
  {
    rule: "a leaf that is down",
    found: { nodes: new Map([...sound.nodes, [leaf(202), { role: "leaf", state: "inactive" }]]) },
    says: "warning: leaf 202 is inactive",
  },
  {
    rule: "2400 L3Outs",
    wish: { svi: "standard" },
    found: { l3outs: many(2400, {}) },
    says: "error: with this one the fabric has 2401 L3Outs: 2400 at most (paper, table 1)",
  },
  {
    rule: "100 floating L3Outs",
    found: { l3outs: many(100, { floating: ["10.0.0.1/24"] }) },
    says: "error: with this one the fabric has 101 L3Outs with floating SVIs: 100 at most (paper, table 1)",
  },
  {
    rule: "200 floating SVI addresses: dual stack takes two",
    wish: { floating_addresses: ["192.168.2.253/24", "fd00:2::fd/64"] },
    found: { l3outs: many(99, { floating: ["10.0.0.1/24", "fd00::1/64"] }).concat(l3out("last", { floating: ["10.0.0.1/24"] })) },
    says: "error: with this cluster's the fabric has 201 floating SVI addresses: 200 at most (paper, table 1)",
  },
  {
    rule: "another router ID of the same leaf",
    found: { l3outs: [l3out("wan", { ...VRF, routerIds: new Map([[leaf(201), "10.0.0.1"]]) })] },
    says: "error: leaf 201 has router ID 10.0.0.1 in uni/tn-other/out-wan, the inventory says 1.1.4.201",
  },
  {
    rule: "a router ID of another leaf",
    found: { l3outs: [l3out("wan", { ...VRF, routerIds: new Map([[leaf(301), "1.1.4.201"]]) })] },
    says: "error: router ID 1.1.4.201 of leaf 201 belongs to topology/pod-1/node-301 in uni/tn-other/out-wan",
  },
  {
    rule: "a VLAN outside of the pool",
    wish: { vlans: [310, 400] },
    found: {},
    says: "error: VLAN 400 is in no block of the VLAN pool of uni/phys-p",
  },
  { rule: "a domain without pool", found: { ranges: new Map() }, says: "error: uni/phys-p does not exist or has no VLAN pool" },
  {
    rule: "a VLAN that another L3Out uses on our leaves",
    found: { l3outs: [l3out("wan", { vlans: [{ encap: "vlan-310", leaves: [leaf(202), leaf(301)] }] })] },
    says: "error: vlan-310 is in use on our leaves by uni/tn-other/out-wan",
  },
  {
    rule: "a VLAN that an EPG uses on our leaves",
    found: {
      epgVlans: [{ encap: "vlan-310", path: "topology/pod-1/protpaths-201-202/pathep-[srv]", epg: "uni/tn-a/ap-b/epg-c" }],
    },
    says: "error: vlan-310 is in use on our leaves by uni/tn-a/ap-b/epg-c",
  },
  {
    rule: "another timers policy on our leaf in the VRF",
    found: { l3outs: [l3out("wan", { ...VRF, timers: [{ leaf: leaf(202), policy: "wan-timers" }] })] },
    says: "error: topology/pod-1/node-202 has BGP timers policy wan-timers from uni/tn-other/out-wan in this VRF",
  },
  {
    rule: "a prefix of another external EPG, however it is written",
    found: {
      l3outs: [
        l3out("wan", { ...VRF, prefixes: [{ externalEpg: "uni/tn-other/out-wan/instP-all", prefix: "FD00:10:0::/112" }] }),
      ],
    },
    says: "error: FD00:10:0::/112 is in external EPG uni/tn-other/out-wan/instP-all already",
  },
  {
    rule: "a part of our prefix in another external EPG",
    found: {
      l3outs: [l3out("fw", { ...VRF, prefixes: [{ externalEpg: "uni/tn-other/out-fw/instP-a", prefix: "192.168.2.128/25" }] })],
    },
    says: "warning: uni/tn-other/out-fw/instP-a has 192.168.2.128/25, a part of 192.168.2.0/24",
  },
  {
    rule: "no VRF of this name",
    found: { vrf: undefined },
    says: "error: uni/tn-k8s/ctx-calico does not exist: create tenant and VRF first",
  },
  {
    rule: "a VRF in common, the L3Out elsewhere: step 12 would fail halfway",
    found: { vrf: { dn: "uni/tn-common/ctx-calico", policies: [] } },
    says: "error: VRF calico is in tenant common, the L3Out would be in k8s: step 12 writes to the VRF's own tenant",
  },
  {
    rule: "somebody's address family policy on the VRF",
    found: {
      vrf: { dn: "uni/tn-k8s/ctx-calico", policies: [{ family: "ipv4-ucast", policy: "distances", ours: false }] },
    },
    says: "error: uni/tn-k8s/ctx-calico uses BGP address family policy distances for ipv4-ucast: step 12 would replace it",
  },
  {
    rule: "another cluster's address family policy on the VRF",
    found: { vrf: { dn: "uni/tn-k8s/ctx-calico", policies: [{ family: "ipv6-ucast", policy: "b-ecmp", ours: true }] } },
    says: "warning: uni/tn-k8s/ctx-calico uses BGP address family policy b-ecmp for ipv6-ucast, which underlay made: calico-ecmp replaces it",
  },
  {
    rule: "a user who may not read the fabric's policies",
    found: { asn: undefined, routeReflectors: undefined },
    says: "warning: uni/fabric/bgpInstP-default cannot be read: the fabric's AS and its route reflectors are not checked",
  },
  {
    rule: "a user who may not read the fabric's nodes",
    found: { nodes: new Map() },
    says: "warning: the nodes of the fabric cannot be read: check node_id and fabric.pod by hand",
  },
  {
    rule: "more of something than one answer holds",
    found: { l3outs: [], unread: ["L3Outs: HTTP 400: result dataset is too big"] },
    says: "warning: not checked, because the controllers did not tell: L3Outs: HTTP 400: result dataset is too big",
  },
  { rule: "no release", found: { release: undefined }, says: "warning: the controllers tell no release" },
];

for (const { rule, wish: change, found, says } of cases) {
  test(rule, () => {
    const findings = judgeFabric({ ...wish, ...change }, { ...sound, ...found }).map((one) => `${one.severity}: ${one.message}`);
    assert.ok(
      findings.some((finding) => finding.startsWith(says)),
      findings.join("\n"),
    );
    assert.match(findings.join("\n"), /paper|check node_id|sessions cannot come up|infraPortConfig|tell no release/);
  });
}

test("what is somewhere else does not matter", () => {
  const elsewhere = l3out("far", {
    routerIds: new Map([[leaf(201), "9.9.9.9"]]),
    timers: [{ leaf: leaf(201), policy: "far" }],
    vlans: [{ encap: "vlan-310", leaves: [leaf(301)] }],
    prefixes: [{ externalEpg: "uni/tn-other/out-far/instP-x", prefix: "192.168.2.0/24" }],
  });
  assert.equal(judgeFabric(wish, { ...sound, l3outs: [own, elsewhere] }), []);
  // A VRF of the same name in common is another VRF when the tenant has one.
  const namesake = l3out("shared", { ...elsewhere, vrf: "uni/tn-common/ctx-calico" });
  assert.equal(judgeFabric(wish, { ...sound, l3outs: [own, namesake] }), []);
  // A default route to the outside: every fabric has one.
  const wan = l3out("wan", { ...VRF, prefixes: [{ externalEpg: "uni/tn-k8s/out-wan/instP-all", prefix: "0.0.0.0/0" }] });
  assert.equal(judgeFabric(wish, { ...sound, l3outs: [own, wan] }), []);
  assert.equal(judgeFabric({ ...wish, vlans: [900] }, { ...sound, ranges: undefined }), []);
  assert.equal(judgeFabric({ ...wish, vlans: [900], prepared: false }, { ...sound, ranges: new Map() }), []);
});

test("releases in order", () => {
  const order = ["3.2(10e)", "4.2(7f)", "4.2(7w)", "4.2(7aa)", "5.0(1k)", "5.2(7f)", "n9000-16.0(4c)", "6.1(1a)"];
  for (const [at, release] of order.entries()) {
    for (const later of order.slice(at + 1)) assert.ok(isOlder(release, later), `${release} ${later}`);
    for (const earlier of order.slice(0, at + 1)) assert.not(isOlder(release, earlier), `${release} ${earlier}`);
  }
  assert.not(isOlder("unknown", "5.0(1)"));
});

test.run();
