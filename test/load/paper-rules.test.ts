import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../runner/diagnostic.ts";
import { registry } from "../../tasks/index.ts";
import { loadFiles } from "./load-with.ts";

const test = suite("rules of the paper, offline");

/** Six nodes in two racks. Cases replace some of this text. */
const INVENTORY = `
all:
  vars:
    lab: true
    fabric: { asn: 65002, pod: 1, password: lab-only }
    l3out: { tenant: k8s, vrf: v, name: o, node_profile: np, interface_profile: ip, svi: floating, vlan: 310, vlans: { from: 311, to: 350 } }
    bgp: { password: lab-only, keepalive: 2, hold: 6, ecmp: 64, max_prefixes: 500 }
    cluster:
      name: c
      asn: 65003
      node_subnet: 192.168.0.0/22
      pod_subnet: 10.1.0.0/16
      service_subnet: 192.168.8.0/22
      external_service_subnet: 192.168.12.0/24
    cni: { name: calico, version: v3.31.7, namespace: calico-system }
  children:
    apics:
      hosts: { apic1: { node_id: 1 } }
    leaves:
      hosts:
        leaf201: { node_id: 201, router_id: 1.1.4.201, rack_id: 1 }
        leaf202: { node_id: 202, router_id: 1.1.4.202, rack_id: 1 }
        leaf203: { node_id: 203, router_id: 1.1.4.203, rack_id: 2 }
        leaf204: { node_id: 204, router_id: 1.1.4.204, rack_id: 2 }
    nodes:
      hosts:
        node1: { rack_id: 1 }
        node2: { rack_id: 1 }
        node3: { rack_id: 2 }
`;

/** What of the designs' playbooks checks its own arguments against the paper. */
const PLAYBOOK = `
- hosts: apics
  tasks:
    - name: Timers
      aci.bgp_timers:
        { tenant: k8s, l3out: o, node_profiles: [np], name: t, cni: "{{ cni.name }}", keepalive: "{{ bgp.keepalive }}", hold: "{{ bgp.hold }}" }
- hosts: localhost
  tasks:
    - name: kube-router
      kube_router.daemonset: { version: "{{ cni.version }}", asn: "{{ cluster.asn }}", families: "{{ underlay.families }}" }
      tags: [kube-router]
    - name: Cilium
      cilium.bgp: { version: "{{ cni.version }}", asn: "{{ cluster.asn }}", fabric_asn: "{{ fabric.asn }}", sessions: "{{ underlay.sessions }}", by: node, secret: s }
      tags: [cilium]
    - name: Calico
      calico.bgp_peers: { version: "{{ cni.version }}", asn: "{{ fabric.asn }}", sessions: "{{ underlay.sessions }}", by: node, no_reexport: true }
      tags: [calico]
`;

type Change = readonly [before: string, after: string];

const KUBE_ROUTER: Change = ["name: calico, version: v3.31.7, namespace: calico-system", "name: kube-router, version: v2.11.1"];
const CILIUM: Change = ["name: calico, version: v3.31.7, namespace: calico-system", "name: cilium, version: 1.19.6"];
const STANDARD: Change = ["svi: floating", "svi: standard"];
const ACCESS: Change = [
  "    cni:",
  "    access_policies: { vlan_pool: p, vlans: { from: 300, to: 350 }, aaep: a, lacp_policy: l }\n    cni:",
];
const PORTS: readonly Change[] = [
  ["node1: { rack_id: 1", "node1: { ports: { leaf201: 1/1, leaf202: 1/1 }, rack_id: 1"],
  ["node2: { rack_id: 1", "node2: { ports: { leaf201: 1/2, leaf202: 1/2 }, rack_id: 1"],
  ["node3: { rack_id: 2", "node3: { ports: { leaf203: 1/1, leaf204: 1/1 }, rack_id: 2"],
];

