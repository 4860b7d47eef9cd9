import { type Diagnostic, errorAt } from "../diagnostic.ts";
import type { CheckedHost } from "../load/inventory-rule.ts";
import { counted } from "../report/counted.ts";
import { addressText, contains, nthSubnet, type Subnet, subnetAt, subnetCount, subnetText } from "../subnet.ts";
import { type FamilyInput, givenTo } from "./families.ts";

/** The subnet of one node's path with a standard SVI, all with prefix length. */
export interface PathAddresses {
  readonly node: string;
  /** Of the leaf with the lower and with the higher node ID. */
  readonly leaves: readonly [string, string];
  readonly secondary: string;
}

/**
 * Positions within a node's subnet (paper, section *Example standard SVI IP allocation*: first usable to the node, last three usable to leaf,
 * leaf and secondary). In IPv6 they are the same.
 */
const POSITION = { node: 1n, leafA: 4n, leafB: 5n, secondary: 6n } as const;

/**
 * Length of a node's subnet: /29 in IPv4. In IPv6 a /64 (RFC 4291 section 2.5.4) when the supernet leaves room for more than a few of them,
 * else a /125, which is as large as a /29.
 */
function pathLength({ family, length }: Subnet): number {
  if (family === "ipv4") return 29;
  return length <= 56 ? 64 : 125;
}

/**
 * A subnet of the supernet for each node: the one that holds its own address when it has one, else the next free one in inventory
 * order, so that the n-th node gets the n-th subnet when no address is given.
 */
export function standardAddresses(
  family: FamilyInput,
  nodes: readonly CheckedHost[],
): { readonly paths: ReadonlyMap<string, PathAddresses>; readonly wrong: readonly Diagnostic[] } {
  const length = pathLength(family.subnet);
  const wrong: Diagnostic[] = [];
  const paths = new Map<string, PathAddresses>();
  const holders = new Map<bigint, CheckedHost>();
  for (const node of nodes) {
    const placed = givenTo(node, family);
    // An address outside of the supernet is reported by a rule of its own, for both designs.
    if (placed === undefined || !contains(family.subnet, placed.value) || length < family.subnet.length) continue;
    const own = subnetAt(
      family.family,
      placed.value - ((placed.value - family.subnet.base) % subnetAt(family.family, 0n, length).size),
      length,
    );
    const problem =
      misplaced(node, family, own, placed.value, placed.subnet.length) ?? shared(node, family, own, holders.get(own.base));
    if (problem !== undefined) wrong.push(problem);
    if (!holders.has(own.base)) holders.set(own.base, node);
    paths.set(node.name, addressesIn(own, placed.value));
  }
  let next = 0n;
  const open = nodes.filter((node) => givenTo(node, family) === undefined);
  const room = subnetCount(family.subnet, length) - BigInt(holders.size);
  if (BigInt(open.length) > room) return { paths: new Map(), wrong: [...wrong, tooSmall(family, length, nodes.length)] };
  for (const node of open) {
    let own = nthSubnet(family.subnet, length, next);
    while (own !== undefined && holders.has(own.base)) {
      next += 1n;
      own = nthSubnet(family.subnet, length, next);
    }
    next += 1n;
    if (own !== undefined) paths.set(node.name, addressesIn(own, own.base + POSITION.node));
  }
  return { paths, wrong };
}

function addressesIn(subnet: Subnet, node: bigint): PathAddresses {
  const text = (value: bigint): string => `${addressText(subnet.family, value)}/${subnet.length}`;
  return {
    node: text(node),
    leaves: [text(subnet.base + POSITION.leafA), text(subnet.base + POSITION.leafB)],
    secondary: text(subnet.base + POSITION.secondary),
  };
}

function misplaced(node: CheckedHost, family: FamilyInput, own: Subnet, value: bigint, length: number): Diagnostic | undefined {
  const at = node.place(family.own);
  const text = (position: bigint): string => addressText(family.family, own.base + position);
  const hint = `the first usable one is the node's: ${text(POSITION.node)}/${own.length}`;
  const address = `${family.own} ${addressText(family.family, value)}/${length} of ${node.name}`;
  if (length !== own.length) {
    const message = `${address} has another prefix length than a node's subnet with a standard SVI, /${own.length}`;
    return errorAt(at, "prefix-length", message, hint);
  }
  const position = value - own.base;
  const broadcast = own.size === 8n && position === 7n;
  if (position === 0n || broadcast)
    return errorAt(at, "node-address", `${address} is no host's address in ${subnetText(own)}`, hint);
  if (position < POSITION.leafA || position > POSITION.secondary) return undefined;
  const fabric = `${text(POSITION.leafA)} to ${text(POSITION.secondary)}`;
  return errorAt(at, "node-address", `${address} is the fabric's: ${fabric} are for leaf, leaf and secondary address`, hint);
}

function shared(node: CheckedHost, family: FamilyInput, own: Subnet, holder: CheckedHost | undefined): Diagnostic | undefined {
  if (holder === undefined) return undefined;
  const message = `${node.name} and ${holder.name} are both in ${subnetText(own)}: with a standard SVI a node has a subnet of its own`;
  const problem = errorAt(node.place(family.own), "shared-subnet", message);
  return { ...problem, related: [{ message: holder.name, at: holder.place(family.own) }] };
}

function tooSmall(family: FamilyInput, length: number, nodes: number): Diagnostic {
  const fits = Number(subnetCount(family.subnet, length));
  const message = `${family.what} ${family.written.node_subnet} has room for ${counted(fits, "node")}, a /${length} for each; the inventory has ${nodes}`;
  const hint = `take a /${length - Math.ceil(Math.log2(nodes))} or larger`;
  return errorAt(family.at("node_subnet"), "subnet-too-small", message, hint);
}
