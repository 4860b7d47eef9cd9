import { Address4, Address6 } from "ip-address";

/** A node's fabric-facing network as the task's arguments describe it. */
export interface WantedNetwork {
  /** Physical links, by name. */
  readonly members: readonly string[];
  /** Name of the LACP bond over them; undefined: the one link itself. */
  readonly bond: string | undefined;
  readonly vlan: { readonly id: number; readonly name: string } | undefined;
  readonly mtu: number;
  /** With prefix length, `192.168.2.1/24`; one for each family. */
  readonly addresses: readonly string[];
  /** Next hops of the default routes, one for each family. */
  readonly gateways: readonly string[];
  readonly nameservers: readonly string[];
}

/** Parameters of the bond, by netplan's names: what a vPC pair of leaves expects of a server (LACP active, short timeout). */
export const bondParameters = {
  mode: "802.3ad",
  "lacp-rate": "fast",
  "mii-monitor-interval": 100,
  "transmit-hash-policy": "layer3+4",
} as const;

/** Longest name the kernel gives a link (IFNAMSIZ is 16 with the closing zero). */
const LONGEST_NAME = 15;

/** The link that the VLAN rides on, or that holds the address when there is none. */
export function lowerLink(wanted: WantedNetwork): string {
  return wanted.bond ?? wanted.members[0] ?? "";
}

/** The link that holds the address and the default route. */
export function addressLink(wanted: WantedNetwork): string {
  return wanted.vlan?.name ?? lowerLink(wanted);
}

/** `bond0.310`; `vlan310` when that would be too long for the kernel. */
export function vlanName(lower: string, id: number): string {
  const name = `${lower}.${id}`;
  return name.length <= LONGEST_NAME ? name : `vlan${id}`;
}

/** Address family of an address, with or without prefix length. */
export function familyOf(address: string): 4 | 6 {
  return Address4.isValid(address) ? 4 : 6;
}

/** Whether a host address lies in the subnet of an interface address; false across families. */
export function inSubnet(host: string, address: string): boolean {
  if (familyOf(host) !== familyOf(address)) return false;
  return familyOf(address) === 4
    ? new Address4(host).isInSubnet(new Address4(address))
    : new Address6(host).isInSubnet(new Address6(address));
}

/** `192.168.2.1` of `192.168.2.1/24`. */
export function hostOf(address: string): string {
  return address.split("/")[0] ?? address;
}

/** Whether two host addresses are the same one, however they are written (RFC 5952). */
export function sameAddress(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

/** Address and prefix length in one spelling; text that is neither family is left as it is. */
export function canonical(text: string): string {
  const [host = "", length] = text.split("/");
  const suffix = length === undefined ? "" : `/${length}`;
  if (Address4.isValid(host)) return new Address4(host).correctForm() + suffix;
  return Address6.isValid(host) ? new Address6(host).correctForm() + suffix : text;
}
