/** A cluster with a standard SVI in the lab. */
export interface Racks {
  /** At most 128: the supernet is a /22, which has as many /29. */
  readonly nodes: number;
  /** IPv6 beside IPv4. */
  readonly dual: boolean;
}

const RACKS = 3;

/**
 * An inventory in Ansible's YAML layout (JSON is YAML): six leaves in three racks whatever the number of nodes, so that two inventories
 * differ in their nodes alone. Addresses and VLANs are derived; every node has a vPC, and its ports are configured too.
 */
export function racksInventory({ nodes, dual }: Racks): string {
  const hosts = Array.from({ length: nodes }, (_, index) => {
    const rack = (index % RACKS) + 1;
    const port = `1/${Math.floor(index / RACKS) + 1}`;
    const ports = Object.fromEntries(leavesOf(rack).map((id) => [`leaf${id}`, port]));
    return [`node-${index + 1}`, { rack_id: rack, control_plane: index === 0, ports }];
  });
  const leaves = Array.from({ length: RACKS }, (_, index) => index + 1).flatMap((rack) =>
    leavesOf(rack).map((id) => [`leaf${id}`, { node_id: id, router_id: `1.1.4.${id}`, rack_id: rack }]),
  );
  return JSON.stringify({
    all: {
      vars: { ...VARIABLES, ...(dual ? { ipv6: IPV6 } : {}) },
      children: {
        apics: { hosts: { apic1: { node_id: 1 }, apic2: { node_id: 2 }, apic3: { node_id: 3 } } },
        leaves: { hosts: Object.fromEntries(leaves) },
        nodes: {
          vars: { ansible_user: "underlay", ansible_become: true, interfaces: ["eno1", "eno2"] },
          hosts: Object.fromEntries(hosts),
        },
      },
    },
  });
}

/** Node IDs of a rack's two leaves. */
function leavesOf(rack: number): readonly number[] {
  return [199 + 2 * rack, 200 + 2 * rack];
}

const VARIABLES = {
  lab: true,
  fabric: { asn: 65002, pod: 1, username: "admin", password: "bench-apic-password" },
  l3out: {
    svi: "standard",
    tenant: "k8s",
    vrf: "calico",
    name: "calico",
    routed_domain: "k8s-l3dom",
    physical_domain: "k8s-phys",
    node_profile: "border-leaves",
    interface_profile: "standard-svi",
    external_epg: "default",
    vlans: { from: 1001, to: 1128 },
    mtu: 9000,
  },
  access_policies: { vlan_pool: "k8s", aaep: "k8s", lacp_policy: "lacp-active" },
  bgp: { password: "bench-bgp-password", keepalive: 2, hold: 6, ecmp: 64, max_prefixes: 500 },
  cluster: {
    name: "calico",
    asn: 65003,
    node_subnet: "192.168.4.0/22",
    pod_subnet: "10.1.0.0/16",
    service_subnet: "192.168.8.0/22",
    external_service_subnet: "192.168.12.0/24",
    kubernetes_version: "v1.35.2",
  },
  cni: {
    name: "calico",
    version: "v3.31.7",
    repository: "https://docs.tigera.io/calico/charts",
    namespace: "calico-system",
    block_size: 26,
  },
};

const IPV6 = {
  node_subnet: "fd00:2::/64",
  pod_subnet: "fd00:10::/112",
  service_subnet: "fd00:8::/112",
  external_service_subnet: "fd00:12::/112",
  block_size: 122,
};
