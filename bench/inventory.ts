/** An inventory in Ansible's YAML layout (JSON is YAML) with so many nodes in the lab: the paper's fabric, two racks. */
export function labInventory(nodes: number): string {
  const hosts = Object.fromEntries(
    Array.from({ length: nodes }, (_, index) => [
      `node-${index + 1}`,
      { rack_id: (index % 2) + 1, address: `192.168.2.${index + 1}/24`, control_plane: index === 0 },
    ]),
  );
  const leaves = Object.fromEntries(
    [201, 202, 203, 204].map((id) => [
      `leaf${id}`,
      { node_id: id, router_id: `1.1.4.${id}`, rack_id: id < 203 ? 1 : 2, address: `192.168.2.${id}/24` },
    ]),
  );
  return JSON.stringify({
    all: {
      vars: {
        lab: true,
        fabric: { asn: 65002, pod: 1, username: "admin", password: "bench-apic-password" },
        l3out: {
          tenant: "k8s",
          vrf: "calico",
          name: "calico",
          routed_domain: "k8s-l3dom",
          physical_domain: "k8s-phys",
          node_profile: "anchors",
          interface_profile: "floating-svi",
          external_epg: "default",
          vlan: 310,
          mtu: 9000,
          floating_address: "192.168.2.253/24",
          secondary_address: "192.168.2.254/24",
        },
        bgp: { password: "bench-bgp-password", keepalive: 2, hold: 6, ecmp: 64, max_prefixes: 500 },
        cluster: {
          name: "calico",
          asn: 65003,
          node_subnet: "192.168.2.0/24",
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
      },
      children: {
        apics: { hosts: { apic1: { node_id: 1 }, apic2: { node_id: 2 }, apic3: { node_id: 3 } } },
        leaves: { hosts: leaves },
        nodes: {
          vars: { ansible_user: "underlay", ansible_become: true, interfaces: ["eno1", "eno2"], vlan: 310 },
          hosts,
        },
      },
    },
  });
}
