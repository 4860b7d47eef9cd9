import { Address4 } from "ip-address";

/** A set of prefixes: those in a subnet whose length lies between two bounds, `10.1.0.0/16 ge 16 le 32`. IPv4 only. */
export interface PrefixSet {
  readonly subnet: Address4;
  readonly shortest: number;
  readonly longest: number;
}

/** The set of one prefix, or of it and all more specific ones. Undefined for text that is no IPv4 prefix. */
export function prefixSet(text: string, aggregate: boolean, from = 0, to = 0): PrefixSet | undefined {
  if (!Address4.isValid(text)) return undefined;
  const subnet = new Address4(text);
  const own = subnet.subnetMask;
  if (!aggregate) return { subnet, shortest: own, longest: own };
  return { subnet, shortest: from > 0 ? from : own, longest: to > 0 ? to : 32 };
}

/** Whether a prefix belongs to a set. */
export function contains(set: PrefixSet, prefix: string): boolean {
  const candidate = new Address4(prefix);
  const length = candidate.subnetMask;
  return length >= set.shortest && length <= set.longest && length >= set.subnet.subnetMask && candidate.isInSubnet(set.subnet);
}

/** Whether a host address, with or without length, lies in a subnet; false when either is no IPv4 text. */
export function isHostIn(host: string, subnet: string): boolean {
  const address = withoutLength(host);
  if (!Address4.isValid(address) || !Address4.isValid(subnet)) return false;
  return new Address4(address).isInSubnet(new Address4(subnet));
}

/** `192.168.2.1/24` is in the network `192.168.2.0/24`. */
export function networkOf(address: string): string {
  return new Address4(address).networkForm();
}

/** An address without its prefix length. */
export function withoutLength(address: string): string {
  return address.split("/")[0] ?? address;
}

/** Orders addresses and prefixes by number, not by text. */
export function byAddress(a: string, b: string): number {
  const [x, y] = [new Address4(a), new Address4(b)];
  const difference = x.bigInt() - y.bigInt();
  return difference === 0n ? x.subnetMask - y.subnetMask : difference < 0n ? -1 : 1;
}
