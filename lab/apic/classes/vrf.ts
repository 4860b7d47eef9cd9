import { type ClassShape, named } from "../class-shape.ts";
import { choice, NAME_WITHOUT_COLON, name, number, text, yesNo } from "../property.ts";
import { ENABLED, INTENT, MATCH, OWNED, PRIORITY } from "./values.ts";

/** VRFs with their policies, and the contracts of the whole VRF. */
export const vrfClasses: Readonly<Record<string, ClassShape>> = {
  fvCtx: {
    rn: "ctx-{name}",
    parents: ["fvTenant"],
    implicit: [
      "fvRsBgpCtxPol",
      "fvRsOspfCtxPol",
      "fvRsCtxToEpRet",
      "fvRsCtxToExtRouteTagPol",
      "fvRsCtxMonPol",
      "vzAny",
      "fvRsVrfValidationPol",
    ],
    carries: OWNED,
    set: {
      bdEnforcedEnable: yesNo("no"),
      ipDataPlaneLearning: choice("enabled", ENABLED),
      knwMcastAct: choice("permit", ["deny", "permit"]),
      name: text("", { min: 1, max: 64, pattern: NAME_WITHOUT_COLON }),
      pcEnfDir: choice("ingress", ["egress", "ingress", "mixed"]),
      pcEnfPref: choice("enforced", ["enforced", "unenforced"]),
      vrfIndex: number("0", 0, 4294967295),
    },
    shown: { pcEnfDirUpdated: "no", pcTag: "any", scope: "0", seg: "0", vrfId: "0" },
  },
  fvRsBgpCtxPol: {
    rn: "rsbgpCtxPol",
    parents: ["fvCtx"],
    life: "never",
    relation: named("tnBgpCtxPolName", "bgpCtxPol", "F0960", "uni/tn-common/bgpCtxP-default"),
    set: {
      tnBgpCtxPolName: name(""),
    },
  },
  fvRsOspfCtxPol: {
    rn: "rsospfCtxPol",
    parents: ["fvCtx"],
    life: "never",
    relation: named("tnOspfCtxPolName", "ospfCtxPol", "F0964", "uni/tn-common/ospfCtxP-default"),
    set: {
      tnOspfCtxPolName: name(""),
    },
  },
  fvRsCtxToEpRet: {
    rn: "rsctxToEpRet",
    parents: ["fvCtx"],
    life: "never",
    relation: named("tnFvEpRetPolName", "fvEpRetPol", "F0963", "uni/tn-common/epRPol-default"),
    set: {
      tnFvEpRetPolName: name(""),
    },
  },
  fvRsCtxToExtRouteTagPol: {
    rn: "rsctxToExtRouteTagPol",
    parents: ["fvCtx"],
    life: "never",
    relation: named("tnL3extRouteTagPolName", "l3extRouteTagPol", "F1678", "uni/tn-common/rttag-default"),
    set: {
      tnL3extRouteTagPolName: name(""),
    },
  },
  fvRsCtxMonPol: {
    rn: "rsCtxMonPol",
    parents: ["fvCtx"],
    relation: named("tnMonEPGPolName", "monEPGPol", "F0965", "uni/tn-common/monepg-default"),
    set: {
      tnMonEPGPolName: name(""),
    },
  },
  fvRsVrfValidationPol: {
    rn: "rsvrfValidationPol",
    parents: ["fvCtx"],
    life: "derived",
    relation: named("tnL3extVrfValidationPolName", "l3extVrfValidationPol", undefined, "uni/tn-common/vrfvalidationpol-default"),
    set: {
      tnL3extVrfValidationPolName: name(""),
    },
  },
  fvRsCtxToBgpCtxAfPol: {
    rn: "rsctxToBgpCtxAfPol-[{tnBgpCtxAfPolName}]-{af}",
    parents: ["fvCtx"],
    relation: named("tnBgpCtxAfPolName", "bgpCtxAfPol", "F1500"),
    set: {
      af: choice("ipv4-ucast", ["ipv4-ucast", "ipv6-ucast"]),
      tnBgpCtxAfPolName: name(),
    },
  },
  vzAny: {
    rn: "any",
    parents: ["fvCtx"],
    life: "never",
    carries: ["nameAlias", "descr"],
    set: {
      matchT: choice("AtleastOne", MATCH),
      name: name(""),
      prefGrMemb: choice("disabled", ENABLED),
    },
    shown: { configSt: "not-applied", pcTag: "any", txId: "0", useAnyDef: "no" },
  },
  vzRsAnyToProv: {
    rn: "rsanyToProv-{tnVzBrCPName}",
    parents: ["vzAny"],
    relation: named("tnVzBrCPName", "vzBrCP", "F1117"),
    set: {
      intent: choice("install", INTENT),
      matchT: choice("AtleastOne", MATCH),
      prio: choice("unspecified", PRIORITY),
      tnVzBrCPName: name(),
    },
    shown: { updateCollection: "no" },
  },
  vzRsAnyToCons: {
    rn: "rsanyToCons-{tnVzBrCPName}",
    parents: ["vzAny"],
    relation: named("tnVzBrCPName", "vzBrCP", "F1112"),
    set: {
      intent: choice("install", INTENT),
      prio: choice("unspecified", PRIORITY),
      tnVzBrCPName: name(),
    },
    shown: { deplInfo: "", updateCollection: "no" },
  },
  vzRsAnyToConsIf: {
    rn: "rsanyToConsIf-{tnVzCPIfName}",
    parents: ["vzAny"],
    relation: named("tnVzCPIfName", "vzCPIf", "F1115"),
    set: {
      prio: choice("unspecified", PRIORITY),
      tnVzCPIfName: name(),
    },
    shown: { deplInfo: "", updateCollection: "no" },
  },
};
