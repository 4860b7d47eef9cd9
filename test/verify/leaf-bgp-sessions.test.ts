import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FoundObject } from "../../runner/connect/managed-object.ts";
import { leafBgpSessions } from "../../tasks/verify/leaf-bgp-sessions.ts";
import { observeOn, reported } from "../support/leaf-reader.ts";

const test = suite("verify.leaf_bgp_sessions");

const domain = "topology/pod-1/node-201/sys/bgp/inst/dom-k8s:calico";
const subnet = `${domain}/peer-[192.168.2.0/24]`;
const args = { tenant: "k8s", vrf: "calico", peers: ["192.168.2.1", "192.168.2.4"], asn: 65003 };

function entry(address: string, attributes: Record<string, string> = {}): FoundObject {
  const dn = `${subnet}/ent-[${address}]`;
  const counters = reported("bgpPeerAfEntry", `${dn}/af-ipv4-ucast`, { type: "ipv4-ucast", acceptedPaths: "2", pfxSent: "7" });
  return reported("bgpPeerEntry", dn, { addr: address, operSt: "established", kaIntvl: "2", holdIntvl: "6", ...attributes }, [
    counters,
  ]);
}

function peer(
  entries: readonly FoundObject[],
  attributes: Record<string, string> = {},
  ctrl = "as-override,dis-peer-as-check",
): FoundObject {
  const family = reported("bgpPeerAf", `${subnet}/af-ipv4-ucast`, { ctrl });
  const defaults = { addr: "192.168.2.0/24", asn: "65003", adminSt: "enabled", passwdSet: "enabled" };
  return reported("bgpPeer", subnet, { ...defaults, ...attributes }, [family, ...entries]);
}

function arp(address: string, operSt = "normal"): FoundObject {
  return reported("arpAdjEp", `topology/pod-1/node-201/sys/arp/inst/dom-k8s:calico/db-ip/adj-[${address}]`, {
    ip: address,
    operSt,
  });
}

test("all Established: one query, facts of every session", async () => {
  const { seen, asked } = await observeOn(leafBgpSessions, args, [peer([entry("192.168.2.1"), entry("192.168.2.4/32")])]);
  assert.equal(seen, {
    facts: {
      sessions: ["192.168.2.1", "192.168.2.4"].map((address) => ({
        peer: address,
        state: "established",
        accepted: 2,
        sent: 7,
        keepalive: 2,
        hold: 6,
      })),
    },
    unmet: [],
    message: "2 of 2 sessions Established",
  });
  assert.equal(asked, ["bgpPeer"]);
});

const up = entry("192.168.2.1");
const both = [arp("192.168.2.1"), arp("192.168.2.4")];
const cases: readonly (readonly [string, readonly FoundObject[], string])[] = [
  [
    "never connected, and not to be seen",
    [peer([up]), arp("192.168.2.1")],
    "192.168.2.4: no session, and no ARP entry: VLAN, bond or address of the node?",
  ],
  [
    "ARP incomplete is no ARP",
    [peer([up]), arp("192.168.2.1"), arp("192.168.2.4", "incomplete")],
    "192.168.2.4: no session, and no ARP entry: VLAN, bond or address of the node?",
  ],
  [
    "never connected, but there",
    [peer([up]), ...both],
    "192.168.2.4: no session, ARP is there: BGP not running on the node, or password or AS wrong?",
  ],
  [
    "trying",
    [peer([up, entry("192.168.2.4", { operSt: "active" })]), ...both],
    "192.168.2.4: active, ARP is there: password or AS wrong?",
  ],
  [
    "no password on the leaf",
    [peer([up, entry("192.168.2.4", { operSt: "active" })], { passwdSet: "disabled" }), ...both],
    "192.168.2.4: active, ARP is there: the leaf has no password: does the node send one, or is its AS wrong?",
  ],
  [
    "another AS on the leaf",
    [peer([up, entry("192.168.2.4", { operSt: "idle" })], { asn: "65009" }), ...both],
    "192.168.2.4: idle: the leaf expects AS 65009, the cluster has 65003",
  ],
  [
    "too many prefixes",
    [peer([up, entry("192.168.2.4", { operSt: "idle", shutStQual: "exceeded-pfxlimit" })]), ...both],
    "192.168.2.4: idle: shut, because the node announced more prefixes than the limit allows (step 13)",
  ],
  [
    "disabled on the leaf",
    [peer([up], { adminSt: "disabled" }), ...both],
    "192.168.2.4: no session: the peer is disabled on the leaf (bgpPeerP.adminSt)",
  ],
];
for (const [name, objects, line] of cases) {
  test(name, async () => {
    const { seen } = await observeOn(leafBgpSessions, args, objects);
    assert.equal(seen.unmet, [line]);
    assert.is(seen.message, "1 of 2 sessions Established");
  });
}

