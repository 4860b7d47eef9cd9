import { isObject } from "../../runner/json.ts";
import type { LabKubeObject } from "../parts.ts";
import { at, type ClusterReader, listAt, named, sortedList, textAt } from "./kube-read.ts";
import { byAddress, contains, isHostIn, networkOf, prefixSet } from "./prefix.ts";

/** Label that takes a node out of service traffic (Kubernetes well-known labels). */
const EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers";

/** IPv4 prefixes that a node's BIRD originates: its pod blocks and the service ranges (facts cni.md 1.6). */
export function originatedPrefixes(cluster: ClusterReader, node: LabKubeObject): string[] {
  const blocks = podBlocks(cluster, node.metadata.name);
  const services = node.metadata.labels?.[EXCLUDE] === undefined ? servicePrefixes(cluster, node.metadata.name) : [];
  return [...new Set([...blocks, ...services])].sort(byAddress);
}

/** Confirmed blocks of the node in pools that may be exported. */
function podBlocks(cluster: ClusterReader, node: string): string[] {
  const hidden = sortedList(cluster, "IPPool")
    .filter((pool) => at(pool, "spec", "disableBGPExport") === true)
    .map((pool) => prefixSet(textAt(pool, "spec", "cidr") ?? "", true));
  return sortedList(cluster, "BlockAffinity")
    .filter((block) => textAt(block, "spec", "node") === node && textAt(block, "spec", "state") === "confirmed")
    .filter((block) => ![true, "true"].some((deleted) => at(block, "spec", "deleted") === deleted))
    .map((block) => textAt(block, "spec", "cidr") ?? "")
    .filter(isIpv4Prefix)
    .filter((cidr) => !hidden.some((pool) => pool !== undefined && contains(pool, cidr)))
    .map(networkOf);
}

function isIpv4Prefix(text: string): boolean {
  return prefixSet(text, false) !== undefined;
}

/** The ranges of BGPConfiguration, and /32s of services with local traffic policy that have a ready endpoint on the node. */
function servicePrefixes(cluster: ClusterReader, node: string): string[] {
  const configuration = named(cluster, "BGPConfiguration", "default");
  const ranges = ["serviceClusterIPs", "serviceExternalIPs", "serviceLoadBalancerIPs"]
    .flatMap((field) => listAt(configuration, "spec", field))
    .map((range) => textAt(range, "cidr") ?? "")
    .filter(isIpv4Prefix);
  const wide = ranges.filter((range) => !range.endsWith("/32")).map(networkOf);
  const hosts = sortedList(cluster, "Service")
    .filter((service) => isLocal(service) && hasEndpoint(cluster, service, node))
    .flatMap(addressesOf)
    .filter((address) => ranges.some((range) => isHostIn(address, range)))
    .map((address) => `${address}/32`);
  return [...wide, ...hosts];
}

function isLocal(service: LabKubeObject): boolean {
  return textAt(service, "spec", "externalTrafficPolicy") === "Local";
}

function addressesOf(service: LabKubeObject): string[] {
  const status = listAt(service, "status", "loadBalancer", "ingress").map((ingress) => textAt(ingress, "ip"));
  const given = [textAt(service, "spec", "clusterIP"), ...listAt(service, "spec", "externalIPs"), ...status];
  return given.filter((address) => typeof address === "string").filter((address) => address !== "None");
}

function hasEndpoint(cluster: ClusterReader, service: LabKubeObject, node: string): boolean {
  return sortedList(cluster, "EndpointSlice")
    .filter(({ metadata }) => metadata.namespace === service.metadata.namespace)
    .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === service.metadata.name)
    .flatMap((slice) => listAt(slice, "endpoints"))
    .some((endpoint) => isObject(endpoint) && endpoint.nodeName === node && at(endpoint, "conditions", "ready") !== false);
}