/** Leaves 211 and up in racks of their own, `each` to a rack. */
function moreLeaves(count: number, each: number): Change {
  const lines = Array.from({ length: count }, (_, index) => {
    const id = 211 + index;
    return `        leaf${id}: { node_id: ${id}, router_id: 1.1.4.${id}, rack_id: ${3 + Math.floor(index / each)} }\n`;
  });
  return ["    nodes:\n", `${lines.join("")}    nodes:\n`];
}

function moreNodes(count: number): Change {
  const lines = Array.from({ length: count }, (_, index) => `        more${index + 1}: { rack_id: 1 }\n`);
  return ["        node1:", `${lines.join("")}        node1:`];
}

interface Case {
  readonly rule: string;
  /** What makes the inventory one of the design that the rule is about. */
  readonly design?: readonly Change[];
  /** What breaks the rule. */
  readonly breaks: readonly Change[];
  /** The nearest inventory that does not. */
  readonly sound: readonly Change[];
  readonly severity: "error" | "warning";
  readonly message: string;
  /** What stands at the place that is reported; the playbook's name where a task type tells. */
  readonly at: string;
}

const IPV6 = (external: string): Change => [
  "    cni:",
  `    ipv6: { node_subnet: 'fd00:2::/64', pod_subnet: 'fd00:10::/112', service_subnet: 'fd00:8::/112', external_service_subnet: '${external}' }\n    cni:`,
];

