import type { LabObject } from "../parts.ts";
import { rnOf } from "./dn.ts";
import { type LeafInterface, nodeAttachment, nodeTimers, onlyChild } from "./l3out-view.ts";
import { normalAddress } from "./property-value.ts";
import { targetOf } from "./relation.ts";
import type { SwitchObject } from "./switch-object.ts";
import type { Tree } from "./tree.ts";

/**
 * BGP as the leaves run it by configuration alone: the VRF's domain with the timers and ECMP widths in force, and the configured
 * peers (aci-objects 6.1, 9.11). `interfaces` are those the leaves deployed. Sessions and counters are the BGP model's to report.
 */
export function leafBgp(tree: Tree, interfaces: readonly LeafInterface[], asn: number): readonly SwitchObject[] {
  const objects = new Map<string, SwitchObject>();
  const put = (className: string, dn: string, attributes: Readonly<Record<string, string>> = {}): string => {
    objects.set(dn, { className, dn, attributes });
    return dn;
  };
  for (const one of interfaces) {
    const { out, vrf, nodeProfile, nodeDn } = one;
    if (vrf === undefined || nodeProfile === undefined || tree.get(nodeDn) === undefined) continue;
    const attachment = nodeAttachment(tree, nodeProfile, nodeDn);
    if (attachment === undefined || onlyChild(tree, out.dn, "bgpExtP") === undefined) continue;
    put("bgpEntity", `${nodeDn}/sys/bgp`);
    put("bgpInst", `${nodeDn}/sys/bgp/inst`, { asn: String(asn) });
    const name = `${rnOf(tenantOf(vrf)).slice("tn-".length)}:${vrf.attributes.name}`;
    const domain = `${nodeDn}/sys/bgp/inst/dom-${name}`;
    if (!objects.has(domain)) {
      const rtrId = attachment.attributes.rtrId ?? "";
      const timers = nodeTimers(tree, nodeProfile) ?? targetOf(tree, onlyChild(tree, vrf.dn, "fvRsBgpCtxPol"));
      const {
        holdIntvl = "180",
        kaIntvl = "60",
        maxAsLimit = "0",
        grCtrl = "helper",
        staleIntvl = "default",
      } = timers?.attributes ?? {};
      put("bgpDom", domain, { name, rtrId, operRtrId: rtrId, operSt: "up", holdIntvl, kaIntvl, maxAsLimit });
      put("bgpGr", `${domain}/gr`, { ctrl: grCtrl, staleIntvl });
      for (const af of ["ipv4-ucast", "ipv6-ucast"]) put("bgpDomAf", `${domain}/af-${af}`, ecmp(tree, vrf, af));
    }
    for (const peer of peersOf(tree, one)) putPeer(tree, peer, domain, put);
  }
  return [...objects.values()];
}

function tenantOf(vrf: LabObject): string {
  return vrf.dn.slice(0, vrf.dn.indexOf("/ctx-"));
}

/** ECMP widths of the VRF for an address family (steps 11 and 12). */
function ecmp(tree: Tree, vrf: LabObject, af: string): Readonly<Record<string, string>> {
  const relation = tree.childrenOf(vrf.dn, "fvRsCtxToBgpCtxAfPol").find((one) => one.attributes.af === af);
  const { maxEcmp = "16", maxEcmpIbgp = "16", maxLocalEcmp = "0" } = targetOf(tree, relation)?.attributes ?? {};
  return { maxEcmp, maxEcmpIbgp, maxLocalEcmp };
}

/** Peers below the interface and below the node profile. */
function peersOf(tree: Tree, one: LeafInterface): readonly LabObject[] {
  const below = one.nodeProfile === undefined ? [] : tree.childrenOf(one.nodeProfile.dn, "bgpPeerP");
  return [...tree.childrenOf(one.object.dn, "bgpPeerP"), ...below];
}

function putPeer(
  tree: Tree,
  peer: LabObject,
  domain: string,
  put: (className: string, dn: string, attributes?: Readonly<Record<string, string>>) => string,
): void {
  const { addr = "", adminSt = "enabled", ttl = "1", ctrl = "", allowedSelfAsCnt = "3", weight = "0" } = peer.attributes;
  const asn = onlyChild(tree, peer.dn, "bgpAsP")?.attributes.asn ?? "0";
  const passwdSet = (peer.secure.password ?? "") === "" ? "disabled" : "enabled";
  const at = withLength(addr);
  const dn = put("bgpPeer", `${domain}/peer-[${at}]`, { addr: at, asn, adminSt, ttl, passwdSet });
  const af = addr.includes(":") ? "ipv6-ucast" : "ipv4-ucast";
  const afDn = put("bgpPeerAf", `${dn}/af-${af}`, { ctrl, allowedSelfAsCnt, weight });
  const limits = targetOf(tree, onlyChild(tree, peer.dn, "bgpRsPeerPfxPol"));
  if (limits === undefined) return;
  const { action = "reject", maxPfx = "20000", thresh = "75", restartTime = "infinite" } = limits.attributes;
  put("bgpMaxPfxP", `${afDn}/maxpfxp`, { action, maxPfx, thresh, restartTime });
}

/** Host peers show with /32 or /128 on the leaf, subnets as they are (aci-objects 6.1). */
function withLength(addr: string): string {
  const normal = normalAddress(addr) ?? addr;
  if (normal.includes("/") || normal === "") return normal;
  return `${normal}/${normal.includes(":") ? 128 : 32}`;
}
