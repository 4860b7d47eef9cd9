import { Secret } from "../../runner/secret.ts";
import type { PaperTask } from "./paper-fabric.ts";

/** The tasks of a dual-stack cluster with standard SVIs on two racks, ports included, as the parts of the playbooks have them. */

const nodes = [
  { node: "node1", leaves: [201, 202], vlan: 311, offset: 0 },
  { node: "node2", leaves: [203, 204], vlan: 312, offset: 8 },
];
const place = { tenant: "k8s", l3out: "cilium", node_profile: "border", pod: 1 };

const families = [
  { profile: "svi", address: (host: number) => `192.168.5.${host}`, length: 29 },
  { profile: "svi-ipv6", address: (host: number) => `fd00:5::${host.toString(16)}`, length: 125 },
].map(({ profile, address, length }) => ({
  profile,
  paths: nodes.map(({ node, leaves, vlan, offset }) => ({
    node,
    type: "vpc",
    leaves,
    interface: `k8s-${node}`,
    vlan,
    addresses: [`${address(offset + 4)}/${length}`, `${address(offset + 5)}/${length}`],
    secondary_address: `${address(offset + 6)}/${length}`,
    peer: address(offset + 1),
  })),
}));

const prefixes = ["192.168.5.0/24", "10.1.0.0/16", "fd00:5::/64", "fd00:10::/48"];
const ports = nodes.map(({ node, leaves }) => ({
  node,
  policy_group: `k8s-${node}`,
  type: "vpc",
  leaves,
  ports: ["1/11", "1/11"],
}));

/** Pool, domains, AAEP, LACP, vPC pairs, policy groups and ports. Taken away from the last to the first. */
export function accessTasks(model: "profiles" | "port"): readonly PaperTask[] {
  return [
    { task: "aci.vlan_pool", args: { name: "k8s", ranges: [{ from: 310, to: 319 }] } },
    { task: "aci.domain", args: { type: "physical", name: "k8s-phys", vlan_pool: "k8s" } },
    { task: "aci.domain", args: { type: "routed", name: "k8s-l3dom", vlan_pool: "k8s" } },
    { task: "aci.aaep", args: { name: "k8s", physical_domains: ["k8s-phys"], routed_domains: ["k8s-l3dom"] } },
    { task: "aci.lacp_policy", args: { name: "lacp-active" } },
    { task: "aci.vpc_pair", args: { pairs: nodes.map(({ leaves }) => ({ leaves })), pod: 1 } },
    {
      task: "aci.interface_policy_group",
      args: {
        groups: ports.map(({ policy_group, type }) => ({ policy_group, type })),
        aaep: "k8s",
        lacp_policy: "lacp-active",
      },
    },
    { task: "aci.port", args: { model, cluster: "k8s", ports } },
  ];
}

/** L3Out and node profile: with `state: absent` they take everything below them away. */
export const containerTasks: readonly PaperTask[] = [
  { task: "aci.l3out", args: { tenant: "k8s", name: "cilium", vrf: "calico", domain: "k8s-l3dom" } },
  {
    task: "aci.node_profile",
    args: {
      tenant: "k8s",
      l3out: "cilium",
      name: "border",
      pod: 1,
      nodes: [201, 202, 203, 204].map((id) => ({ node_id: id, router_id: `1.1.4.${id}` })),
    },
  },
];

/** The relation on the VRF goes before the policy it names. */
export const vrfTasks: readonly PaperTask[] = [
  { task: "aci.vrf_bgp", args: { tenant: "k8s", vrf: "calico", policy: "k8s-ecmp", families: ["ipv4", "ipv6"] } },
];

export const policyTasks: readonly PaperTask[] = [
  { task: "aci.route_control", args: { tenant: "k8s", l3out: "cilium" } },
  {
    task: "aci.bgp_timers",
    args: { tenant: "k8s", l3out: "cilium", node_profiles: ["border"], name: "k8s-timers", cni: "cilium" },
  },
  ...["import", "export"].map((direction) => ({
    task: "aci.route_map",
    args: { tenant: "k8s", l3out: "cilium", direction, context: "k8s", match_rule: "k8s-prefixes", prefixes },
  })),
  { task: "aci.bgp_ecmp", args: { tenant: "k8s", name: "k8s-ecmp" } },
  { task: "aci.bgp_peer_prefix", args: { tenant: "k8s", name: "k8s-prefixes", max_prefixes: 500 } },
];

/** What hangs below the interface profiles and the external EPG. */
export const sviTasks: readonly PaperTask[] = [
  ...families.map(({ profile, paths }) => ({ task: "aci.svi", args: { ...place, name: profile, paths } })),
  { task: "aci.external_epg", args: { tenant: "k8s", l3out: "cilium", name: "default", subnets: prefixes } },
  ...families.map(({ profile, paths }) => ({
    task: "aci.secondary_address",
    args: { ...place, interface_profile: profile, paths },
  })),
  ...families.map(({ profile, paths }) => ({
    task: "aci.bgp_peer",
    args: {
      ...place,
      interface_profile: profile,
      paths,
      asn: 65003,
      password: new Secret("canary-bgp"),
      prefix_policy: "k8s-prefixes",
    },
  })),
];