const cases: readonly Case[] = [
  {
    rule: "too-many-anchors",
    breaks: [moreLeaves(3, 3)],
    sound: [moreLeaves(2, 2)],
    severity: "error",
    message: "7 anchor leaves: an L3Out with a floating SVI has 6 at most (paper, table 1)",
    at: "leaf213:",
  },
  {
    rule: "too-many-border-leaves",
    design: [STANDARD],
    breaks: [moreLeaves(9, 3)],
    sound: [moreLeaves(8, 2)],
    severity: "error",
    message: "13 border leaves: an L3Out has 12 at most (paper, Nodes per cluster)",
    at: "leaf219:",
  },
  {
    rule: "too-many-racks",
    breaks: [moreLeaves(2, 1)],
    sound: [moreLeaves(2, 2)],
    severity: "warning",
    message: "4 racks: with a floating SVI a cluster spans 3, of two anchor leaves each (paper, table 1)",
    at: "4 }",
  },
  {
    rule: "too-many-racks",
    design: [STANDARD],
    breaks: [moreLeaves(5, 1)],
    sound: [moreLeaves(4, 1)],
    severity: "warning",
    message: "7 racks: with a standard SVI a cluster spans 6, of two border leaves each (paper, table 1)",
    at: "7 }",
  },
  {
    rule: "ecmp-paths",
    breaks: [moreNodes(63)],
    sound: [moreNodes(62)],
    severity: "warning",
    message:
      "65 nodes peer with leaf201, leaf202, bgp.ecmp is 64: a service on all of them reaches 64 from there (paper, Max BGP ECMP path)",
    at: "64, max_prefixes",
  },
  {
    rule: "ecmp-paths",
    breaks: [["ecmp: 64", "ecmp: 1"]],
    sound: [["ecmp: 64", "ecmp: 2"]],
    severity: "warning",
    message:
      "2 nodes peer with leaf201, leaf202, bgp.ecmp is 1: a service on all of them reaches 1 from there (paper, Max BGP ECMP path)",
    at: "1, max_prefixes",
  },
  {
    rule: "longest-prefix-matches",
    breaks: [IPV6("fd00:12::/112"), ["192.168.12.0/24", "172.16.0.0/16"]],
    sound: [IPV6("fd00:12::/112")],
    severity: "warning",
    message:
      "up to 20016 routes (12 pod prefixes, 4 service subnets, 20000 addresses of services): scale profile dual-stack takes 20000 longest prefix matches (paper, Longest prefix match scale)",
    at: "10.1.0.0/16",
  },
  {
    rule: "longest-prefix-matches",
    design: [IPV6("fd00:12::/112"), ["192.168.12.0/24", "172.16.0.0/16"]],
    breaks: [["pod: 1", "pod: 1, scale_profile: mcast-heavy"]],
    sound: [["pod: 1", "pod: 1, scale_profile: high-lpm"]],
    severity: "warning",
    message:
      "up to 20016 routes (12 pod prefixes, 4 service subnets, 20000 addresses of services): how many scale profile mcast-heavy takes depends on the leaf, 20000 to 128000 (paper, Longest prefix match scale)",
    at: "mcast-heavy",
  },
  {
    rule: "prefix-limit",
    breaks: [["max_prefixes: 500", "max_prefixes: 2"]],
    sound: [["max_prefixes: 500", "max_prefixes: 114"]],
    severity: "error",
    message:
      "bgp.max_prefixes 2: a node announces 3 prefixes at least, 1 pod prefix and 2 service subnets; its sessions would be cut (paper, step 13)",
    at: "2 }",
  },
  {
    rule: "prefix-limit",
    breaks: [["max_prefixes: 500", "max_prefixes: 113"]],
    sound: [["max_prefixes: 500", "max_prefixes: 114"]],
    severity: "warning",
    message:
      "bgp.max_prefixes 113 is tight: a full node announces 4 prefixes, and each exposed service adds one; 114 would do for 110 (paper, step 13)",
    at: "113 }",
  },
  {
    rule: "bgp-timers",
    breaks: [["keepalive: 2, hold: 6", "keepalive: 1, hold: 0"]],
    sound: [],
    severity: "warning",
    message: "bgp.hold 0: sessions never time out, so traffic goes on to a node that is dead (paper, BGP timers)",
    at: "0, ecmp",
  },
  {
    rule: "bgp-timers",
    design: [KUBE_ROUTER],
    breaks: [["keepalive: 2, hold: 6", "keepalive: 1, hold: 2"]],
    sound: [["keepalive: 2, hold: 6", "keepalive: 1, hold: 3"]],
    severity: "error",
    message: "bgp.hold 2: a hold time is 0 or at least 3 seconds (RFC 4271; paper, BGP timers)",
    at: "2, ecmp",
  },
  {
    rule: "bgp-timers",
    breaks: [["keepalive: 2", "keepalive: 0"]],
    sound: [],
    severity: "error",
    message: "bgp.keepalive 0 with bgp.hold 6: nothing keeps the sessions up (RFC 4271; paper, BGP timers)",
    at: "0, hold",
  },
  {
    rule: "bgp-timers",
    breaks: [["keepalive: 2", "keepalive: 4"]],
    sound: [["keepalive: 2", "keepalive: 3"]],
    severity: "warning",
    message: "bgp.keepalive 4 is more than half of bgp.hold 6: one message that is lost drops the session (paper, BGP timers)",
    at: "4, hold",
  },
  {
    rule: "doubtful-argument",
    breaks: [["keepalive: 2, hold: 6", "keepalive: 1, hold: 3"]],
    sound: [],
    severity: "warning",
    message: "timers 1 s/3 s reset sessions at random with Calico",
    at: "aci.bgp_timers:",
  },
  {
    rule: "same-as",
    breaks: [["asn: 65003", "asn: 65002"]],
    sound: [],
    severity: "error",
    message: "cluster.asn 65002 is the fabric's AS (paper, AS Per Cluster design)",
    at: "65002\n",
  },
  {
    rule: "as-number",
    breaks: [["asn: 65003", "asn: 23456"]],
    sound: [["asn: 65003", "asn: 4294967294"]],
    severity: "error",
    message: "cluster.asn 23456 is reserved: BGP takes no session with it (RFC 6793 and 7300; paper, AS Per Cluster design)",
    at: "23456",
  },
  {
    rule: "as-number",
    breaks: [["asn: 65003", "asn: 3320"]],
    sound: [["asn: 65003", "asn: 64512"]],
    severity: "warning",
    message: "cluster.asn 3320 is not for private use (RFC 6996; paper, AS Per Cluster design)",
    at: "3320",
  },
  {
    rule: "as-number",
    design: [KUBE_ROUTER],
    breaks: [["asn: 65002", "asn: 64001"]],
    sound: [["asn: 65002", "asn: 63999"]],
    severity: "error",
    message:
      "fabric.asn 64001: kube-router takes no peer with a reserved AS (23456, 64000 to 64511, 65535 to 131071; paper, Kube-Router routing and BGP configuration)",
    at: "64001",
  },
  {
    rule: "as-number",
    breaks: [["asn: 65002", "asn: 4200000000"]],
    sound: [["asn: 65002", "asn: 2147483647"]],
    severity: "warning",
    message:
      "fabric.asn 4200000000: Calico's BGPPeer has asNumber as int32, 2147483647 at most (paper, Calico routing and BGP configuration)",
    at: "4200000000",
  },
  {
    rule: "duplicate-router-id",
    breaks: [["1.1.4.202", "1.1.4.201"]],
    sound: [],
    severity: "error",
    message: "leaf202 has router_id 1.1.4.201, which leaf201 has already (paper, steps 4 and 5: a router ID is of one leaf)",
    at: "1.1.4.201, rack_id",
  },
  {
    rule: "other-rack",
    breaks: [["node3: { rack_id: 2", "node3: { leaves: [leaf202, leaf203], rack_id: 2"]],
    sound: [["node3: { rack_id: 2", "node3: { leaves: [leaf203, leaf204], rack_id: 2"]],
    severity: "error",
    message:
      "node3 is in rack 2 and peers with leaf202 (rack 1): a node peers with the leaves of its rack only (paper, AS Per Cluster design)",
    at: "[leaf202",
  },
  {
    rule: "rack-without-leaves",
    breaks: [["node3: { rack_id: 2", "node3: { rack_id: 9"]],
    sound: [],
    severity: "error",
    message: "rack 9 of node3 has no leaf (paper, AS Per Cluster design)",
    at: "9 }",
  },
  {
    rule: "ports-missing",
    design: [ACCESS],
    breaks: PORTS.slice(0, 2),
    sound: PORTS,
    severity: "error",
    message: "access_policies are to be made, and node3 names no ports (paper, Physical connectivity)",
    at: "{ vlan_pool",
  },
  {
    rule: "vlan-pool",
    design: [ACCESS, ...PORTS],
    breaks: [["from: 300", "from: 311"]],
    sound: [["from: 300", "from: 310"]],
    severity: "error",
    message: "VLAN 310 is outside of access_policies.vlans 311 to 350 (paper, step 4: select a valid VLAN ID)",
    at: "{ from: 311, to: 350 }, aaep",
  },
  {
    rule: "vlan-pool",
    design: [STANDARD, ACCESS, ...PORTS],
    breaks: [["300, to: 350", "300, to: 312"]],
    sound: [["300, to: 350", "300, to: 313"]],
    severity: "error",
    message: "VLAN 313 is outside of access_policies.vlans 300 to 312 (paper, step 5: select a valid VLAN ID)",
    at: "{ from: 300, to: 312 }, aaep",
  },
  {
    rule: "vlan-pool",
    design: [ACCESS, ...PORTS],
    breaks: [["300, to: 350", "350, to: 300"]],
    sound: [],
    severity: "error",
    message: "access_policies.vlans from 350 to 300 is no range (paper, ACI BGP configuration)",
    at: "{ from: 350, to: 300 }, aaep",
  },
  {
    rule: "shared-hypervisor",
    design: [["node1: {", "node1: { hypervisor: esx1,"]],
    breaks: [["node2: {", "node2: { hypervisor: esx1,"]],
    sound: [["node2: {", "node2: { hypervisor: esx2,"]],
    severity: "warning",
    message: "node2 and node1 are both on hypervisor esx1: when it fails, both do (paper, K8s node gateway)",
    at: "esx1, rack_id",
  },
  {
    rule: "not-pinned",
    design: [STANDARD],
    breaks: [["node1: {", "node1: { hypervisor: esx1,"]],
    sound: [["node1: {", "node1: { hypervisor: esx1, pinned: true,"]],
    severity: "error",
    message:
      "node1 is a virtual machine and not pinned: with a standard SVI it must not move to another hypervisor (paper, K8s node gateway)",
    at: "esx1",
  },
  {
    rule: "port-group",
    breaks: [
      ["node1: {", "node1: { hypervisor: esx1,"],
      ["node2: {", "node2: { hypervisor: esx2,"],
    ],
    sound: [],
    severity: "warning",
    message:
      'node1 and 1 more node are virtual machines: set the load balancing of their port group to "route based on IP hash", which underlay cannot see (paper, K8s node gateway)',
    at: "esx1",
  },
  {
    rule: "untested-distribution",
    design: [CILIUM],
    breaks: [["    cni:", "      distribution: openshift\n    cni:"]],
    sound: [["    cni:", "      distribution: upstream\n    cni:"]],
    severity: "error",
    message:
      "cluster.distribution openshift with cilium: OpenShift is tested with Calico only (paper, Tested Kubernetes distributions)",
    at: "openshift",
  },
  {
    rule: "refused-argument",
    design: [KUBE_ROUTER],
    breaks: [["v2.11.1", "v1.5.0"]],
    sound: [["v2.11.1", "v1.5.1"]],
    severity: "error",
    message: "version must be 1.5.1 or later",
    at: '"{{ cni.version }}"',
  },
  {
    rule: "refused-argument",
    design: [CILIUM],
    breaks: [["1.19.6", "1.14.9"]],
    sound: [["1.19.6", "1.15.0"]],
    severity: "error",
    message: "asks for a BGP password, which Cilium 1.14.9 cannot do",
    at: "s }",
  },
];

