import { Address4, Address6 } from "ip-address";

/** An IP subnet as numbers. `base` is its first address; `size` counts all addresses, first and last included. */
export interface Subnet {
  readonly family: "ipv4" | "ipv6";
  readonly base: bigint;
  /** Prefix length. */
  readonly length: number;
  readonly size: bigint;
}

/** An address and the subnet that its prefix length puts it in; without a prefix length that is the address alone. */
export interface Placed {
  readonly value: bigint;
  readonly subnet: Subnet;
}

/** Bits of an address: 32 or 128. */
export function bitsOf(family: Subnet["family"]): 32 | 128 {
  return family === "ipv4" ? 32 : 128;
}

/** Reads an address or a prefix of either family, with or without prefix length; undefined when the text is neither. */
export function readAddress(text: string): Placed | undefined {
  const address = Address4.isValid(text) ? new Address4(text) : Address6.isValid(text) ? new Address6(text) : undefined;
  if (address === undefined) return undefined;
  const family = address instanceof Address4 ? "ipv4" : "ipv6";
  return { value: address.bigInt(), subnet: subnetAt(family, address.startAddress().bigInt(), address.subnetMask) };
}

/** The subnet of this length that starts at `base`. */
export function subnetAt(family: Subnet["family"], base: bigint, length: number): Subnet {
  return { family, base, length, size: 1n << BigInt(bitsOf(family) - length) };
}

/** An address as text in the shortest form of its family (RFC 5952 for IPv6). */
export function addressText(family: Subnet["family"], value: bigint): string {
  return family === "ipv4" ? Address4.fromBigInt(value).correctForm() : Address6.fromBigInt(value).correctForm();
}

/** A subnet as text, `192.168.1.8/29`. */
export function subnetText({ family, base, length }: Subnet): string {
  return `${addressText(family, base)}/${length}`;
}

/** Whether an address lies in a subnet of its own family. */
export function contains(subnet: Subnet, value: bigint): boolean {
  return value >= subnet.base && value < subnet.base + subnet.size;
}

/** How many subnets of a length there are in a subnet; none when it is smaller than one. */
export function subnetCount(subnet: Subnet, length: number): bigint {
  return length < subnet.length || length > bitsOf(subnet.family) ? 0n : 1n << BigInt(length - subnet.length);
}

/** The n-th subnet of a length, counted from 0, or from the end with -1; undefined when there are not so many. */
export function nthSubnet(subnet: Subnet, length: number, n: bigint): Subnet | undefined {
  const index = fromEitherEnd(n, subnetCount(subnet, length));
  if (index === undefined) return undefined;
  return subnetAt(subnet.family, subnet.base + (index << BigInt(bitsOf(subnet.family) - length)), length);
}

/** The n-th address, counted from 0 (the network's own), or from the end with -1; undefined when there are not so many. */
export function nthAddress(subnet: Subnet, n: bigint): bigint | undefined {
  const index = fromEitherEnd(n, subnet.size);
  return index === undefined ? undefined : subnet.base + index;
}

function fromEitherEnd(n: bigint, count: bigint): bigint | undefined {
  const index = n < 0n ? count + n : n;
  return index >= 0n && index < count ? index : undefined;
}
