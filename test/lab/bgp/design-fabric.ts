import type { LabObject } from "../../../lab/parts.ts";
import type { LabNode } from "../../../lab/spec.ts";
import { anchorAddress, leafAddresses, nodeAddress, rackOf, vlanOf } from "./design-addresses.ts";
import { type Design, LEAVES } from "./design-choices.ts";

const OUT = "uni/tn-k8s/out-calico";
const PROFILE = `${OUT}/lnodep-anchors`;

/** The APIC's tree after the playbook's fabric play, with prepared ports. */
export function fabricObjects(design: Design, nodes: readonly LabNode[]): Map<string, LabObject> {
  const objects = new Map<string, LabObject>();
  const put = (className: string, dn: string, attributes: Record<string, string> = {}, secure: Record<string, string> = {}) => {
    objects.set(dn, { className, dn, attributes, secure });
    return dn;
  };
  put("fvCtx", "uni/tn-k8s/ctx-calico", { name: "calico" });
  for (const af of ["ipv4-ucast", "ipv6-ucast"]) {
    const rn = `rsctxToBgpCtxAfPol-[ecmp]-${af}`;
    put("fvRsCtxToBgpCtxAfPol", `uni/tn-k8s/ctx-calico/${rn}`, { af, tnBgpCtxAfPolName: "ecmp" });
  }
  put("bgpCtxAfPol", "uni/tn-k8s/bgpCtxAfP-ecmp", { maxEcmp: design.maxEcmp, maxEcmpIbgp: design.maxEcmp });
  put("bgpCtxPol", "uni/tn-k8s/bgpCtxP-timers", { kaIntvl: "2", holdIntvl: "6", maxAsLimit: design.maxAsLimit });
  put("bgpPeerPfxPol", "uni/tn-k8s/bgpPfxP-limit", { maxPfx: design.maxPfx, action: design.limitAction });
  for (const domain of ["uni/phys-k8s", "uni/l3dom-k8s"]) {
    put("infraRsVlanNs", `${domain}/rsvlanNs`, { tDn: "uni/infra/vlanns-[k8s]-static" });
    if (design.inAaep) put("infraRsDomP", `uni/infra/attentp-k8s/rsdomP-[${domain}]`, { tDn: domain });
  }
  accessPolicies(put, design, nodes);
  const [from, to] = design.vlanPool;
  put("fvnsEncapBlk", `uni/infra/vlanns-[k8s]-static/from-[vlan-${from}]-to-[vlan-${to}]`, {
    from: `vlan-${from}`,
    to: `vlan-${to}`,
  });
  put("l3extOut", OUT, { enforceRtctrl: design.enforce });
  put("l3extRsEctx", `${OUT}/rsectx`, { tnFvCtxName: "calico" });
  put("l3extRsL3DomAtt", `${OUT}/rsl3DomAtt`, { tDn: "uni/l3dom-k8s" });
  put("bgpExtP", `${OUT}/bgpExtP`);
  put("l3extLNodeP", PROFILE);
  put("bgpProtP", `${PROFILE}/protp`);
  put("bgpRsBgpNodeCtxPol", `${PROFILE}/protp/rsbgpNodeCtxPol`, { tnBgpCtxPolName: "timers" });
  put("rtctrlSubjP", "uni/tn-k8s/subj-pods");
  for (const ip of design.matched)
    put("rtctrlMatchRtDest", `uni/tn-k8s/subj-pods/dest-[${ip}]`, { ip, aggregate: design.aggregate });
  for (const direction of ["import", "export"]) {
    const map = put("rtctrlProfile", `${OUT}/prof-default-${direction}`, { type: "combinable" });
    put("rtctrlCtxP", `${map}/ctx-k8s`, { action: "permit", order: "0" });
    put("rtctrlRsCtxPToSubjP", `${map}/ctx-k8s/rsctxPToSubjP-pods`, { tnRtctrlSubjPName: "pods" });
  }
  for (const leaf of LEAVES) {
    const nodeDn = `topology/pod-1/node-${leaf.id}`;
    put("topSystem", `${nodeDn}/sys`, { address: `10.0.0.${leaf.id}` });
    put("l3extRsNodeL3OutAtt", `${PROFILE}/rsnodeL3OutAtt-[${nodeDn}]`, { tDn: nodeDn, rtrId: `1.1.4.${leaf.id}` });
  }
  if (design.svi === "floating") floatingSvis(put, design);
  else standardSvis(put, design, nodes);
  if (design.outsideExports !== undefined) outside(put, design.outsideExports);
  return objects;
}

type Put = (className: string, dn: string, attributes?: Record<string, string>, secure?: Record<string, string>) => string;

function floatingSvis(put: Put, design: Design): void {
  for (const family of design.families) {
    for (const { id } of LEAVES) {
      const nodeDn = `topology/pod-1/node-${id}`;
      const svi = put("l3extVirtualLIfP", `${PROFILE}/lifp-svi-${family}/vlifp-[${nodeDn}]-[vlan-${design.vlan}]`, {
        nodeDn,
        encap: `vlan-${design.vlan}`,
        addr: anchorAddress(family, id),
        mode: design.mode,
      });
      put("l3extRsDynPathAtt", `${svi}/rsdynPathAtt-[uni/phys-k8s]`, { tDn: "uni/phys-k8s" });
      const secondary = family === "ipv4" ? "192.168.2.254/23" : "fd00:2::fe/64";
      put("l3extIp", `${svi}/addr-[${secondary}]`, { addr: secondary });
      putPeer(put, design, svi, family === "ipv4" ? design.peerAddress : "fd00:2::/64");
    }
  }
}

