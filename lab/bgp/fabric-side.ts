import type { LabObject } from "../parts.ts";
import type { LabLeaf } from "../spec.ts";
import { ancestor, namedTarget, type PolicyTree, policyTree } from "./policy-tree.ts";
import { type RoutePolicy, routePolicy } from "./route-policy.ts";

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

/** BGP settings of a VRF on a leaf (bgpDom). */
export interface LeafDomain {
  readonly keepalive: number;
  readonly hold: number;
  /** 0: no limit. */
  readonly maxAsLimit: number;
  readonly maxEcmp: number;
  readonly maxEcmpIbgp: number;
  readonly routerId: string;
}

/** A floating SVI deployed on an anchor leaf. */
export interface LeafSvi {
  readonly leaf: LabLeaf;
  /** `T:V`, as the leaf names it. */
  readonly vrf: string;
  /** DN of the L3Out: its floating SVIs of one VLAN are one layer-2 segment over all leaves. */
  readonly out: string;
  readonly vlan: number;
  /** regular: tagged; native: either; untagged. */
  readonly mode: string;
  /** Primary address with length. */
  readonly address: string;
  readonly secondaries: readonly string[];
  readonly bgp: boolean;
  readonly peers: readonly LeafPeer[];
  readonly domain: LeafDomain;
  readonly imports: RoutePolicy;
  readonly exports: RoutePolicy;
}

/** What the APIC's tree makes of the leaves: the floating SVIs that are deployed (paper steps 3 to 14). Standard SVIs are not modelled. */
export function fabricSide(objects: ReadonlyMap<string, LabObject>, leaves: readonly LabLeaf[], asn: number): LeafSvi[] {
  const tree = policyTree(objects);
  const svis: LeafSvi[] = [];
  for (const svi of tree.ofClass("l3extVirtualLIfP")) {
    const leaf = leaves.find(({ pod, id }) => svi.attributes.nodeDn === `topology/pod-${pod}/node-${id}`);
    if (leaf !== undefined) {
      const read = readSvi(tree, svi, leaf, asn);
      if (read !== undefined) svis.push(read);
    }
  }
  return svis;
}

function readSvi(tree: PolicyTree, svi: LabObject, leaf: LabLeaf, asn: number): LeafSvi | undefined {
  const out = ancestor(tree, svi.dn, "l3extOut");
  const profile = ancestor(tree, svi.dn, "l3extLNodeP");
  const nodeDn = svi.attributes.nodeDn ?? "";
  const attachment =
    profile === undefined
      ? undefined
      : tree.children(profile.dn, "l3extRsNodeL3OutAtt").find((relation) => relation.attributes.tDn === nodeDn);
  const vlan = /^vlan-(\d+)$/.exec(svi.attributes.encap ?? "")?.[1];
  if (out === undefined || profile === undefined || attachment === undefined || vlan === undefined) return undefined;
  const context = tree.children(out.dn, "l3extRsEctx")[0];
  const vrf = context === undefined ? undefined : namedTarget(tree, context.dn, `ctx-${context.attributes.tnFvCtxName ?? ""}`);
  if (vrf === undefined || !isDeployed(tree, svi, nodeDn, Number(vlan))) return undefined;
  return {
    leaf,
    vrf: vrf.dn.replace(/^uni\/tn-([^/]+)\/ctx-/, "$1:"),
    out: out.dn,
    vlan: Number(vlan),
    mode: svi.attributes.mode ?? "regular",
    address: svi.attributes.addr ?? "",
    secondaries: tree.children(svi.dn, "l3extIp").map((address) => address.attributes.addr ?? ""),
    bgp: tree.children(out.dn, "bgpExtP").length > 0,
    peers: tree.children(svi.dn, "bgpPeerP").map((peer) => readPeer(tree, peer, asn)),
    domain: readDomain(tree, profile, vrf, attachment.attributes.rtrId ?? ""),
    imports: routePolicy(tree, out, "import"),
    exports: routePolicy(tree, out, "export"),
  };
}

