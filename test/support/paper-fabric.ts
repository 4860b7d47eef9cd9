import { Secret } from "../../runner/secret.ts";

/** The tasks of the main job's fabric play with their arguments as they are after rendering: the white paper's example. */
export interface PaperTask {
  readonly task: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const place = { tenant: "k8s", l3out: "calico" };
const svi = { ...place, node_profile: "anchors", interface_profile: "floating-svi", vlan: 310, pod: 1 };
const leaves = [201, 202, 203, 204];
const prefixes = ["192.168.2.0/24", "10.1.0.0/16", "192.168.8.0/22", "192.168.12.0/24"];

/** In the playbook's order; `state` is added by whoever runs them. */
export function paperTasks(password = new Secret("paper-bgp-password")): readonly PaperTask[] {
  return [
    { task: "aci.l3out", args: { tenant: "k8s", name: "calico", vrf: "calico", domain: "k8s-l3dom" } },
    {
      task: "aci.node_profile",
      args: { ...place, name: "anchors", pod: 1, nodes: leaves.map((id) => ({ node_id: id, router_id: `1.1.4.${id}` })) },
    },
    {
      task: "aci.floating_svi",
      args: {
        ...place,
        node_profile: "anchors",
        name: "floating-svi",
        physical_domain: "k8s-phys",
        vlan: 310,
        mtu: 9000,
        floating_address: "192.168.2.253/24",
        pod: 1,
        anchors: leaves.map((id) => ({ node_id: id, address: `192.168.2.${id}/24` })),
      },
    },
    { task: "aci.external_epg", args: { ...place, name: "default", subnets: prefixes } },
    { task: "aci.secondary_address", args: { ...svi, anchors: leaves, address: "192.168.2.254/24" } },
    { task: "aci.route_control", args: { ...place, import: true } },
    {
      task: "aci.bgp_timers",
      args: { ...place, node_profiles: ["anchors"], name: "calico-timers", cni: "calico", keepalive: 2, hold: 6 },
    },
    ...["import", "export"].map((direction) => ({
      task: "aci.route_map",
      args: { ...place, direction, context: "calico", match_rule: "calico-prefixes", prefixes },
    })),
    { task: "aci.vrf_bgp", args: { tenant: "k8s", vrf: "calico", policy: "calico-ecmp", families: ["ipv4"] } },
    { task: "aci.bgp_ecmp", args: { tenant: "k8s", name: "calico-ecmp", ebgp: 64, ibgp: 64 } },
    { task: "aci.bgp_peer_prefix", args: { tenant: "k8s", name: "calico-prefixes", max_prefixes: 500, action: "reject" } },
    {
      task: "aci.bgp_peer",
      args: {
        ...svi,
        anchors: leaves,
        peer: "192.168.2.0/24",
        asn: 65003,
        as_override: true,
        disable_peer_as_check: true,
        password,
        prefix_policy: "calico-prefixes",
      },
    },
  ];
}
