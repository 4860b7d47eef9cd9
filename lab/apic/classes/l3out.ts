import { type ClassShape, explicit, named } from "../class-shape.ts";
import { address, choice, dnText, flags, name, number, text, yesNo } from "../property.ts";
import { DSCP, OWNED, PRIORITY } from "./values.ts";

/** L3Outs with node and interface profiles (white paper step 3), and static routes. */
export const l3outClasses: Readonly<Record<string, ClassShape>> = {
  l3extOut: {
    rn: "out-{name}",
    parents: ["fvTenant"],
    carries: OWNED,
    set: {
      enforceRtctrl: flags("export", ["export", "import"]),
      mplsEnabled: yesNo("no"),
      name: name(),
      targetDscp: choice("unspecified", DSCP),
    },
  },
  l3extRsEctx: {
    rn: "rsectx",
    parents: ["l3extOut"],
    relation: named("tnFvCtxName", "fvCtx"),
    set: {
      tnFvCtxName: name(""),
    },
  },
  l3extRsL3DomAtt: {
    rn: "rsl3DomAtt",
    parents: ["l3extOut"],
    relation: explicit("extnwDomP"),
    set: {
      tDn: dnText(),
    },
  },
  bgpExtP: {
    rn: "bgpExtP",
    parents: ["l3extOut"],
    carries: ["nameAlias", "descr"],
  },
  l3extLNodeP: {
    rn: "lnodep-{name}",
    parents: ["l3extOut"],
    carries: OWNED,
    set: {
      name: name(),
      tag: text("yellow-green"),
      targetDscp: choice("unspecified", DSCP),
    },
    shown: { configIssues: "" },
  },
  l3extRsNodeL3OutAtt: {
    rn: "rsnodeL3OutAtt-[{tDn}]",
    parents: ["l3extLNodeP"],
    implicit: ["l3extInfraNodeP"],
    relation: explicit("fabricNode"),
    set: {
      rtrId: address("0.0.0.0"),
      rtrIdLoopBack: yesNo("yes"),
      tDn: dnText(),
    },
    shown: { configIssues: "" },
  },
  l3extInfraNodeP: {
    rn: "infranodep",
    parents: ["l3extRsNodeL3OutAtt"],
    life: "derived",
    carries: ["nameAlias", "descr"],
    set: {
      fabricExtCtrlPeering: yesNo("no"),
      fabricExtIntersiteCtrlPeering: yesNo("no"),
      name: name(""),
      spineRole: flags("", ["msite-speaker"]),
    },
  },
  l3extLIfP: {
    rn: "lifp-{name}",
    parents: ["l3extLNodeP"],
    implicit: ["l3extRsArpIfPol", "l3extRsNdIfPol", "l3extRsIngressQosDppPol", "l3extRsEgressQosDppPol", "l3extRsLIfPCustQosPol"],
    carries: OWNED,
    set: {
      name: name(),
      prio: choice("unspecified", PRIORITY),
      tag: text("yellow-green"),
    },
  },
  l3extRsArpIfPol: {
    rn: "rsArpIfPol",
    parents: ["l3extLIfP"],
    life: "derived",
    relation: named("tnArpIfPolName", "arpIfPol"),
    set: {
      tnArpIfPolName: name(""),
    },
  },
  l3extRsNdIfPol: {
    rn: "rsNdIfPol",
    parents: ["l3extLIfP"],
    life: "derived",
    relation: named("tnNdIfPolName", "ndIfPol", undefined, "uni/tn-common/ndifpol-default"),
    set: {
      tnNdIfPolName: name(""),
    },
  },
  l3extRsIngressQosDppPol: {
    rn: "rsingressQosDppPol",
    parents: ["l3extLIfP"],
    life: "derived",
    relation: named("tnQosDppPolName", "qosDppPol"),
    set: {
      tnQosDppPolName: name(""),
    },
  },
  l3extRsEgressQosDppPol: {
    rn: "rsegressQosDppPol",
    parents: ["l3extLIfP"],
    life: "derived",
    relation: named("tnQosDppPolName", "qosDppPol"),
    set: {
      tnQosDppPolName: name(""),
    },
  },
  l3extRsLIfPCustQosPol: {
    rn: "rslIfPCustQosPol",
    parents: ["l3extLIfP"],
    life: "derived",
    relation: named("tnQosCustomPolName", "qosCustomPol"),
    set: {
      tnQosCustomPolName: name(""),
    },
  },
  l3extLoopBackIfP: {
    rn: "lbp-[{addr}]",
    parents: ["l3extRsNodeL3OutAtt"],
    carries: ["nameAlias", "descr"],
    set: {
      addr: address(""),
      name: name(""),
    },
  },
  ipRouteP: {
    rn: "rt-[{ip}]",
    parents: ["l3extRsNodeL3OutAtt"],
    carries: ["nameAlias", "descr"],
    set: {
      aggregate: yesNo("no"),
      fromPfxLen: number("0", 0, 128),
      ip: address(""),
      name: name(""),
      pref: number("1", 1, 255),
      rtCtrl: flags("", ["bfd"]),
      toPfxLen: number("0", 0, 128),
    },
    shown: { type: "rt-static" },
  },
  ipNexthopP: {
    rn: "nh-[{nhAddr}]",
    parents: ["ipRouteP"],
    carries: ["nameAlias", "descr"],
    set: {
      name: name(""),
      nhAddr: address(""),
      pref: number("unspecified", 0, 255, { unspecified: "0" }),
      type: choice("prefix", ["none", "prefix"]),
    },
  },
};
