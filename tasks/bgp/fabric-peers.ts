import { type ManagedObject, mo } from "../../runner/connect/managed-object.ts";
import type { Secret } from "../../runner/secret.ts";
import { anchorDn } from "../aci/names.ts";
import { pathDn } from "../aci/svi-path.ts";
import type { RotationArguments } from "./arguments.ts";

/** Where the fabric's peers are. */
export type FabricPlace = Pick<RotationArguments, "tenant" | "l3out" | "node_profile" | "pod" | "vlan" | "families">;

/**
 * The BGP peers that aci.bgp_peer makes, with this password and nothing else: all of a floating SVI, those of these nodes with a standard
 * SVI, where each node has peers of its own. All are in one L3Out, so they change in one POST.
 */
export function fabricPeers(place: FabricPlace, nodes: ReadonlySet<string>, password: Secret): readonly ManagedObject[] {
  const { vlan, families } = place;
  return families.flatMap((family) => {
    const profile = { ...place, interface_profile: family.interface_profile };
    const { anchors, node_subnet: subnet, paths } = family;
    const floating =
      typeof vlan !== "number" || subnet === undefined
        ? []
        : anchors.map(({ node_id: id }) => `${anchorDn({ ...profile, vlan }, id)}/peerP-[${subnet}]`);
    const standard = paths.filter(({ node }) => nodes.has(node)).map((path) => `${pathDn(profile, path)}/peerP-[${path.peer}]`);
    return [...floating, ...standard].map((dn) => mo("bgpPeerP", dn, { password }));
  });
}

/** Whether each node has peers of its own on the fabric, so that nodes can change one after another. */
export function hasOwnPeers({ families }: FabricPlace): boolean {
  return families.every(({ paths }) => paths.length > 0);
}
