import type { ClusterResource, KubeObject } from "../../runner/connect/cluster.ts";
import type { JsonObject } from "../../runner/json.ts";
import type { TaskType } from "../../runner/task-type.ts";

/** One release of each line that is known; 1.13.4 is the paper's. */
export const VERSIONS = ["1.13.4", "1.14.19", "1.15.19", "1.16.19", "1.17.18", "1.18.12", "1.19.6", "1.20.0"] as const;

/** The paper's Cilium cluster, as argument of cilium.release. */
export function releaseArgs(version: string, more: JsonObject = {}): Record<string, unknown> {
  return {
    version,
    repository: "https://helm.cilium.io/",
    namespace: "kube-system",
    families: [{ family: "ipv4", pod_subnet: "192.168.19.0/24", block_size: 27, node_subnet: "192.168.18.0/24" }],
    kubernetes_api: { host: "192.168.18.252", port: 8443 },
    ...more,
  };
}

/** The second family of a dual-stack cluster. */
export const SIX = { family: "ipv6", pod_subnet: "fd00:10::/112", block_size: 122 } as const;

/** A planned session, as in `underlay.sessions`. */
export function session(node: string, rack: number | string | null, leaf: number, address: string) {
  return {
    node,
    rack_id: rack,
    leaf: `leaf${leaf}`,
    leaf_id: leaf,
    family: address.includes(":") ? "ipv6" : "ipv4",
    peer_address: address,
    local_address: address.includes(":") ? "fd00:2::1" : "192.168.18.1",
  };
}

/** The paper's rack: two nodes, two leaves. */
export const paperSessions = () =>
  ["pi-k8s-1", "pi-k8s-2"].flatMap((node) => [session(node, 1, 203, "192.168.18.203"), session(node, 1, 204, "192.168.18.204")]);

/** Arguments of cilium.bgp for the paper's rack. */
export function bgpArgs(version: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { version, asn: 65003, fabric_asn: 65002, sessions: paperSessions(), ...more };
}

/** The objects among what a task wants. */
export function objects(resources: readonly ClusterResource[]): readonly KubeObject[] {
  return resources.flatMap((resource) => (resource.kind === "manifest" ? [resource.object] : []));
}

/** What a task type says about arguments before anything is touched: refusals as `path message`, or warnings. */
export function verdict(
  type: TaskType,
  args: unknown,
): { readonly refused: readonly string[]; readonly warned: readonly string[] } {
  const prepared = type.prepare(args, "localhost", true);
  if (prepared.ok) return { refused: [], warned: prepared.value.warnings };
  return { refused: prepared.errors.map(({ instancePath, message }) => `${instancePath} ${message}`), warned: [] };
}
