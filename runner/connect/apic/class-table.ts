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
  fvRsCtxToBgpCtxAfPol: { rn: "rsctxToBgpCtxAfPol-[{tnBgpCtxAfPolName}]-{af}", defaults: {} },
  fvRsProv: { rn: "rsprov-{tnVzBrCPName}", defaults: { intent: "install", matchT: "AtleastOne", prio: "unspecified" } },
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
  rtctrlCtxP: { rn: "ctx-{name}", defaults: { action: "permit", order: "0" } },
  rtctrlMatchRtDest: { rn: "dest-[{ip}]", defaults: { aggregate: "no", fromPfxLen: "0", toPfxLen: "0" } },
  rtctrlProfile: { rn: "prof-{name}", defaults: { autoContinue: "no", type: "combinable" } },
  rtctrlRsCtxPToSubjP: { rn: "rsctxPToSubjP-{tnRtctrlSubjPName}", defaults: {} },
  rtctrlSubjP: { rn: "subj-{name}", defaults: {} },
  tagAnnotation: { rn: "annotationKey-[{key}]", defaults: {} },
};

/** What the server holds in a property of an object that exists but was never given that property. */
export function defaultOf(className: string, property: string): string {
  return classTable[className]?.defaults[property] ?? "";
}

/**
 * Relative name of a child whose answer does not carry `rn` (config-only answers of some releases leave it out). Undefined for
 * classes that are not in the table: nobody here looks at them.
 */
export function relativeName(className: string, attributes: Readonly<Record<string, string>>): string | undefined {
  const facts = classTable[className];
  return facts?.rn.replace(/\{(\w+)\}/g, (_whole, property: string) => attributes[property] ?? "");
}
