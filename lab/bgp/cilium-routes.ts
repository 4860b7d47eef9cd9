import { at, listAt, textAt, textsAt } from "./kube-read.ts";
import { matchesSelector } from "./label-selector.ts";
import { familyOf, hostPrefix, networkOf } from "./prefix.ts";
import type { ServiceView } from "./service.ts";

/** loadBalancerClass of Services that Cilium's BGP control plane serves, besides those without one (facts cni.md 3.2). */
const CLASS = "io.cilium/bgp-control-plane";

/** What a node may tell, by an item of CiliumBGPAdvertisement's `spec.advertisements` (facts cni.md 3.2). */
export function advertised(
  item: unknown,
  node: string,
  podCidrs: readonly string[],
  services: readonly ServiceView[],
): readonly string[] {
  if (textAt(item, "advertisementType") === "PodCIDR") return podCidrs;
  if (textAt(item, "advertisementType") !== "Service") return [];
  const kinds = new Set(textsAt(item, "service", "addresses"));
  return selectedServices(services, at(item, "selector")).flatMap((service) => {
    const told: string[] = [];
    const isHere = (isLocal: boolean) => !isLocal || service.nodesWithReadyEndpoint.has(node);
    const add = (addresses: readonly string[], isLocal: boolean) => {
      if (isHere(isLocal)) told.push(...addresses.map((address) => aggregate(item, address, isLocal)));
    };
    if (kinds.has("LoadBalancerIP") && isServed(service)) add(service.loadBalancerIps, service.isLocalOutside);
    if (kinds.has("ExternalIP")) add(service.externalIps, service.isLocalOutside);
    if (kinds.has("ClusterIP")) add(service.clusterIps, service.isLocalInside);
    return told;
  });
}

/** No selector selects nothing; a Service's name and namespace count as labels of it. */
export function selectedServices(services: readonly ServiceView[], selector: unknown): readonly ServiceView[] {
  if (selector === undefined) return [];
  return services.filter(({ object: { metadata } }) =>
    matchesSelector(selector, {
      ...metadata.labels,
      "io.kubernetes.service.name": metadata.name,
      "io.kubernetes.service.namespace": metadata.namespace ?? "",
    }),
  );
}

/** Whether a Service of type LoadBalancer is Cilium's to announce. */
export function isServed({ object }: ServiceView): boolean {
  const served = textAt(object, "spec", "loadBalancerClass");
  return textAt(object, "spec", "type") === "LoadBalancer" && (served === undefined || served === CLASS);
}

/** The address alone, or since 1.18 a shorter prefix, which local traffic policy does not take (facts cni.md 3.3). */
function aggregate(item: unknown, address: string, isLocal: boolean): string {
  const field = familyOf(address) === "ipv6" ? "aggregationLengthIPv6" : "aggregationLengthIPv4";
  const length = at(item, "service", field);
  return typeof length === "number" && !isLocal ? networkOf(`${address}/${length}`) : hostPrefix(address);
}

/** The pod CIDRs of a CiliumNode. */
export function podCidrsOf(ciliumNode: unknown): string[] {
  return listAt(ciliumNode, "spec", "ipam", "podCIDRs").flatMap((cidr) => (typeof cidr === "string" ? networkOf(cidr) : []));
}
