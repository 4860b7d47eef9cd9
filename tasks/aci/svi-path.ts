import { type Static, Type } from "#typebox";
import { InterfaceAddress, NodeId, Vlan } from "./arguments.ts";
import { type InterfaceProfilePlace, interfaceProfileDn } from "./names.ts";

const Leaves = { minItems: 1, maxItems: 2 } as const;

/** One node's path of a standard SVI; the same shape as `SviPath` of the address plan, `underlay.families[].paths`. */
const SviPathItem = Type.Object(
  {
    node: Type.String({ description: "Node that the path leads to; for people" }),
    type: Type.Enum(["vpc", "port_channel", "port"], { description: "How the node is cabled" }),
    leaves: Type.Array(NodeId, { ...Leaves, uniqueItems: true, description: "Node IDs: both leaves of a vPC, else one" }),
    interface: Type.String({
      pattern: "^(eth[0-9]+(/[0-9]+){1,2}|[a-zA-Z0-9_.:-]{1,64})$",
      description: "vpc and port_channel: the policy group; port: the port, eth1/11 (pathep-[…] of l3extRsPathL3OutAtt.tDn)",
    }),
    vlan: Vlan,
    addresses: Type.Array(InterfaceAddress("Primary address (l3extMember.addr, l3extRsPathL3OutAtt.addr)"), {
      ...Leaves,
      description: "Primary address of each leaf, in the order of leaves",
    }),
    secondary_address: InterfaceAddress("Gateway of the node, the same on both leaves (l3extIp.addr)"),
    peer: Type.String({ format: "ip", description: "Address of the node, its BGP peer address (bgpPeerP.addr)" }),
  },
  {
    additionalProperties: false,
    if: { properties: { type: { const: "vpc" } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { leaves: { minItems: 2 }, addresses: { minItems: 2 } } },
    else: { properties: { leaves: { maxItems: 1 }, addresses: { maxItems: 1 } } },
  },
);

export type SviPathItem = Static<typeof SviPathItem>;

/** Argument `paths`. */
export const Paths = Type.Array(SviPathItem, {
  minItems: 1,
  description: "Standard SVI: the path of each node, as underlay.families[].paths has them",
});

interface Path {
  readonly type: SviPathItem["type"];
  readonly leaves: readonly number[];
  readonly interface: string;
}

/** The path as the fabric names it: `topology/pod-1/protpaths-101-102/pathep-[GROUP]`, `topology/pod-1/paths-101/pathep-[eth1/11]`. */
export function fabricPathDn(pod: number, path: Path): string {
  const leaves = [...path.leaves].sort((one, other) => one - other);
  return `topology/pod-${pod}/${path.type === "vpc" ? "protpaths" : "paths"}-${leaves.join("-")}/pathep-[${path.interface}]`;
}

/** The standard SVI on one path (l3extRsPathL3OutAtt). */
export function pathDn(place: InterfaceProfilePlace & { readonly pod: number }, path: Path): string {
  return `${interfaceProfileDn(place)}/rspathL3OutAtt-[${fabricPathDn(place.pod, path)}]`;
}

/** One leaf's part of a path: where its addresses hang. */
export interface PathSide {
  /** A vPC: side A is the leaf with the lower node ID (facts 3.3). Undefined: the path itself. */
  readonly side: "A" | "B" | undefined;
  readonly dn: string;
  readonly address: string;
}

/** The leaves of a path with their primary addresses: two members of a vPC, else the path itself. */
export function sidesOf(place: InterfaceProfilePlace & { readonly pod: number }, path: SviPathItem): readonly PathSide[] {
  const dn = pathDn(place, path);
  const leaves = path.leaves
    .map((leaf, index) => ({ leaf, address: path.addresses[index] ?? "" }))
    .sort((one, other) => one.leaf - other.leaf);
  return leaves.map(({ address }, index) => {
    if (path.type !== "vpc") return { side: undefined, dn, address };
    const side = index === 0 ? "A" : "B";
    return { side, dn: `${dn}/mem-${side}`, address };
  });
}
