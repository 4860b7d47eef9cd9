import { Address4, Address6 } from "ip-address";
import type { LabLink } from "../parts.ts";

/** What makes a link a bond: `Documentation/networking/bonding` in the kernel's tree. */
export interface BondSettings {
  readonly mode: string;
  readonly miimon: number;
  /** `slow` or `fast`. */
  readonly lacpRate: string;
  readonly transmitHashPolicy: string;
  readonly minLinks: number;
}

/** A link as the kernel keeps it. */
export interface Link {
  readonly name: string;
  readonly index: number;
  readonly kind: LabLink["kind"] | "loopback";
  readonly mac: string;
  /** Address burnt into the card; a bond's members show the bond's. */
  readonly permanentMac: string;
  /** Set up by the administrator; the carrier is another matter. */
  readonly admin: boolean;
  readonly mtu: number;
  /** MTU before it joined the bond, given back when it leaves (bonding driver, slave->original_mtu). */
  readonly mtuBefore: number | undefined;
  readonly master: string | undefined;
  readonly bond: BondSettings | undefined;
  readonly vlan: { readonly id: number; readonly parent: string } | undefined;
  readonly addresses: readonly string[];
  /** Configured by netplan, so removed or cleared when netplan no longer names it. */
  readonly netplan: boolean;
}

/** Address family of an address, a prefix or a gateway. */
export function familyOf(text: string): 4 | 6 {
  return text.includes(":") ? 6 : 4;
}

/** A route somebody added; connected ones follow from the addresses. */
export interface Route {
  /** There may be a `default` of each. */
  readonly family: 4 | 6;
  /** `default` or CIDR text. */
  readonly destination: string;
  readonly gateway: string | undefined;
  readonly device: string;
  readonly protocol: "static" | "boot";
  readonly metric: number | undefined;
}

/** A node's network. */
export interface Network {
  readonly links: Map<string, Link>;
  routes: readonly Route[];
}

/** Whether a link can carry frames: set up, and with a carrier below (a cable, a member, a parent). */
export function isUp(network: Network, name: string): boolean {
  const link = network.links.get(name);
  if (link === undefined || !link.admin) return false;
  switch (link.kind) {
    case "loopback":
    case "ethernet":
      return true;
    case "bond":
      return membersOf(network, name).some((member) => member.admin);
    case "vlan":
      return link.vlan !== undefined && isUp(network, link.vlan.parent);
    default:
      return link.kind satisfies never;
  }
}

/** Links enslaved to a bond. */
export function membersOf(network: Network, bond: string): Link[] {
  return [...network.links.values()].filter((link) => link.master === bond);
}

/** The kernel's metric of a connected IPv6 route (IP6_RT_PRIO_ADDRCONF). */
const CONNECTED_METRIC_6 = 256;

/** A route as `ip route` lists it. */
export interface ListedRoute {
  readonly family: 4 | 6;
  readonly destination: string;
  readonly gateway: string | undefined;
  readonly device: string;
  readonly protocol: Route["protocol"] | "kernel";
  readonly metric: number | undefined;
  readonly source: string | undefined;
}

/** The main table: routes of links that are up, connected ones included, defaults first. */
export function mainTable(network: Network): ListedRoute[] {
  const given = network.routes.filter((route) => isUp(network, route.device)).map((route) => ({ ...route, source: undefined }));
  const connected: ListedRoute[] = [];
  for (const link of network.links.values()) {
    if (link.kind === "loopback" || !isUp(network, link.name)) continue;
    for (const address of link.addresses) {
      const family = familyOf(address);
      const subnet = family === 4 ? new Address4(address) : new Address6(address);
      if (subnet.subnetMask === (family === 4 ? 32 : 128)) continue;
      connected.push({
        family,
        destination: subnet.networkForm(),
        gateway: undefined,
        device: link.name,
        protocol: "kernel",
        metric: family === 4 ? undefined : CONNECTED_METRIC_6,
        source: family === 4 ? hostPart(address) : undefined,
      });
    }
  }
  const defaults = given.filter((route) => route.destination === "default");
  return [...defaults, ...given.filter((route) => route.destination !== "default"), ...connected];
}

/** The route a packet to this address takes: longest prefix, then lowest metric; undefined: network is unreachable. */
export function routeTo(network: Network, address: string): ListedRoute | undefined {
  if (!Address4.isValid(address) && !Address6.isValid(address)) return undefined;
  const family = familyOf(address);
  const covers = (destination: string) =>
    destination === "default" ||
    (family === 4
      ? new Address4(address).isInSubnet(new Address4(destination))
      : new Address6(address).isInSubnet(new Address6(destination)));
  const length = ({ destination }: ListedRoute) => (destination === "default" ? 0 : Number(destination.split("/")[1] ?? 128));
  return mainTable(network)
    .filter((route) => route.family === family && covers(route.destination))
    .sort((a, b) => length(b) - length(a) || (a.metric ?? 0) - (b.metric ?? 0))[0];
}

/** Whether an address lies in a subnet of a link that is up: only such a one can be a gateway. */
export function linkTowards(network: Network, gateway: string): string | undefined {
  const route = routeTo(network, gateway);
  return route !== undefined && route.gateway === undefined ? route.device : undefined;
}

/** Address text without its prefix length. */
export function hostPart(address: string): string {
  return address.split("/")[0] ?? address;
}
