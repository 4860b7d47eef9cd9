import { type ClassShape, explicit, named } from "../class-shape.ts";
import { choice, dnText, name } from "../property.ts";
import { OWNED } from "./values.ts";

/** Groups of bundles and of plain ports have these relations. */
const GROUPS = ["infraAccBndlGrp", "infraAccPortGrp"];

/** Interface policy groups of ports, port channels and vPCs with their relations (aci-objects 4). */
export const policyGroupClasses: Readonly<Record<string, ClassShape>> = {
  infraAccBndlGrp: {
    rn: "accbundle-{name}",
    parents: ["infraFuncP"],
    implicit: [
      "infraRsLacpPol",
      "infraRsLldpIfPol",
      "infraRsCdpIfPol",
      "infraRsHIfPol",
      "infraRsMcpIfPol",
      "infraRsL2IfPol",
      "infraRsStpIfPol",
    ],
    carries: OWNED,
    set: {
      lagT: choice("link", ["link", "node", "not-aggregated"]),
      name: name(),
    },
  },
  infraAccPortGrp: {
    rn: "accportgrp-{name}",
    parents: ["infraFuncP"],
    implicit: ["infraRsLldpIfPol", "infraRsCdpIfPol", "infraRsHIfPol", "infraRsMcpIfPol", "infraRsL2IfPol", "infraRsStpIfPol"],
    carries: OWNED,
    set: {
      name: name(),
    },
  },
  infraRsAttEntP: {
    rn: "rsattEntP",
    parents: GROUPS,
    relation: explicit("infraAttEntityP"),
    set: {
      tDn: dnText(),
    },
    shown: { isUsingConnSel: "no" },
  },
  infraRsLacpPol: {
    rn: "rslacpPol",
    parents: ["infraAccBndlGrp"],
    life: "derived",
    relation: named("tnLacpLagPolName", "lacpLagPol", undefined, "uni/infra/lacplagp-default"),
    set: {
      tnLacpLagPolName: name(""),
    },
  },
  infraRsLldpIfPol: {
    rn: "rslldpIfPol",
    parents: GROUPS,
    life: "derived",
    relation: named("tnLldpIfPolName", "lldpIfPol", undefined, "uni/infra/lldpIfP-default"),
    set: {
      tnLldpIfPolName: name(""),
    },
  },
  infraRsCdpIfPol: {
    rn: "rscdpIfPol",
    parents: GROUPS,
    life: "derived",
    relation: named("tnCdpIfPolName", "cdpIfPol", undefined, "uni/infra/cdpIfP-default"),
    set: {
      tnCdpIfPolName: name(""),
    },
  },
  infraRsHIfPol: {
    rn: "rshIfPol",
    parents: GROUPS,
    life: "derived",
    relation: named("tnFabricHIfPolName", "fabricHIfPol", undefined, "uni/infra/hintfpol-default"),
    set: {
      tnFabricHIfPolName: name(""),
    },
  },
  infraRsMcpIfPol: {
    rn: "rsmcpIfPol",
    parents: GROUPS,
    life: "derived",
    relation: named("tnMcpIfPolName", "mcpIfPol", undefined, "uni/infra/mcpIfP-default"),
    set: {
      tnMcpIfPolName: name(""),
    },
  },
  infraRsL2IfPol: {
    rn: "rsl2IfPol",
    parents: GROUPS,
    life: "derived",
    relation: named("tnL2IfPolName", "l2IfPol", undefined, "uni/infra/l2IfP-default"),
    set: {
      tnL2IfPolName: name(""),
    },
  },
  infraRsStpIfPol: {
    rn: "rsstpIfPol",
    parents: GROUPS,
    life: "derived",
    relation: named("tnStpIfPolName", "stpIfPol", undefined, "uni/infra/ifPol-default"),
    set: {
      tnStpIfPolName: name(""),
    },
  },
};