const sixDn = `${domain}/peer-[fd00:5::1/128]`;
const six = (operSt: string): FoundObject =>
  reported("bgpPeer", sixDn, { addr: "fd00:5::1/128", asn: "65003", adminSt: "enabled", passwdSet: "enabled" }, [
    reported("bgpPeerAf", `${sixDn}/af-ipv6-ucast`, { ctrl: "as-override,dis-peer-as-check" }),
    reported("bgpPeerEntry", `${sixDn}/ent-[fd00:5::1]`, { addr: "fd00:5:0::1/128", operSt }),
  ]);

test("both families in one list, IPv6 in any spelling", async () => {
  const peers = ["192.168.2.1", "FD00:5::1"];
  const { seen } = await observeOn(leafBgpSessions, { ...args, peers }, [peer([up]), six("established")]);
  assert.equal(seen.unmet, []);
  assert.is(seen.message, "2 of 2 sessions Established");
});

test("an IPv6 neighbour is looked for in ND, an IPv4 one in ARP", async () => {
  const peers = ["192.168.2.4", "fd00:5::1"];
  const nd = reported("ndAdjEp", "topology/pod-1/node-201/sys/nd/inst/dom-k8s:calico/db-ip/adj-[fd00:5::1]", { ip: "FD00:5::1" });
  const { seen } = await observeOn(leafBgpSessions, { ...args, peers }, [peer([]), six("active"), nd]);
  assert.equal(seen.unmet, [
    "192.168.2.4: no session, and no ARP entry: VLAN, bond or address of the node?",
    "fd00:5::1: active, ND is there: password or AS wrong?",
  ]);
});

test("no BGP peer on this leaf at all", async () => {
  const { seen } = await observeOn(leafBgpSessions, args, []);
  assert.is(seen.unmet.length, 2);
  assert.match(seen.unmet[0] ?? "", "this leaf has no BGP peer for it");
});

test("sessions up, but AS override missing and the peer AS check on: routes between nodes would be lost", async () => {
  const { seen } = await observeOn(leafBgpSessions, args, [peer([up, entry("192.168.2.4")], {}, "")]);
  assert.is(seen.unmet.length, 2);
  assert.match(seen.unmet[0] ?? "", "192.168.2.0/24: AS override is off");
  assert.match(seen.unmet[1] ?? "", "the peer AS check is on");
  const relaxed = await observeOn(leafBgpSessions, { ...args, as_override: false }, [peer([up, entry("192.168.2.4")], {}, "")]);
  assert.equal(relaxed.seen.unmet, []);
});

test("a dynamic neighbour that the leaf shows as a peer of its own has the flags of its subnet", async () => {
  const dn = `${domain}/peer-[192.168.2.4/32]`;
  const dynamic = reported("bgpPeer", dn, { addr: "192.168.2.4/32", asn: "65003", adminSt: "enabled" }, [
    reported("bgpPeerAf", `${dn}/af-ipv4-ucast`, { ctrl: "" }),
    entry("192.168.2.4"),
  ]);
  const { seen } = await observeOn(leafBgpSessions, args, [peer([up]), dynamic]);
  assert.equal(seen.unmet, []);
  const without = await observeOn(leafBgpSessions, args, [peer([up], {}, ""), dynamic]);
  assert.is(without.seen.unmet.length, 2);
});

test("a leaf whose nodes are still to come is fine, and says so", async () => {
  const { seen } = await observeOn(leafBgpSessions, { ...args, peers: [] }, [peer([])]);
  assert.equal(seen.unmet, []);
  assert.match(seen.warnings?.[0] ?? "", "no node at this leaf");
});

test("faults that the leaf raises are named, cleared ones are not", async () => {
  const fault = (code: string, severity: string) =>
    reported("faultInst", `topology/pod-1/node-201/local/svc-policyelem-id-0/uni/fault-${code}`, {
      code,
      severity,
      descr: "Configuration failed",
      changeSet: "configQual:encap-already-in-use",
    });
  const { seen } = await observeOn(leafBgpSessions, args, [
    peer([up]),
    ...both,
    fault("F0467", "minor"),
    fault("F0299", "cleared"),
  ]);
  assert.equal(seen.unmet.slice(1), ["fault F0467: Configuration failed (configQual:encap-already-in-use)"]);
});

test.run();