/** The VLAN must be in the pool behind a physical domain of the SVI, and the leaf must not have refused it (F0467). */
function isDeployed(tree: PolicyTree, svi: LabObject, nodeDn: string, vlan: number): boolean {
  const pools = tree
    .children(svi.dn, "l3extRsDynPathAtt")
    .flatMap((relation) => tree.children(relation.attributes.tDn ?? "", "infraRsVlanNs"))
    .map((relation) => relation.attributes.tDn ?? "");
  const number = (encap: string | undefined) => Number(encap?.replace("vlan-", ""));
  const allowed = pools
    .flatMap((pool) => tree.children(pool, "fvnsEncapBlk"))
    .some(({ attributes }) => number(attributes.from) <= vlan && vlan <= number(attributes.to));
  const refused = tree
    .ofClass("faultInst")
    .some(({ dn }) => dn.endsWith("/fault-F0467") && (dn.startsWith(`${svi.dn}/`) || isBelowLeaf(dn, nodeDn, svi.dn)));
  return allowed && !refused;
}

/** Where the leaf keeps its deployment faults: `…/sys-or-local/…/rtd-[<policy DN>]/nwissues` (aci-objects 3.4). */
function isBelowLeaf(fault: string, nodeDn: string, policy: string): boolean {
  return fault.startsWith(`${nodeDn}/`) && fault.includes(`[${policy}]`);
}

function readPeer(tree: PolicyTree, peer: LabObject, asn: number): LeafPeer {
  const { addr = "", ctrl = "", adminSt } = peer.attributes;
  const flags = new Set(ctrl.split(","));
  const local = tree.children(peer.dn, "bgpLocalAsnP")[0]?.attributes.localAsn;
  const limitName = tree.children(peer.dn, "bgpRsPeerPfxPol")[0]?.attributes.tnBgpPeerPfxPolName ?? "";
  const limit = limitName === "" ? undefined : namedTarget(tree, peer.dn, `bgpPfxP-${limitName}`)?.attributes;
  const password = peer.secure.password ?? "";
  return {
    address: addr,
    dynamic: addr.includes("/") && !addr.endsWith("/32"),
    remoteAs: Number(tree.children(peer.dn, "bgpAsP")[0]?.attributes.asn ?? 0),
    localAs: local === undefined ? asn : Number(local),
    asOverride: flags.has("as-override"),
    disablePeerAsCheck: flags.has("dis-peer-as-check"),
    password: password === "" ? undefined : password,
    enabled: adminSt !== "disabled",
    prefixLimit: limit === undefined ? undefined : { max: Number(limit.maxPfx ?? 20000), action: limit.action ?? "reject" },
  };
}

/** Timers of the node profile, else of the VRF, else the defaults (steps 8, 9); ECMP widths of the VRF (steps 11, 12). */
function readDomain(tree: PolicyTree, profile: LabObject, vrf: LabObject, routerId: string): LeafDomain {
  const own = tree.children(`${profile.dn}/protp`, "bgpRsBgpNodeCtxPol")[0]?.attributes.tnBgpCtxPolName ?? "";
  const general = tree.children(vrf.dn, "fvRsBgpCtxPol")[0]?.attributes.tnBgpCtxPolName ?? "";
  const timers =
    (own === "" ? undefined : namedTarget(tree, profile.dn, `bgpCtxP-${own}`)) ??
    (general === "" ? undefined : namedTarget(tree, vrf.dn, `bgpCtxP-${general}`));
  const widthName = tree.children(vrf.dn, "fvRsCtxToBgpCtxAfPol").find((relation) => relation.attributes.af === "ipv4-ucast")
    ?.attributes.tnBgpCtxAfPolName;
  const widths = widthName === undefined ? undefined : namedTarget(tree, vrf.dn, `bgpCtxAfP-${widthName}`);
  return {
    keepalive: Number(timers?.attributes.kaIntvl ?? 60),
    hold: Number(timers?.attributes.holdIntvl ?? 180),
    maxAsLimit: Number(timers?.attributes.maxAsLimit ?? 0),
    maxEcmp: Number(widths?.attributes.maxEcmp ?? 16),
    maxEcmpIbgp: Number(widths?.attributes.maxEcmpIbgp ?? 16),
    routerId,
  };
}