function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the inventory has no ${from}`);
    return before.replace(from, () => to);
  }, text);
}

async function told(inventory: string): Promise<readonly Diagnostic[]> {
  const cni = /cni: \{ name: ([a-z-]+)/.exec(inventory)?.[1] ?? "";
  const others = ["kube-router", "cilium", "calico"].filter((name) => name !== cni);
  const files = { "playbook.yaml": PLAYBOOK, "hosts.yaml": inventory };
  return (await loadFiles(files, { registry, skipTags: others })).diagnostics;
}

/** What stands where a diagnostic points. */
function placeOf({ at }: Diagnostic, inventory: string): string {
  const text = at?.file.endsWith("playbook.yaml") ? PLAYBOOK : inventory;
  return `${(text.split("\n")[(at?.line ?? 1) - 1] ?? "").slice((at?.column ?? 1) - 1)}\n`;
}

const table: string[] = [];

for (const { rule, design = [], breaks, sound, severity, message, at } of cases) {
  test(`${rule}: ${message}`, async () => {
    const inventory = changed(INVENTORY, [...design, ...breaks]);
    const seen = await told(inventory);
    const found = seen.find((one) => one.rule === rule && one.message.includes(message));
    assert.ok(found, JSON.stringify(seen, null, 2));
    assert.is(found.severity, severity);
    assert.ok(placeOf(found, inventory).startsWith(at), `at: ${placeOf(found, inventory)}`);
    table.push(`| ${rule} | ${severity} | ${found.message} |`);

    const neighbour = changed(INVENTORY, [...design, ...sound]);
    assert.equal(
      (await told(neighbour)).filter((one) => one.rule === rule),
      [],
    );
  });
}

test("a sound inventory has nothing against it, with each CNI and both designs", async () => {
  for (const cni of [[], [KUBE_ROUTER], [CILIUM]]) {
    for (const svi of [[], [STANDARD]]) {
      assert.equal(await told(changed(INVENTORY, [...cni, ...svi])), []);
    }
  }
});

test.after(() => {
  console.log(["", "| rule | severity | message |", "|---|---|---|", ...table].join("\n"));
});

test.run();
