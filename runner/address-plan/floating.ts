import { type Diagnostic, errorAt } from "../diagnostic.ts";
import type { CheckedHost } from "../load/inventory-rule.ts";
import { counted } from "../report/counted.ts";
import { addressText, bitsOf, type Placed } from "../subnet.ts";
import { type FamilyInput, givenTo } from "./families.ts";
import type { PlanLeaf } from "./input.ts";

/** Addresses of one family with a floating SVI, with prefix length, by host name. */
export interface FloatingAddresses {
  readonly nodes: ReadonlyMap<string, string>;
  readonly anchors: ReadonlyMap<string, string>;
  readonly floating: string;
  readonly secondary: string;
}

/** The addresses, or why there are none. */
export type FloatingResult =
  | { readonly ok: true; readonly value: FloatingAddresses }
  | { readonly ok: false; readonly wrong: Diagnostic };

/**
 * Paper, section *Example floating SVI IP allocation*: one subnet for nodes, anchor leaves, floating and secondary address. Nodes grow from its
 * start, the fabric's addresses from its end (secondary, floating, anchor leaves downwards), so that neither a new node nor a new anchor
 * leaf moves another. What the inventory gives stays, and is skipped.
 *
 * @param others addresses in use that are no host's, such as the API server's
 */
export function floatingAddresses(
  family: FamilyInput,
  nodes: readonly CheckedHost[],
  leaves: readonly PlanLeaf[],
  others: readonly bigint[],
): FloatingResult {
  const { subnet } = family;
  const first = subnet.base + 1n;
  const last = subnet.base + subnet.size - 2n;
  const ofNodes = nodes.map((node) => ({ name: node.name, placed: givenTo(node, family) }));
  const ofLeaves = leaves.map(({ host }) => ({ name: host.name, placed: givenTo(host, family) }));
  const taken = new Set([...others, ...valuesOf([family.secondary, family.floating, ...ofLeaves.map(({ placed }) => placed)])]);

  // Room first: what follows always finds a free address.
  const inside = (values: Iterable<bigint>): number => [...values].filter((value) => value >= first && value <= last).length;
  const derived = [family.secondary, family.floating, ...ofLeaves.map(({ placed }) => placed)].filter(
    (placed) => placed === undefined,
  );
  const room = last - first + 1n - BigInt(inside(taken) + derived.length);
  const ownNodes = new Set(valuesOf(ofNodes.map(({ placed }) => placed)));
  const needed = inside(ownNodes) + ofNodes.filter(({ placed }) => placed === undefined).length;
  if (room < BigInt(needed))
    return { ok: false, wrong: tooSmall(family, room, nodes.length, leaves.length, taken.size + derived.length) };

  for (const value of ownNodes) taken.add(value);
  const text = (value: bigint, placed: Placed | undefined): string =>
    `${addressText(family.family, value)}/${placed?.subnet.length ?? subnet.length}`;
  const secondary = family.secondary?.value ?? last;
  const floating = family.floating?.value ?? last - 1n;
  taken.add(secondary).add(floating);
  const anchors = new Map<string, string>();
  for (const [index, { name, placed }] of ofLeaves.entries()) {
    const own = last - 2n - BigInt(index);
    const value = placed?.value ?? (own < first || taken.has(own) ? nextFree(taken, last - 2n, -1n) : own);
    taken.add(value);
    anchors.set(name, text(value, placed));
  }
  const addresses = new Map<string, string>();
  let free = first;
  for (const { name, placed } of ofNodes) {
    if (placed === undefined) free = nextFree(taken, free, 1n);
    const value = placed?.value ?? free;
    taken.add(value);
    addresses.set(name, text(value, placed));
  }
  return {
    ok: true,
    value: { nodes: addresses, anchors, floating: text(floating, family.floating), secondary: text(secondary, family.secondary) },
  };
}

function valuesOf(placed: readonly (Placed | undefined)[]): readonly bigint[] {
  return placed.flatMap((one) => one?.value ?? []);
}

function nextFree(taken: ReadonlySet<bigint>, from: bigint, step: 1n | -1n): bigint {
  let value = from;
  while (taken.has(value)) value += step;
  return value;
}

function tooSmall(family: FamilyInput, room: bigint, nodes: number, leaves: number, fabric: number): Diagnostic {
  const fits = room < 0n ? 0n : room;
  const message = `${family.what} ${family.written.node_subnet} has room for ${counted(Number(fits), "node")} beside ${counted(leaves, "anchor leaf", "anchor leaves")}, floating and secondary address; the inventory has ${nodes}`;
  return errorAt(
    family.at("node_subnet"),
    "subnet-too-small",
    message,
    `take a /${lengthFor(family, nodes + fabric + 2)} or larger`,
  );
}

/** Prefix length of the smallest subnet with so many addresses. */
function lengthFor({ family }: FamilyInput, addresses: number): number {
  return bitsOf(family) - Math.ceil(Math.log2(addresses));
}
