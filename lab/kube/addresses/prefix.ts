import { Address4, Address6 } from "ip-address";

/** An IP prefix of either family. */
export type Prefix = Address4 | Address6;

/** Reads CIDR text or an address; undefined when it is neither. */
export function parsePrefix(text: string): Prefix | undefined {
  if (Address4.isValid(text)) return new Address4(text);
  return Address6.isValid(text) ? new Address6(text) : undefined;
}

/** `IPv4` or `IPv6`, as a Service's `ipFamilies` says it; by the colon, so any address or prefix will do. */
export function familyOf(text: string): "IPv4" | "IPv6" {
  return text.includes(":") ? "IPv6" : "IPv4";
}

/** How many prefixes of a length lie in a network; 0 when the length is shorter than the network's. */
export function subnetCount(network: Prefix, length: number): bigint {
  return length < network.subnetMask ? 0n : 1n << BigInt(length - network.subnetMask);
}

/** The n-th prefix of a length in a network, as CIDR text. */
export function subnetAt(network: Prefix, length: number, index: bigint): string {
  const bits = network instanceof Address4 ? 32 : 128;
  return `${addressAt(network, index << BigInt(bits - length))}/${length}`;
}

/** How many addresses a network has. */
export function addressCount(network: Prefix): bigint {
  return 1n << BigInt((network instanceof Address4 ? 32 : 128) - network.subnetMask);
}

/** The address so many places after the network's own. */
export function addressAt(network: Prefix, offset: bigint): string {
  const value = network.startAddress().bigInt() + offset;
  return (network instanceof Address4 ? Address4.fromBigInt(value) : Address6.fromBigInt(value)).correctForm();
}

/** Whether a prefix or address lies in another, as text; false when either cannot be read or they are of two families. */
export function contains(outer: string, inner: string): boolean {
  const network = parsePrefix(outer);
  const found = parsePrefix(inner);
  if (network === undefined || found === undefined || familyOf(outer) !== familyOf(inner)) return false;
  return network.subnetMask <= found.subnetMask && found.isInSubnet(network);
}
