import type { LabObject } from "../parts.ts";
import { namedTarget, type PolicyTree } from "./policy-tree.ts";
import { isHost } from "./prefix.ts";

/** A BGP neighbour as one leaf has it (bgpPeerP and what hangs on it). */
export interface LeafPeer {
  /** Host address, or a subnet whose hosts may all connect (dynamic neighbours). */
  readonly address: string;
  readonly dynamic: boolean;
  readonly remoteAs: number;
  /** What the leaf calls itself: the fabric's AS, or bgpLocalAsnP's. */
  readonly localAs: number;
  readonly asOverride: boolean;
  readonly disablePeerAsCheck: boolean;
  readonly password: string | undefined;
  readonly enabled: boolean;
  readonly prefixLimit: { readonly max: number; readonly action: string } | undefined;
}

/** Reads a bgpPeerP. `asn`: the fabric's AS. */
export function readPeer(tree: PolicyTree, peer: LabObject, asn: number): LeafPeer {
  const { addr = "", ctrl = "", adminSt } = peer.attributes;
  const flags = new Set(ctrl.split(","));
  const local = tree.children(peer.dn, "bgpLocalAsnP")[0]?.attributes.localAsn;
  const limitName = tree.children(peer.dn, "bgpRsPeerPfxPol")[0]?.attributes.tnBgpPeerPfxPolName ?? "";
  const limit = limitName === "" ? undefined : namedTarget(tree, peer.dn, `bgpPfxP-${limitName}`)?.attributes;
  const password = peer.secure.password ?? "";
  return {
    address: addr,
    dynamic: !isHost(addr),
    remoteAs: Number(tree.children(peer.dn, "bgpAsP")[0]?.attributes.asn ?? 0),
    localAs: local === undefined ? asn : Number(local),
    asOverride: flags.has("as-override"),
    disablePeerAsCheck: flags.has("dis-peer-as-check"),
    password: password === "" ? undefined : password,
    enabled: adminSt !== "disabled",
    prefixLimit: limit === undefined ? undefined : { max: Number(limit.maxPfx ?? 20000), action: limit.action ?? "reject" },
  };
}
