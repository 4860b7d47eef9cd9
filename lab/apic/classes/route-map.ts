import { type ClassShape, named } from "../class-shape.ts";
import { address, choice, name, number, text, yesNo } from "../property.ts";
import { OWNED } from "./values.ts";

/** Route maps, match rules and set rules (step 10). */
export const routeMapClasses: Readonly<Record<string, ClassShape>> = {
  rtctrlSubjP: {
    rn: "subj-{name}",
    parents: ["fvTenant"],
    carries: ["nameAlias", "descr"],
    set: {
      name: name(),
    },
  },
  rtctrlMatchRtDest: {
    rn: "dest-[{ip}]",
    parents: ["rtctrlSubjP"],
    carries: ["nameAlias", "descr"],
    set: {
      aggregate: yesNo("no"),
      fromPfxLen: number("0", 0, 128),
      ip: address(""),
      name: name(""),
      toPfxLen: number("0", 0, 128),
    },
    shown: { type: "rt-dst" },
  },
  rtctrlProfile: {
    rn: "prof-{name}",
    parents: ["fvTenant", "l3extOut"],
    carries: OWNED,
    set: {
      autoContinue: yesNo("no"),
      name: name(),
      type: choice("combinable", ["combinable", "global"]),
    },
    shown: { direction: "import", level: "0" },
  },
  rtctrlCtxP: {
    rn: "ctx-{name}",
    parents: ["rtctrlProfile"],
    carries: ["nameAlias", "descr"],
    set: {
      action: choice("permit", ["deny", "permit"]),
      name: name(),
      order: number("0", 0, 9),
    },
  },
  rtctrlRsCtxPToSubjP: {
    rn: "rsctxPToSubjP-{tnRtctrlSubjPName}",
    parents: ["rtctrlCtxP"],
    relation: named("tnRtctrlSubjPName", "rtctrlSubjP"),
    set: {
      tnRtctrlSubjPName: name(),
    },
  },
  rtctrlScope: {
    rn: "scp",
    parents: ["rtctrlCtxP"],
    carries: ["nameAlias", "descr"],
    set: {
      name: name(""),
    },
  },
  rtctrlRsScopeToAttrP: {
    rn: "rsScopeToAttrP",
    parents: ["rtctrlScope"],
    relation: named("tnRtctrlAttrPName", "rtctrlAttrP"),
    set: {
      tnRtctrlAttrPName: name(""),
    },
  },
  rtctrlAttrP: {
    rn: "attr-{name}",
    parents: ["fvTenant"],
    carries: ["nameAlias", "descr"],
    set: {
      name: name(),
    },
  },
  rtctrlSetTag: {
    rn: "srttag",
    parents: ["rtctrlAttrP"],
    carries: ["nameAlias", "descr"],
    set: {
      name: name(""),
      tag: number("0", 0, 4294967295),
      type: choice("rt-tag", ["rt-tag"]),
    },
  },
  rtctrlSetPref: {
    rn: "spref",
    parents: ["rtctrlAttrP"],
    carries: ["nameAlias", "descr"],
    set: {
      localPref: number("100", 0, 4294967295),
      name: name(""),
      type: choice("local-pref", ["local-pref"]),
    },
  },
  rtctrlSetWeight: {
    rn: "sweight",
    parents: ["rtctrlAttrP"],
    carries: ["nameAlias", "descr"],
    set: {
      name: name(""),
      type: choice("rt-weight", ["rt-weight"]),
      weight: number("0", 0, 65535),
    },
  },
  rtctrlSetRtMetric: {
    rn: "smetric",
    parents: ["rtctrlAttrP"],
    carries: ["nameAlias", "descr"],
    set: {
      metric: number("0", 0, 4294967295),
      name: name(""),
      type: choice("metric", ["metric"]),
    },
  },
  rtctrlSetComm: {
    rn: "scomm",
    parents: ["rtctrlAttrP"],
    carries: ["nameAlias", "descr"],
    set: {
      community: text(""),
      name: name(""),
      setCriteria: choice("append", ["append", "none", "replace"]),
      type: choice("community", ["community"]),
    },
  },
  rtctrlSetNh: {
    rn: "nh",
    parents: ["rtctrlAttrP"],
    carries: ["nameAlias", "descr"],
    set: {
      addr: address(""),
      name: name(""),
      type: choice("ip-nh", ["ip-nh"]),
    },
  },
};
