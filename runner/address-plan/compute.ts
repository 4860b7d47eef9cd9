import type { Diagnostic } from "../diagnostic.ts";
import type { CheckedHost } from "../load/inventory-rule.ts";
import { readAddress } from "../subnet.ts";
import { type Cabling, portsOf, readCabling, vpcPairsOf } from "./cabling.ts";
import { type FamilyInput, readFamilies } from "./families.ts";
import { floatingAddresses } from "./floating.ts";
import { type PlanInput, rackOf, readInput } from "./input.ts";
import type { AddressPlan, FamilyPlan, NodePlan, PlannedSession, SviPath } from "./plan.ts";
import { standardAddresses } from "./standard.ts";
import { floatingVlans, standardVlans } from "./vlans.ts";

/** The plan of an inventory; empty when the inventory lacks something or is wrong. */
export interface ComputedPlan {
  readonly plan: AddressPlan;
  /** What the inventory does not give, in its own words: `cluster.node_subnet`. No mistake as such: a playbook may not need a plan. */
  readonly lacks: readonly string[];
  readonly wrong: readonly Diagnostic[];
}

/** A family with what was derived for it. */
interface Addressed {
  readonly plan: FamilyPlan;
  /** By node: its address and its gateway, both with prefix length. */
  readonly nodes: ReadonlyMap<string, { readonly address: string; readonly gateway: string }>;
  /** The address of a leaf that a node peers with, with prefix length. */
  readonly leafFor: (cable: Cabling, leaf: number) => string | undefined;
}

/** Derives all addresses, VLANs, paths and sessions from the known variables of an inventory's hosts (paper, section *IP allocation*). */
export function computePlan(hosts: readonly CheckedHost[]): ComputedPlan {
  const { input, lacks } = readInput(hosts);
  const svi = input.says("l3out")?.known.l3out?.svi ?? "floating";
  const none = emptyPlan(svi);
  if (lacks.length > 0) return { plan: none, lacks, wrong: [] };
  const { families, wrong: wrongFamilies } = readFamilies(input);
  const { cabling, wrong: wrongCabling } = readCabling(svi, input.nodes, input.leaves);
  const { vlans, wrong: wrongVlans } = svi === "floating" ? floatingVlans(input) : standardVlans(input, cabling);
  const wrong: Diagnostic[] = [...wrongFamilies, ...wrongCabling, ...wrongVlans];
  const addressed = families.flatMap((family) => {
    const made = svi === "floating" ? withFloating(family, input, cabling) : withStandard(family, input, cabling, vlans);
    wrong.push(...made.wrong);
    return made.value ?? [];
  });
  if (wrong.length > 0) return { plan: none, lacks, wrong };
  const plan: AddressPlan = {
    svi,
    families: addressed.map((family) => family.plan),
    nodes: cabling.map((cable) => nodePlan(cable, addressed, vlans)),
    leaves: input.leaves.map((leaf) => leaf.plan),
    sessions: addressed.flatMap((family) => cabling.flatMap((cable) => sessionsOf(family, cable))),
    ports: portsOf(cabling),
    vpc_pairs: vpcPairsOf(cabling),
    prefixes: [...new Set(addressed.flatMap((family) => family.plan.prefixes))],
  };
  return { plan, lacks, wrong };
}

/** A plan of nothing: of an inventory that gives too little for one. */
export function emptyPlan(svi: AddressPlan["svi"]): AddressPlan {
  return { svi, families: [], nodes: [], leaves: [], sessions: [], ports: [], vpc_pairs: [], prefixes: [] };
}

type Made = { readonly value: Addressed | undefined; readonly wrong: readonly Diagnostic[] };