function standardSvis(put: Put, design: Design, nodes: readonly LabNode[]): void {
  for (const family of design.families) {
    for (const [index, node] of nodes.entries()) {
      const tDn = `topology/pod-1/protpaths-${rackOf(index).join("-")}/pathep-[${node.policyGroup}]`;
      const path = put("l3extRsPathL3OutAtt", `${PROFILE}/lifp-svi-${family}/rspathL3OutAtt-[${tDn}]`, {
        tDn,
        encap: `vlan-${vlanOf(design, index)}`,
        ifInstT: "ext-svi",
        addr: "0.0.0.0",
        mode: design.mode,
      });
      const { a, b, secondary } = leafAddresses(design, family, index);
      for (const [side, addr] of [
        ["A", a],
        ["B", b],
      ] as const) {
        const member = put("l3extMember", `${path}/mem-${side}`, { side, addr });
        put("l3extIp", `${member}/addr-[${secondary}]`, { addr: secondary });
      }
      putPeer(put, design, path, nodeAddress(design, family, index).split("/")[0] ?? "");
    }
  }
}

function putPeer(put: Put, design: Design, parent: string, addr: string): void {
  const peer = put(
    "bgpPeerP",
    `${parent}/peerP-[${addr}]`,
    { addr, ctrl: design.peerControl },
    { password: design.leafPassword },
  );
  put("bgpAsP", `${peer}/as`, { asn: design.leafRemoteAs });
  put("bgpRsPeerPfxPol", `${peer}/rspeerPfxPol`, { tnBgpPeerPfxPolName: "limit" });
}

/** A vPC group for each node, a profile for each leaf. */
function accessPolicies(put: Put, design: Design, nodes: readonly LabNode[]): void {
  for (const node of nodes) {
    const group = put("infraAccBndlGrp", `uni/infra/funcprof/accbundle-${node.policyGroup}`, {
      name: node.policyGroup ?? "",
      lagT: "node",
    });
    put("infraRsAttEntP", `${group}/rsattEntP`, { tDn: "uni/infra/attentp-k8s" });
  }
  for (const { id } of LEAVES) {
    const [profile, ports] = [`uni/infra/nprof-${id}`, `uni/infra/accportprof-${id}`];
    put("infraNodeP", profile);
    put("infraLeafS", `${profile}/leaves-${id}-typ-range`);
    put("infraNodeBlk", `${profile}/leaves-${id}-typ-range/nodeblk-1`, { from_: String(id), to_: String(id) });
    put("infraRsAccPortP", `${profile}/rsaccPortP-[${ports}]`, { tDn: ports });
    for (const node of nodes.filter(({ leaves }) => leaves.includes(id))) {
      const selector = put("infraHPortS", `${ports}/hports-${node.name}-typ-range`);
      const port = node.ports[node.leaves.indexOf(id)]?.split("/")[1] ?? "";
      put("infraPortBlk", `${selector}/portblk-1`, { fromCard: "1", toCard: "1", fromPort: port, toPort: port });
      put("infraRsAccBaseGrp", `${selector}/rsaccBaseGrp`, { tDn: `uni/infra/funcprof/accbundle-${node.policyGroup}` });
    }
  }
  for (const pair of design.vpcPairs ? [rackOf(0), rackOf(1)] : []) {
    const group = put("fabricExplicitGEp", `uni/fabric/protpol/expgep-${pair.join("-")}`);
    for (const id of pair) put("fabricNodePEp", `${group}/nodepep-${id}`, { id: String(id) });
  }
}

/** Somebody else's L3Out with a router behind a routed port of leaf 201. */
function outside(put: Put, exports: NonNullable<Design["outsideExports"]>): void {
  const out = put("l3extOut", "uni/tn-k8s/out-wan", { enforceRtctrl: "export" });
  put("l3extRsEctx", `${out}/rsectx`, { tnFvCtxName: "calico" });
  put("l3extRsL3DomAtt", `${out}/rsl3DomAtt`, { tDn: "uni/l3dom-wan" });
  put("bgpExtP", `${out}/bgpExtP`);
  put("l3extLNodeP", `${out}/lnodep-wan`);
  const nodeDn = "topology/pod-1/node-201";
  put("l3extRsNodeL3OutAtt", `${out}/lnodep-wan/rsnodeL3OutAtt-[${nodeDn}]`, { tDn: nodeDn, rtrId: "1.1.4.201" });
  const tDn = "topology/pod-1/paths-201/pathep-[eth1/120]";
  const port = put("l3extRsPathL3OutAtt", `${out}/lnodep-wan/lifp-router/rspathL3OutAtt-[${tDn}]`, {
    tDn,
    ifInstT: "l3-port",
    addr: "192.0.2.1/30",
  });
  const peer = put("bgpPeerP", `${port}/peerP-[192.0.2.2]`, { addr: "192.0.2.2", ctrl: "" });
  put("bgpAsP", `${peer}/as`, { asn: "64500" });
  put("l3extInstP", `${out}/instP-wan`);
  for (const [ip, aggregate] of exports) {
    if (!aggregate) {
      put("l3extSubnet", `${out}/instP-wan/extsubnet-[${ip}]`, { ip, scope: "export-rtctrl" });
      continue;
    }
    put("rtctrlSubjP", "uni/tn-k8s/subj-transit");
    put("rtctrlMatchRtDest", `uni/tn-k8s/subj-transit/dest-[${ip}]`, { ip, aggregate: "yes" });
    const map = put("rtctrlProfile", `${out}/prof-default-export`, { type: "combinable" });
    put("rtctrlCtxP", `${map}/ctx-transit`, { action: "permit", order: "0" });
    put("rtctrlRsCtxPToSubjP", `${map}/ctx-transit/rsctxPToSubjP-transit`, { tnRtctrlSubjPName: "transit" });
  }
}
