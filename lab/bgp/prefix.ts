import { Address4, Address6 } from "ip-address";

/** Address family of an address, a prefix or a session. */
export type Family = "ipv4" | "ipv6";

/** Both, the order in which reports name them. */
export const FAMILIES: readonly Family[] = ["ipv4", "ipv6"];

/** Address text taken apart. */
interface Parsed {
  readonly family: Family;
  /** All bits of the address, those of the host too. */
  readonly value: bigint;
  /** Prefix length; that of a host when the text has none. */
  readonly length: number;
  readonly bits: 32 | 128;
  /** The address alone, in the family's usual form (RFC 5952). */
  readonly host: string;
  /** Its network with length. */
  readonly network: string;
}

/** A set of prefixes: those in a subnet whose length lies between two bounds, `10.1.0.0/16 ge 16 le 32`. */
export interface PrefixSet {
  readonly subnet: Parsed;
  readonly shortest: number;
  readonly longest: number;
}

// Routes are compared by the hundred thousand while there are only some thousand texts: what a text means is kept.
const parsed = new Map<string, Parsed | undefined>();
const MOST_KEPT = 50_000;

function parse(text: string): Parsed | undefined {
  if (parsed.has(text)) return parsed.get(text);
  if (parsed.size >= MOST_KEPT) parsed.clear();
  const result = Address4.isValid(text)
    ? read(new Address4(text), "ipv4", 32)
    : Address6.isValid(text)
      ? read(new Address6(text), "ipv6", 128)
      : undefined;
  parsed.set(text, result);
  return result;
}

function read(address: Address4 | Address6, family: Family, bits: 32 | 128): Parsed {
  const length = address.subnetMask;
  const network = `${address.startAddress().correctForm()}/${length}`;
  return { family, value: address.bigInt(), length, bits, host: address.correctForm(), network };
}

/** Family of an address or prefix; undefined for any other text. */
export function familyOf(text: string): Family | undefined {
  return parse(text)?.family;
}

/** The set of one prefix, or of it and all more specific ones. Undefined for text that is no prefix. */
export function prefixSet(text: string, aggregate: boolean, from = 0, to = 0): PrefixSet | undefined {
  const subnet = parse(text);
  if (subnet === undefined) return undefined;
  const own = subnet.length;
  if (!aggregate) return { subnet, shortest: own, longest: own };
  return { subnet, shortest: from > 0 ? from : own, longest: to > 0 ? to : subnet.bits };
}

/** Whether a prefix belongs to a set. */
export function contains(set: PrefixSet, prefix: string): boolean {
  const candidate = parse(prefix);
  if (candidate === undefined || candidate.length < set.shortest || candidate.length > set.longest) return false;
  return candidate.length >= set.subnet.length && isInside(candidate, set.subnet);
}

function isInside(address: Parsed, subnet: Parsed): boolean {
  const hostBits = BigInt(subnet.bits - subnet.length);
  return address.family === subnet.family && address.value >> hostBits === subnet.value >> hostBits;
}

/** Whether a host address, with or without length, lies in a subnet; false when either is no address. */
export function isHostIn(host: string, subnet: string): boolean {
  const [address, network] = [parse(host), parse(subnet)];
  return address !== undefined && network !== undefined && isInside(address, network);
}

/** `192.168.2.1/24` is in the network `192.168.2.0/24`. Text that is no address stays as it is. */
export function networkOf(address: string): string {
  return parse(address)?.network ?? address;
}

/** An address without its prefix length, IPv6 in its short form. Text that is no address only loses its length. */
export function withoutLength(address: string): string {
  return parse(address)?.host ?? address.split("/")[0] ?? address;
}

/** An address as a prefix of its own: `192.168.8.80/32`, `fd00::80/128`. */
export function hostPrefix(address: string): string {
  return `${withoutLength(address)}/${familyOf(address) === "ipv6" ? 128 : 32}`;
}

/** Whether a prefix is a single host's. */
export function isHost(prefix: string): boolean {
  const found = parse(prefix);
  return found !== undefined && found.length === found.bits;
}

/** Orders addresses and prefixes by number, not by text; IPv4 before IPv6. */
export function byAddress(a: string, b: string): number {
  const [x, y] = [parse(a), parse(b)];
  if (x === undefined || y === undefined) return a < b ? -1 : a > b ? 1 : 0;
  if (x.bits !== y.bits) return x.bits - y.bits;
  return x.value === y.value ? x.length - y.length : x.value < y.value ? -1 : 1;
}
