import type { LabKubeObject } from "../parts.ts";
import { at, type ClusterReader, listAt, textAt } from "./kube-read.ts";
import { byAddress, contains, familyOf, hostPrefix, isHost, isHostIn, networkOf, prefixSet } from "./prefix.ts";
import type { ServiceView } from "./service.ts";

/** Label that takes a node out of service traffic (Kubernetes well-known labels). */
const EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers";

/** Prefixes that a node's BIRDs originate: its pod blocks and the service ranges (facts cni.md 1.6). */
export function originatedPrefixes(
  cluster: ClusterReader,
  podBlocks: ReadonlyMap<string, readonly string[]>,
  services: readonly ServiceView[],
  node: LabKubeObject,
): string[] {
  const blocks = podBlocks.get(node.metadata.name) ?? [];
  const ranges = node.metadata.labels?.[EXCLUDE] === undefined ? servicePrefixes(cluster, services, node.metadata.name) : [];
  return [...new Set([...blocks, ...ranges])].sort(byAddress);
}

/** Pools whose routes may leave the node. */
export function exportedPools(cluster: ClusterReader): string[] {
  return cluster
    .list("IPPool")
    .filter((pool) => at(pool, "spec", "disableBGPExport") !== true)
    .flatMap((pool) => textAt(pool, "spec", "cidr") ?? []);
}

/** Confirmed blocks of every node in pools that may be exported. */
export function podBlocks(cluster: ClusterReader): Map<string, string[]> {
  const hidden = cluster
    .list("IPPool")
    .filter((pool) => at(pool, "spec", "disableBGPExport") === true)
    .map((pool) => prefixSet(textAt(pool, "spec", "cidr") ?? "", true));
  const blocks = new Map<string, string[]>();
  for (const block of cluster.list("BlockAffinity")) {
    const cidr = textAt(block, "spec", "cidr") ?? "";
    const isDeleted = [true, "true"].some((deleted) => at(block, "spec", "deleted") === deleted);
    if (textAt(block, "spec", "state") !== "confirmed" || isDeleted || familyOf(cidr) === undefined) continue;
    if (hidden.some((pool) => pool !== undefined && contains(pool, cidr))) continue;
    const node = textAt(block, "spec", "node") ?? "";
    blocks.set(node, [...(blocks.get(node) ?? []), networkOf(cidr)]);
  }
  return blocks;
}

/** The ranges of BGPConfiguration, and single addresses of services with local traffic policy that have a ready endpoint on the node. */
function servicePrefixes(cluster: ClusterReader, services: readonly ServiceView[], node: string): string[] {
  const configuration = cluster.find("BGPConfiguration", "default");
  const ranges = ["serviceClusterIPs", "serviceExternalIPs", "serviceLoadBalancerIPs"]
    .flatMap((field) => listAt(configuration, "spec", field))
    .map((range) => textAt(range, "cidr") ?? "")
    .filter((range) => familyOf(range) !== undefined);
  const wide = ranges.filter((range) => !isHost(range)).map(networkOf);
  const hosts = services
    .filter((service) => service.isLocalOutside && service.nodesWithReadyEndpoint.has(node))
    .flatMap((service) => [...service.clusterIps, ...service.externalIps, ...service.loadBalancerIps])
    .filter((address) => ranges.some((range) => isHostIn(address, range)))
    .map(hostPrefix);
  return [...wide, ...hosts];
}
