import { type ClassShape, named } from "../class-shape.ts";
import { address, choice, flags, name, number, text } from "../property.ts";
import { DSCP_NUMBERS, ENABLED, INTENT, MATCH, PRIORITY } from "./values.ts";

/** External EPGs, their subnets and contracts (step 5, text). */
export const externalClasses: Readonly<Record<string, ClassShape>> = {
  l3extInstP: {
    rn: "instP-{name}",
    parents: ["l3extOut"],
    implicit: ["fvRsCustQosPol"],
    carries: ["nameAlias", "descr"],
    set: {
      exceptionTag: text("", { max: 512 }),
      floodOnEncap: choice("disabled", ENABLED),
      matchT: choice("AtleastOne", MATCH),
      name: name(),
      pcEnfPref: choice("unenforced", ["enforced", "unenforced"]),
      prefGrMemb: choice("exclude", ["exclude", "include"]),
      prio: choice("unspecified", PRIORITY),
      targetDscp: number("unspecified", 0, 64, DSCP_NUMBERS),
    },
    shown: {
      configIssues: "",
      configSt: "not-applied",
      isSharedSrvMsiteEPg: "no",
      mcast: "no",
      pcTag: "any",
      pcTagAllocSrc: "idmanager",
      scope: "0",
      triggerSt: "not_triggerable",
      txId: "0",
    },
  },
  l3extSubnet: {
    rn: "extsubnet-[{ip}]",
    parents: ["l3extInstP"],
    carries: ["nameAlias", "descr"],
    set: {
      aggregate: flags("", ["export-rtctrl", "import-rtctrl", "shared-rtctrl"]),
      ip: address(""),
      name: name(""),
      scope: flags("import-security", ["export-rtctrl", "import-rtctrl", "import-security", "shared-rtctrl", "shared-security"]),
    },
  },
  fvRsProv: {
    rn: "rsprov-{tnVzBrCPName}",
    parents: ["fvAEPg", "l3extInstP"],
    relation: named("tnVzBrCPName", "vzBrCP", "F0974"),
    set: {
      intent: choice("install", INTENT),
      matchT: choice("AtleastOne", MATCH),
      prio: choice("unspecified", PRIORITY),
      tnVzBrCPName: name(),
    },
    shown: { accessPrivilege: "USER", ctrctUpd: "not_defined", triggerSt: "not_triggerable", updateCollection: "no" },
  },
  fvRsCons: {
    rn: "rscons-{tnVzBrCPName}",
    parents: ["fvAEPg", "l3extInstP"],
    relation: named("tnVzBrCPName", "vzBrCP", "F0967"),
    set: {
      intent: choice("install", INTENT),
      prio: choice("unspecified", PRIORITY),
      tnVzBrCPName: name(),
    },
    shown: {
      accessPrivilege: "USER",
      ctrctUpd: "not_defined",
      deplInfo: "",
      triggerSt: "not_triggerable",
      updateCollection: "no",
    },
  },
  fvRsIntraEpg: {
    rn: "rsintraEpg-{tnVzBrCPName}",
    parents: ["fvAEPg", "l3extInstP"],
    relation: named("tnVzBrCPName", "vzBrCP"),
    set: {
      intent: choice("install", INTENT),
      tnVzBrCPName: name(),
    },
    shown: { ctrctUpd: "not_defined", triggerSt: "not_triggerable", updateCollection: "no" },
  },
  fvRsConsIf: {
    rn: "rsconsIf-{tnVzCPIfName}",
    parents: ["fvAEPg", "l3extInstP"],
    relation: named("tnVzCPIfName", "vzCPIf", "F0970"),
    set: {
      prio: choice("unspecified", PRIORITY),
      tnVzCPIfName: name(),
    },
    shown: { deplInfo: "", updateCollection: "no" },
  },
  fvRsCustQosPol: {
    rn: "rscustQosPol",
    parents: ["fvAEPg", "l3extInstP"],
    life: "never",
    relation: named("tnQosCustomPolName", "qosCustomPol", "F0971"),
    set: {
      tnQosCustomPolName: name(""),
    },
  },
  l3extRsInstPToProfile: {
    rn: "rsinstPToProfile-[{tnRtctrlProfileName}]-{direction}",
    parents: ["l3extInstP"],
    relation: named("tnRtctrlProfileName", "rtctrlProfile", "F1510"),
    set: {
      direction: choice("import", ["export", "import"]),
      tnRtctrlProfileName: name(),
    },
  },
  l3extRsSubnetToProfile: {
    rn: "rssubnetToProfile-[{tnRtctrlProfileName}]-{direction}",
    parents: ["l3extSubnet"],
    relation: named("tnRtctrlProfileName", "rtctrlProfile"),
    set: {
      direction: choice("", ["export", "import"]),
      tnRtctrlProfileName: name(),
    },
  },
};
