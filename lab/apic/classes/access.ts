import { type ClassShape, explicit, named } from "../class-shape.ts";
import { choice, dnText, name, number, text, VLAN } from "../property.ts";
import { OWNED } from "./values.ts";

/** Domains, VLAN pools, AAEPs, vPC pairs and the fabric's MTU: what the paper assumes to be there. */
export const accessClasses: Readonly<Record<string, ClassShape>> = {
  physDomP: {
    rn: "phys-{name}",
    parents: ["polUni"],
    carries: ["nameAlias", "ownerKey", "ownerTag"],
    set: {
      name: name(),
    },
  },
  l3extDomP: {
    rn: "l3dom-{name}",
    parents: ["polUni"],
    carries: ["nameAlias", "ownerKey", "ownerTag"],
    set: {
      name: name(),
    },
  },
  infraRsVlanNs: {
    rn: "rsvlanNs",
    parents: ["l3extDomP", "physDomP"],
    relation: explicit("fvnsVlanInstP", "F0981"),
    set: {
      tDn: dnText(),
    },
  },
  fvnsVlanInstP: {
    rn: "vlanns-[{name}]-{allocMode}",
    parents: ["infraInfra"],
    carries: OWNED,
    set: {
      allocMode: choice("dynamic", ["dynamic", "static"]),
      name: name(),
    },
    shown: { configIssues: "" },
  },
  fvnsEncapBlk: {
    rn: "from-[{from}]-to-[{to}]",
    parents: ["fvnsVlanInstP"],
    carries: ["nameAlias", "descr"],
    set: {
      allocMode: choice("inherit", ["dynamic", "inherit", "static"]),
      from: text("", { pattern: VLAN }),
      name: name(""),
      role: choice("external", ["external", "internal"]),
      to: text("", { pattern: VLAN }),
    },
  },
  infraAttEntityP: {
    rn: "attentp-{name}",
    parents: ["infraInfra"],
    carries: OWNED,
    set: {
      name: name(),
    },
    shown: { configIssues: "", creator: "USER" },
  },
  infraRsDomP: {
    rn: "rsdomP-[{tDn}]",
    parents: ["infraAttEntityP"],
    relation: explicit("infraADomP", "F1003"),
    set: {
      tDn: dnText(),
    },
  },
  fabricProtPol: {
    rn: "protpol",
    parents: ["fabricInst"],
    life: "derived",
    carries: OWNED,
    set: {
      name: name("default"),
      pairT: choice("explicit", ["consecutive", "explicit", "reciprocal"]),
    },
  },
  fabricExplicitGEp: {
    rn: "expgep-{name}",
    parents: ["fabricProtPol"],
    implicit: ["fabricRsVpcInstPol"],
    set: {
      id: number("0", 1, 1000),
      name: name(),
    },
    shown: { virtualIp: "" },
  },
  fabricNodePEp: {
    rn: "nodepep-{id}",
    parents: ["fabricExplicitGEp"],
    carries: ["nameAlias", "descr"],
    set: {
      id: number("", 1, 16000),
      name: name(""),
      podId: number("1", 1, 254),
    },
    shown: { peerIp: "" },
  },
  fabricRsVpcInstPol: {
    rn: "rsvpcInstPol",
    parents: ["fabricExplicitGEp"],
    life: "derived",
    relation: named("tnVpcInstPolName", "vpcInstPol", undefined, "uni/fabric/vpcInst-default"),
    set: {
      tnVpcInstPolName: name(""),
    },
  },
  vpcInstPol: {
    rn: "vpcInst-{name}",
    parents: ["fabricInst"],
    carries: OWNED,
    set: {
      deadIntvl: number("200", 5, 600),
      delayRestoreTmr: number("120", 120, 600),
      name: name(),
    },
  },
  l2InstPol: {
    rn: "l2pol-{name}",
    parents: ["fabricInst"],
    carries: OWNED,
    set: {
      fabricMtu: number("9000", 576, 9216),
      managementMtu: number("9000", 576, 9216),
      name: name(),
    },
  },
};
