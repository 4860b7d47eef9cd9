import { type ClassShape, explicit, named } from "../class-shape.ts";
import { choice, dnText, NAME, name, number, text, yesNo } from "../property.ts";
import { OWNED } from "./values.ts";

/** Which ports of which leaves get a policy group: profiles with selectors, or one object a port; forwarding scale (aci-objects 4). */
export const portProfileClasses: Readonly<Record<string, ClassShape>> = {
  infraAccPortP: {
    rn: "accportprof-{name}",
    parents: ["infraInfra"],
    carries: OWNED,
    set: {
      name: name(),
    },
    shown: { creator: "USER", nodeId: "" },
  },
  infraHPortS: {
    rn: "hports-{name}-typ-{type}",
    parents: ["infraAccPortP"],
    carries: OWNED,
    set: {
      name: text("", { min: 1, max: 128, pattern: NAME }),
      type: choice("", ["ALL", "range"]),
    },
    shown: { creator: "USER" },
  },
  infraPortBlk: {
    rn: "portblk-{name}",
    parents: ["infraHPortS"],
    carries: ["nameAlias", "descr"],
    set: {
      fromCard: number("1", 1, 100),
      fromPort: number("1", 1, 127),
      name: name(),
      toCard: number("1", 1, 100),
      toPort: number("1", 1, 127),
    },
  },
  infraRsAccBaseGrp: {
    rn: "rsaccBaseGrp",
    parents: ["infraHPortS"],
    relation: explicit("infraAccBaseGrp", "F1011"),
    set: {
      fexId: number("101", 101, 199),
      tDn: dnText(),
    },
  },
  infraNodeP: {
    rn: "nprof-{name}",
    parents: ["infraInfra"],
    carries: OWNED,
    set: {
      name: name(),
    },
    shown: { creator: "USER" },
  },
  infraLeafS: {
    rn: "leaves-{name}-typ-{type}",
    parents: ["infraNodeP"],
    carries: OWNED,
    set: {
      name: name(),
      type: choice("range", ["ALL", "ALL_IN_POD", "range"]),
    },
    shown: { creator: "USER" },
  },
  infraNodeBlk: {
    rn: "nodeblk-{name}",
    parents: ["infraLeafS"],
    carries: ["nameAlias", "descr"],
    set: {
      from_: number("1", 1, 16000),
      name: name(),
      to_: number("1", 1, 16000),
    },
  },
  infraRsAccPortP: {
    rn: "rsaccPortP-[{tDn}]",
    parents: ["infraNodeP"],
    relation: explicit("infraAccPortP"),
    set: {
      tDn: dnText(),
    },
  },
  infraRsAccNodePGrp: {
    rn: "rsaccNodePGrp",
    parents: ["infraLeafS"],
    relation: explicit("infraAccNodePGrp"),
    set: {
      tDn: dnText(),
    },
  },
  infraAccNodePGrp: {
    rn: "accnodepgrp-{name}",
    parents: ["infraFuncP"],
    implicit: ["infraRsTopoctrlFwdScaleProfPol"],
    carries: OWNED,
    set: {
      name: name(),
    },
  },
  infraRsTopoctrlFwdScaleProfPol: {
    rn: "rstopoctrlFwdScaleProfPol",
    parents: ["infraAccNodePGrp"],
    life: "derived",
    relation: named("tnTopoctrlFwdScaleProfilePolName", "topoctrlFwdScaleProfilePol", undefined, "uni/infra/fwdscalepol-default"),
    set: {
      tnTopoctrlFwdScaleProfilePolName: name(""),
    },
  },
  topoctrlFwdScaleProfilePol: {
    rn: "fwdscalepol-{name}",
    parents: ["infraInfra"],
    carries: OWNED,
    set: {
      name: name(),
      profType: choice("dual-stack", [
        "dual-stack",
        "high-dual-stack",
        "high-ipv4-ep",
        "high-lpm",
        "high-policy",
        "ipv4",
        "max-lpm",
        "mcast-heavy",
      ]),
    },
  },
  infraPortConfig: {
    rn: "portconfnode-{node}-card-{card}-port-{port}-sub-{subPort}",
    parents: ["infraInfra"],
    set: {
      assocGrp: dnText(),
      brkoutMap: text("none"),
      card: number("1", 0, 4294967295),
      connectedFex: number("unspecified", 0, 4294967295, { unspecified: "0" }),
      description: text(""),
      node: number("", 0, 4294967295),
      pcMember: text(""),
      port: number("1", 0, 4294967295),
      role: choice("leaf", ["leaf", "spine"]),
      shutdown: yesNo("no"),
      subPort: number("0", 0, 4294967295),
    },
  },
};
