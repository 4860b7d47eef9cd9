import type { LabLink, LabNodeState } from "../parts.ts";
import type { LabNode } from "../spec.ts";
import type { LeafSvi } from "./fabric-side.ts";
import { isHostIn, withoutLength } from "./prefix.ts";

/** An address of a node on a segment that reaches the leaves. */
export interface NodeAddress {
  readonly node: string;
  readonly rack: string | undefined;
  /** CIDR text with host bits. */
  readonly address: string;
  /** VLAN tag of its frames; undefined: untagged. */
  readonly tag: number | undefined;
}

/** Addresses of a node on links that are up and end in a cabled interface. A bond does with one member. */
export function nodeAddresses(node: LabNode, state: LabNodeState): NodeAddress[] {
  if (!state.poweredOn) return [];
  const found: NodeAddress[] = [];
  for (const link of state.links) {
    if (!link.up || link.master !== undefined || !isCabled(node, state.links, link)) continue;
    for (const address of link.addresses) {
      found.push({ node: node.name, rack: node.rack, address, tag: link.vlan?.id });
    }
  }
  return found;
}

function isCabled(node: LabNode, links: readonly LabLink[], link: LabLink): boolean {
  if (link.vlan !== undefined) {
    const parent = links.find((other) => other.name === link.vlan?.parent);
    return parent !== undefined && isCabled(node, links, parent);
  }
  if (link.kind !== "bond") return node.interfaces.includes(link.name);
  return links.some((member) => member.master === link.name && member.up && node.interfaces.includes(member.name));
}

/** Gateway of a node's default route, if it has one. */
export function defaultGateway(state: LabNodeState): string | undefined {
  return state.routes.find((route) => route.destination === "default" || route.destination === "0.0.0.0/0")?.gateway;
}

/**
 * Why a node's address and an SVI cannot talk, or undefined when they can. The segment of a floating SVI spans all leaves of its L3Out
 * (paper, floating SVI), so any cable to a leaf will do; the tag must be what the SVI's mode expects.
 */
export function separation(node: NodeAddress, svi: LeafSvi, racks: ReadonlySet<string | undefined>): string | undefined {
  if (!racks.has(node.rack)) return `${node.node} is not cabled to a leaf`;
  const tagged = node.tag === svi.vlan;
  const fits =
    svi.mode === "untagged" ? node.tag === undefined : svi.mode === "native" ? tagged || node.tag === undefined : tagged;
  if (!fits)
    return `${node.node} sends ${node.tag === undefined ? "untagged" : `with tag ${node.tag}`}, the SVI is VLAN ${svi.vlan} (${svi.mode})`;
  if (!isHostIn(node.address, svi.address) || !isHostIn(svi.address, node.address)) {
    return `${withoutLength(node.address)} and ${svi.address} are not in one subnet`;
  }
  return undefined;
}
