import { type Family, networkOf } from "../../../lab/bgp/prefix.ts";
import type { Design } from "./design-choices.ts";

/** Host `index` (0 is the first) of 192.168.0.0/16 or of fd00::/16, counted from a start. */
function v4(start: number, index: number): string {
  const number = start + index;
  return `192.168.${number >> 8}.${number & 255}`;
}

/** A node's address with length, from 192.168.2.1 on; or the first of its /29 or /125. */
export function nodeAddress(design: Pick<Design, "svi">, family: Family, index: number): string {
  if (design.svi === "floating") {
    const host = index < 200 ? index + 1 : index + 57;
    return family === "ipv4" ? `${v4(512, host)}/23` : `fd00:2::${(4096 + index).toString(16)}/64`;
  }
  return family === "ipv4" ? `${v4(1024 + index * 8, 1)}/29` : `fd00:5::${(index * 8 + 1).toString(16)}/125`;
}

/** Addresses of both leaves of a node's path, and the secondary one, with length. */
export function leafAddresses(
  design: Pick<Design, "svi">,
  family: Family,
  index: number,
): { readonly a: string; readonly b: string; readonly secondary: string } {
  const host = (offset: number) =>
    family === "ipv4" ? `${v4(1024 + index * 8, offset)}/29` : `fd00:5::${(index * 8 + offset).toString(16)}/125`;
  if (design.svi === "floating") throw new Error("a floating SVI has no path");
  return { a: host(4), b: host(5), secondary: host(6) };
}

/** A leaf's address on the floating SVI, with length. */
export function anchorAddress(family: Family, leafId: number): string {
  return family === "ipv4" ? `192.168.2.${leafId}/23` : `fd00:2::${leafId.toString(16)}/64`;
}

/** VLAN of a node. */
export function vlanOf(design: Pick<Design, "svi" | "vlan">, index: number): number {
  return design.svi === "floating" ? design.vlan : 311 + index;
}

/** Leaves of a node's rack, the lower first. */
export function rackOf(index: number): readonly [number, number] {
  return index % 2 === 0 ? [201, 202] : [203, 204];
}

/** What a node peers with: leaf and its address, for each family. */
export function peersOf(
  design: Pick<Design, "svi" | "families">,
  index: number,
): readonly { readonly leaf: number; readonly family: Family; readonly address: string }[] {
  return design.families.flatMap((family) =>
    rackOf(index).map((leaf, side) => {
      const path = design.svi === "floating" ? undefined : leafAddresses(design, family, index);
      const address = path === undefined ? anchorAddress(family, leaf) : side === 0 ? path.a : path.b;
      return { leaf, family, address: address.split("/")[0] ?? "" };
    }),
  );
}

/** Prefix of pods of a node: kube-router's and Cilium's pod CIDRs, or a Calico block. */
export function podPrefix(family: Family, index: number, block = 0): string {
  return family === "ipv4" ? blockOf(index, block) : networkOf(`fd00:10::${((index + block * 256) * 64).toString(16)}/122`);
}

/** The /26 that is block `block` of node `index`. */
export function blockOf(index: number, block: number): string {
  const number = index + block * 32;
  return `10.1.${Math.floor(number / 4) % 256}.${(number % 4) * 64}/26`;
}
