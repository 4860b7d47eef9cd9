import { relativeNames } from "./dn.ts";

/** What has to be known about a class before an object of it exists. */
export interface ClassFacts {
  /** How the relative name is made: `{property}` stands for the naming property. */
  readonly rn: string;
  /** The server makes it together with its parent; deleting it only resets it. */
  readonly implicit?: true;
  /** What the server fills in for settable properties that were not sent; those that are not listed become empty text. */
  readonly defaults: Readonly<Record<string, string>>;
}

/**
 * The classes that task types write (facts section 3; a test holds this table against the model's own metadata). Check mode needs the
 * defaults: a later task may change what an earlier one left to the server, such as `l3extOut.enforceRtctrl`.
 */
export const classTable: Readonly<Record<string, ClassFacts>> = {
  bgpAsP: { rn: "as", defaults: {} },
  bgpCtxAfPol: {
    rn: "bgpCtxAfP-{name}",
    defaults: { eDist: "20", iDist: "200", localDist: "220", maxEcmp: "16", maxEcmpIbgp: "16", maxLocalEcmp: "0" },
  },
  bgpCtxPol: {
    rn: "bgpCtxP-{name}",
    defaults: { grCtrl: "helper", holdIntvl: "180", kaIntvl: "60", maxAsLimit: "0", staleIntvl: "default" },
  },
  bgpExtP: { rn: "bgpExtP", defaults: {} },
  bgpPeerP: {
    rn: "peerP-[{addr}]",
    defaults: { addrTCtrl: "af-ucast", adminSt: "enabled", allowedSelfAsCnt: "3", ttl: "1", weight: "0" },
  },
  bgpPeerPfxPol: { rn: "bgpPfxP-{name}", defaults: { action: "reject", maxPfx: "20000", restartTime: "infinite", thresh: "75" } },
  bgpProtP: { rn: "protp", defaults: {} },
  bgpRsBgpNodeCtxPol: { rn: "rsbgpNodeCtxPol", implicit: true, defaults: {} },
  bgpRsPeerPfxPol: { rn: "rspeerPfxPol", implicit: true, defaults: {} },
  fabricExplicitGEp: { rn: "expgep-{name}", defaults: { id: "0" } },
  fabricNodePEp: { rn: "nodepep-{id}", defaults: { podId: "1" } },
  fabricProtPol: { rn: "protpol", implicit: true, defaults: { name: "default", pairT: "explicit" } },
  fvCtx: {
    rn: "ctx-{name}",
    defaults: {
      bdEnforcedEnable: "no",
      ipDataPlaneLearning: "enabled",
      knwMcastAct: "permit",
      pcEnfDir: "ingress",
      pcEnfPref: "enforced",
      vrfIndex: "0",
    },
  },
  fvRsCons: { rn: "rscons-{tnVzBrCPName}", defaults: { intent: "install", prio: "unspecified" } },
  fvRsConsIf: { rn: "rsconsIf-{tnVzCPIfName}", defaults: { prio: "unspecified" } },
  fvRsCtxToBgpCtxAfPol: { rn: "rsctxToBgpCtxAfPol-[{tnBgpCtxAfPolName}]-{af}", defaults: {} },
  fvRsIntraEpg: { rn: "rsintraEpg-{tnVzBrCPName}", defaults: { intent: "install" } },
  fvRsProv: { rn: "rsprov-{tnVzBrCPName}", defaults: { intent: "install", matchT: "AtleastOne", prio: "unspecified" } },
  fvnsEncapBlk: { rn: "from-[{from}]-to-[{to}]", defaults: { allocMode: "inherit", role: "external" } },
  fvnsVlanInstP: { rn: "vlanns-[{name}]-{allocMode}", defaults: {} },
  infraAccBndlGrp: { rn: "accbundle-{name}", defaults: { lagT: "link" } },
  infraAccPortGrp: { rn: "accportgrp-{name}", defaults: {} },
  infraAccPortP: { rn: "accportprof-{name}", defaults: {} },
  infraAttEntityP: { rn: "attentp-{name}", defaults: {} },
  infraHPortS: { rn: "hports-{name}-typ-{type}", defaults: {} },
  infraLeafS: { rn: "leaves-{name}-typ-{type}", defaults: {} },
  infraNodeBlk: { rn: "nodeblk-{name}", defaults: { from_: "1", to_: "1" } },
  infraNodeP: { rn: "nprof-{name}", defaults: {} },
  infraPortBlk: { rn: "portblk-{name}", defaults: { fromCard: "1", fromPort: "1", toCard: "1", toPort: "1" } },
  infraPortConfig: {
    rn: "portconfnode-{node}-card-{card}-port-{port}-sub-{subPort}",
    defaults: { brkoutMap: "none", connectedFex: "unspecified", role: "leaf", shutdown: "no" },
  },
  infraRsAccBaseGrp: { rn: "rsaccBaseGrp", defaults: { fexId: "101" } },
  infraRsAccPortP: { rn: "rsaccPortP-[{tDn}]", defaults: {} },
  infraRsAttEntP: { rn: "rsattEntP", defaults: {} },
  infraRsDomP: { rn: "rsdomP-[{tDn}]", defaults: {} },
  infraRsLacpPol: { rn: "rslacpPol", implicit: true, defaults: {} },
  infraRsVlanNs: { rn: "rsvlanNs", defaults: {} },
  l3extDomP: { rn: "l3dom-{name}", defaults: {} },
  l3extInstP: {
    rn: "instP-{name}",
    defaults: {
      floodOnEncap: "disabled",
      matchT: "AtleastOne",
      pcEnfPref: "unenforced",
      prefGrMemb: "exclude",
      prio: "unspecified",
      targetDscp: "unspecified",
    },
  },
  l3extIp: { rn: "addr-[{addr}]", defaults: { ipv6Dad: "enabled" } },
  l3extLIfP: { rn: "lifp-{name}", defaults: { prio: "unspecified", tag: "yellow-green" } },
  l3extLNodeP: { rn: "lnodep-{name}", defaults: { tag: "yellow-green", targetDscp: "unspecified" } },
  l3extMember: { rn: "mem-{side}", defaults: { addr: "0.0.0.0", ipv6Dad: "enabled", llAddr: "::" } },
  l3extOut: { rn: "out-{name}", defaults: { enforceRtctrl: "export", mplsEnabled: "no", targetDscp: "unspecified" } },
  l3extRsDynPathAtt: {
    rn: "rsdynPathAtt-[{tDn}]",
    defaults: {
      encap: "unknown",
      floatingAddr: "0.0.0.0",
      forgedTransmit: "Disabled",
      macChange: "Disabled",
      promMode: "Disabled",
    },
  },
  l3extRsEctx: { rn: "rsectx", defaults: {} },
  l3extRsL3DomAtt: { rn: "rsl3DomAtt", defaults: {} },
  l3extRsNodeL3OutAtt: { rn: "rsnodeL3OutAtt-[{tDn}]", defaults: { rtrId: "0.0.0.0", rtrIdLoopBack: "yes" } },
  l3extRsPathL3OutAtt: {
    rn: "rspathL3OutAtt-[{tDn}]",
    defaults: {
      addr: "0.0.0.0",
      autostate: "disabled",
      encap: "unknown",
      encapScope: "local",
      ifInstT: "unspecified",
      ipv6Dad: "enabled",
      isMultiPodDirect: "no",
      llAddr: "::",
      mac: "00:22:BD:F8:19:FF",
      mode: "regular",
      mtu: "inherit",
      targetDscp: "unspecified",
    },
  },
  l3extSubnet: { rn: "extsubnet-[{ip}]", defaults: { scope: "import-security" } },
  l3extVirtualLIfP: {
    rn: "vlifp-[{nodeDn}]-[{encap}]",
    defaults: {
      addr: "0.0.0.0",
      autostate: "disabled",
      encapScope: "local",
      ifInstT: "ext-svi",
      ipv6Dad: "enabled",
      llAddr: "::",
      mac: "00:22:BD:F8:19:FF",
      mode: "regular",
      mtu: "inherit",
      targetDscp: "unspecified",
    },
  },
  lacpLagPol: {
    rn: "lacplagp-{name}",
    defaults: { ctrl: "fast-sel-hot-stdby,graceful-conv,susp-individual", maxLinks: "16", minLinks: "1", mode: "off" },
  },
  physDomP: { rn: "phys-{name}", defaults: {} },
  rtctrlCtxP: { rn: "ctx-{name}", defaults: { action: "permit", order: "0" } },
  rtctrlMatchRtDest: { rn: "dest-[{ip}]", defaults: { aggregate: "no", fromPfxLen: "0", toPfxLen: "0" } },
  rtctrlProfile: { rn: "prof-{name}", defaults: { autoContinue: "no", type: "combinable" } },
  rtctrlRsCtxPToSubjP: { rn: "rsctxPToSubjP-{tnRtctrlSubjPName}", defaults: {} },
  rtctrlSubjP: { rn: "subj-{name}", defaults: {} },
  tagAnnotation: { rn: "annotationKey-[{key}]", defaults: {} },
  vzBrCP: {
    rn: "brc-{name}",
    defaults: { intent: "install", prio: "unspecified", scope: "context", targetDscp: "unspecified" },
  },
  vzCPIf: { rn: "cif-{name}", defaults: {} },
  vzEntry: {
    rn: "e-{name}",
    defaults: {
      applyToFrag: "no",
      arpOpc: "unspecified",
      dFromPort: "unspecified",
      dToPort: "unspecified",
      etherT: "unspecified",
      icmpv4T: "unspecified",
      icmpv6T: "unspecified",
      matchDscp: "unspecified",
      prot: "unspecified",
      sFromPort: "unspecified",
      sToPort: "unspecified",
      stateful: "no",
    },
  },
  vzFilter: { rn: "flt-{name}", defaults: {} },
  vzRsAnyToCons: { rn: "rsanyToCons-{tnVzBrCPName}", defaults: { intent: "install", prio: "unspecified" } },
  vzRsAnyToConsIf: { rn: "rsanyToConsIf-{tnVzCPIfName}", defaults: { prio: "unspecified" } },
  vzRsAnyToProv: {
    rn: "rsanyToProv-{tnVzBrCPName}",
    defaults: { intent: "install", matchT: "AtleastOne", prio: "unspecified" },
  },
  vzRsIf: { rn: "rsif", defaults: { intent: "install", prio: "unspecified" } },
  vzRsSubjFiltAtt: { rn: "rssubjFiltAtt-{tnVzFilterName}", defaults: { action: "permit", priorityOverride: "default" } },
  vzRsSubjGraphAtt: { rn: "rsSubjGraphAtt", defaults: {} },
  vzSubj: {
    rn: "subj-{name}",
    defaults: {
      consMatchT: "AtleastOne",
      prio: "unspecified",
      provMatchT: "AtleastOne",
      revFltPorts: "yes",
      targetDscp: "unspecified",
    },
  },
};

/** What the server holds in a property of an object that exists but was never given that property. */
export function defaultOf(className: string, property: string): string {
  return classTable[className]?.defaults[property] ?? "";
}

/**
 * Relative name of a child whose answer does not carry `rn` (config-only answers of some releases leave it out). Undefined for
 * classes that are not in the table.
 */
export function relativeName(className: string, attributes: Readonly<Record<string, string>>): string | undefined {
  const facts = classTable[className];
  return facts?.rn.replace(/\{(\w+)\}/g, (_whole, property: string) => attributes[property] ?? "");
}

/** A property of an object, also one that only its name tells: an object that was laid over by a plan does not repeat its name. */
export function propertyOf(
  {
    className,
    dn,
    attributes,
  }: { readonly className: string; readonly dn: string; readonly attributes: Readonly<Record<string, string>> },
  property: string,
): string | undefined {
  return attributes[property] ?? namingValues(className, relativeNames(dn).at(-1) ?? "")[property];
}

function namingValues(className: string, rn: string): Readonly<Record<string, string>> {
  const form = classTable[className]?.rn;
  if (form === undefined) return {};
  const pattern = form.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>.+)");
  return { ...new RegExp(`^${pattern}$`).exec(rn)?.groups };
}
