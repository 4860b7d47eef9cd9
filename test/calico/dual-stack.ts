import type { ClusterResource, KubeObject } from "../../runner/connect/cluster.ts";

/** Sessions of a rack, both families; IPv6 addresses in a form that is not the correct one. */
const rack = (rackId: number, nodes: readonly string[], leaves: readonly number[]) =>
  leaves.flatMap((leaf) =>
    nodes.flatMap((node) =>
      [
        { family: "ipv4", peer_address: `192.168.2.${leaf}`, local_address: "192.168.2.1" },
        { family: "ipv6", peer_address: `FD00:2:0::${leaf}`, local_address: "fd00:2::1" },
      ].map((session) => ({ node, rack_id: rackId, leaf: `leaf${leaf}`, leaf_id: leaf, ...session })),
    ),
  );

/** The white paper's racks, dual stack. */
export const both = () => [...rack(1, ["master-1", "worker-1"], [201, 202]), ...rack(2, ["master-2"], [203, 204])];
/** The same racks, IPv4 only. */
export const four = () => both().filter(({ family }) => family === "ipv4");
/** Arguments of calico.bgp_peers. */
export const peersArgs = (more: Record<string, unknown> = {}) => ({
  asn: 65002,
  sessions: both(),
  password: { secret: "bgp-secrets", key: "rr-password" },
  ...more,
});
/** Arguments of calico.bgp_configuration. */
export const configurationArgs = () => ({
  asn: 65003,
  service_cluster_ips: ["192.168.8.0/22", "fd00:8::/112"],
  service_external_ips: ["192.168.12.0/24", "fd00:12::/112"],
  service_load_balancer_ips: ["192.168.13.0/24"],
});
/** Arguments of calico.installation. */
export const installationArgs = () => ({
  pools: [
    { family: "ipv4", pod_subnet: "10.1.0.0/16", block_size: 26 },
    { family: "ipv6", pod_subnet: "fd00:10::/112", block_size: 122 },
  ],
  node_address_autodetection: ["192.168.2.0/24", "fd00:2::/64"],
  linux_dataplane: "Iptables",
  kubernetes_provider: "OpenShift",
});

/** The objects that a task type wants. */
export function objects(resources: readonly ClusterResource[]): readonly KubeObject[] {
  return resources.flatMap((resource) => (resource.kind === "manifest" ? [resource.object] : []));
}

/** Arguments of calico.load_balancer_pool. */
export const lbArgs = () => ({ name: "calico", version: "v3.31.7", prefixes: ["192.168.13.0/28", "fd00:13::/112"] });