function withFloating(family: FamilyInput, input: PlanInput, cabling: readonly Cabling[]): Made {
  const made = floatingAddresses(family, input.nodes, input.leaves, otherAddresses(input, family));
  if (!made.ok) return { value: undefined, wrong: [made.wrong] };
  const { nodes, anchors, floating, secondary } = made.value;
  const plan: FamilyPlan = {
    family: family.family,
    ...family.written,
    floating_address: floating,
    secondary_address: secondary,
    anchors: input.leaves.map(({ plan: leaf }) => ({ node_id: leaf.node_id, address: anchors.get(leaf.name) ?? "" })),
    paths: [],
  };
  const ofNodes = cabling.map(({ node }) => [node.name, { address: nodes.get(node.name) ?? "", gateway: secondary }] as const);
  const leafFor: Addressed["leafFor"] = (_cable, leaf) => plan.anchors.find(({ node_id }) => node_id === leaf)?.address;
  return { value: { plan, nodes: new Map(ofNodes), leafFor }, wrong: [] };
}

function withStandard(
  family: FamilyInput,
  input: PlanInput,
  cabling: readonly Cabling[],
  vlans: ReadonlyMap<string, number>,
): Made {
  const { paths, wrong } = standardAddresses(family, input.nodes);
  const made = new Map<string, SviPath>();
  const ofNodes = new Map<string, { readonly address: string; readonly gateway: string }>();
  for (const { node, leaves, type, interface: port } of cabling) {
    const addresses = paths.get(node.name);
    const vlan = vlans.get(node.name);
    if (addresses === undefined || vlan === undefined || type === undefined) continue;
    ofNodes.set(node.name, { address: addresses.node, gateway: addresses.secondary });
    made.set(node.name, {
      node: node.name,
      type,
      leaves: leaves.map(({ plan }) => plan.node_id),
      interface: port,
      vlan,
      addresses: addresses.leaves.slice(0, leaves.length),
      secondary_address: addresses.secondary,
      peer: withoutLength(addresses.node),
    });
  }
  const plan: FamilyPlan = { family: family.family, ...family.written, anchors: [], paths: [...made.values()] };
  const leafFor: Addressed["leafFor"] = ({ node }, leaf) => {
    const path = made.get(node.name);
    return path?.addresses[path.leaves.indexOf(leaf)];
  };
  return { value: { plan, nodes: ofNodes, leafFor }, wrong };
}

/** Addresses in the node subnet that the inventory gives to no host: the API server that the CNI is told to use. */
function otherAddresses({ says }: PlanInput, { family }: FamilyInput): readonly bigint[] {
  const placed = readAddress(says("cni")?.known.cni?.kubernetes_api?.host ?? "");
  return placed?.subnet.family === family ? [placed.value] : [];
}

function nodePlan({ node, leaves }: Cabling, families: readonly Addressed[], vlans: ReadonlyMap<string, number>): NodePlan {
  const own = families.flatMap(({ nodes }) => nodes.get(node.name) ?? []);
  return {
    name: node.name,
    rack_id: rackOf(node.known.rack_id),
    addresses: own.map(({ address }) => address),
    gateways: own.map(({ gateway }) => withoutLength(gateway)),
    vlan: vlans.get(node.name) ?? null,
    leaves: leaves.map(({ plan }) => plan.name),
  };
}

function sessionsOf({ plan, nodes, leafFor }: Addressed, cable: Cabling): readonly PlannedSession[] {
  const own = nodes.get(cable.node.name);
  if (own === undefined) return [];
  return cable.leaves.flatMap(({ plan: leaf }): PlannedSession[] => {
    const peer = leafFor(cable, leaf.node_id);
    if (peer === undefined) return [];
    return [
      {
        node: cable.node.name,
        rack_id: rackOf(cable.node.known.rack_id),
        leaf: leaf.name,
        leaf_id: leaf.node_id,
        family: plan.family,
        peer_address: withoutLength(peer),
        local_address: withoutLength(own.address),
      },
    ];
  });
}

function withoutLength(address: string): string {
  return address.split("/", 1)[0] ?? address;
}
