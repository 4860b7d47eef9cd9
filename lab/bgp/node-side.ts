import type { LabLink, LabNodeState } from "../parts.ts";
import type { LabNode } from "../spec.ts";
import type { LeafSvi } from "./fabric-side.ts";
import { type LeafPort, leafPort } from "./ports.ts";
import { type Family, familyOf, isHostIn, withoutLength } from "./prefix.ts";

/** An address of a node on a segment that reaches the leaves. */
export interface NodeAddress {
  readonly node: string;
  /** CIDR text with host bits. */
  readonly address: string;
  /** VLAN tag of its frames; undefined: untagged. */
  readonly tag: number | undefined;
  /** Leaves' ports that its frames can take now. */
  readonly ports: readonly LeafPort[];
  /** Node IDs of these leaves. */
  readonly leaves: readonly number[];
}

/** Addresses of a node on links that are up and end in a cabled interface. A bond does with one member. */
export function nodeAddresses(node: LabNode, state: LabNodeState): NodeAddress[] {
  if (!state.poweredOn) return [];
  const found: NodeAddress[] = [];
  for (const link of state.links) {
    if (!link.up || link.master !== undefined) continue;
    const cables = cablesOf(node, state.links, link);
    if (cables.length === 0) continue;
    const ports = cables.map(({ leaf, port }) => leafPort(leaf, port));
    const leaves = cables.map(({ leaf }) => leaf);
    for (const address of link.addresses) found.push({ node: node.name, address, tag: link.vlan?.id, ports, leaves });
  }
  return found;
}

interface Cable {
  readonly leaf: number;
  readonly port: string;
}

/** Interfaces are cabled one to each leaf, in the order of the inventory. */
function cablesOf(node: LabNode, links: readonly LabLink[], link: LabLink): Cable[] {
  if (link.vlan !== undefined) {
    const parent = links.find((other) => other.name === link.vlan?.parent);
    return parent === undefined ? [] : cablesOf(node, links, parent);
  }
  const physical = link.kind === "bond" ? links.filter((member) => member.master === link.name && member.up) : [link];
  return physical.flatMap(({ name }) => {
    const index = node.interfaces.indexOf(name);
    const [leaf, port] = [node.leaves[index], node.ports[index]];
    return leaf === undefined || port === undefined ? [] : [{ leaf, port }];
  });
}

/** Gateway of a node's default route of a family, if it has one. */
export function defaultGateway(state: LabNodeState, family: Family): string | undefined {
  const all = family === "ipv4" ? "0.0.0.0/0" : "::/0";
  return state.routes.find(
    ({ destination, gateway }) =>
      gateway !== undefined && (destination === "default" || destination === all) && familyOf(gateway) === family,
  )?.gateway;
}

/**
 * Why a node's address and an SVI cannot talk, or undefined when they can: one of the node's cables must end in a port of the SVI's
 * segment, the tag must be what the SVI's mode expects, and both must be in one subnet. The segment of a floating SVI spans all leaves
 * (paper, floating SVI), that of a standard SVI is one path.
 */
export function separation(node: NodeAddress, svi: LeafSvi): string | undefined {
  if (!node.ports.some((port) => svi.ports.has(port))) return `${node.node} is on no port of the SVI of leaf ${svi.leaf.id}`;
  const tagged = node.tag === svi.vlan;
  const fits =
    svi.mode === "untagged" ? node.tag === undefined : svi.mode === "native" ? tagged || node.tag === undefined : tagged;
  if (!fits) {
    const sent = node.tag === undefined ? "untagged" : `with tag ${node.tag}`;
    return `${node.node} sends ${sent}, the SVI is VLAN ${svi.vlan} (${svi.mode})`;
  }
  if (!isHostIn(node.address, svi.network) || !isHostIn(svi.address, node.address)) {
    return `${withoutLength(node.address)} and ${svi.address} are not in one subnet`;
  }
  return undefined;
}
