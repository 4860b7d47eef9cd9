import { type ClassShape, named } from "../class-shape.ts";
import { choice, flags, name, number, secret, text, yesNo } from "../property.ts";
import { OWNED } from "./values.ts";

/** OSPF of L3Outs to the outside (aci-objects 5.2). */
export const ospfClasses: Readonly<Record<string, ClassShape>> = {
  ospfExtP: {
    rn: "ospfExtP",
    parents: ["l3extOut"],
    carries: ["nameAlias", "descr"],
    set: {
      areaCost: number("1", 0, 16777215),
      areaCtrl: flags("redistribute,summary", ["redistribute", "summary", "suppress-fa"]),
      areaId: text("0.0.0.1"),
      areaType: choice("nssa", ["nssa", "regular", "stub"]),
      multipodInternal: yesNo("no"),
    },
  },
  ospfIfP: {
    rn: "ospfIfP",
    parents: ["l3extLIfP"],
    implicit: ["ospfRsIfPol"],
    carries: ["nameAlias", "descr"],
    set: {
      authKey: secret(0),
      authKeyId: number("1", 1, 255),
      authType: choice("none", ["md5", "none", "simple"]),
      name: name(""),
    },
  },
  ospfRsIfPol: {
    rn: "rsIfPol",
    parents: ["ospfIfP"],
    life: "derived",
    relation: named("tnOspfIfPolName", "ospfIfPol", undefined, "uni/tn-common/ospfIfPol-default"),
    set: {
      tnOspfIfPolName: name(""),
    },
  },
  ospfIfPol: {
    rn: "ospfIfPol-{name}",
    parents: ["fvTenant"],
    carries: OWNED,
    set: {
      cost: number("unspecified", 0, 65535, { unspecified: "0" }),
      ctrl: flags("", ["advert-subnet", "bfd", "mtu-ignore", "passive"]),
      deadIntvl: number("40", 1, 65535),
      helloIntvl: number("10", 1, 65535),
      name: name(),
      nwT: choice("unspecified", ["bcast", "p2p", "unspecified"]),
      pfxSuppress: choice("inherit", ["disable", "enable", "inherit"]),
      prio: number("1", 0, 255),
      rexmitIntvl: number("5", 1, 65535),
      xmitDelay: number("1", 1, 450),
    },
  },
};
