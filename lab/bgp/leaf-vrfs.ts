import type { LeafSvi } from "./fabric-side.ts";
import { type NodeAddress, separation } from "./node-side.ts";
import { withoutLength } from "./prefix.ts";

/** A VRF on a leaf, with what is on it. */
export interface LeafVrf {
  readonly leafId: number;
  readonly pod: number;
  /** `T:V` */
  readonly vrf: string;
  /** Node addresses of both families that the leaf can see on its own ports. */
  readonly neighbours: readonly { readonly node: string; readonly address: string; readonly vlan: number | undefined }[];
}

/** The VRFs of every leaf that has an SVI in them, in order of leaf and name. */
export function leafVrfs(svis: readonly LeafSvi[], addresses: readonly NodeAddress[]): LeafVrf[] {
  const byLeaf = new Map<number, NodeAddress[]>();
  for (const address of addresses) {
    for (const leaf of new Set(address.leaves)) byLeaf.set(leaf, [...(byLeaf.get(leaf) ?? []), address]);
  }
  const found = new Map<string, { readonly first: LeafSvi; readonly svis: LeafSvi[] }>();
  for (const svi of svis) {
    const key = `${svi.leaf.id} ${svi.vrf}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { first: svi, svis: [svi] });
    else known.svis.push(svi);
  }
  return [...found.values()]
    .map(({ first: { leaf, vrf }, svis: own }) => ({
      leafId: leaf.id,
      pod: leaf.pod,
      vrf,
      neighbours: (byLeaf.get(leaf.id) ?? []).flatMap((address) => {
        const svi = own.find((one) => separation(address, one) === undefined);
        const { node } = address;
        return svi === undefined ? [] : [{ node, address: withoutLength(address.address), vlan: svi.vlan }];
      }),
    }))
    .sort((a, b) => a.leafId - b.leafId || (a.vrf < b.vrf ? -1 : 1));
}
