import { type ClassShape, explicit, named } from "../class-shape.ts";
import { address, choice, dnText, flags, name, number, secret } from "../property.ts";
import { ENABLED, OWNED } from "./values.ts";

/** BGP policies (steps 8, 9, 11, 13), peers (step 14) and the fabric's own BGP. */
export const bgpClasses: Readonly<Record<string, ClassShape>> = {
  bgpCtxPol: {
    rn: "bgpCtxP-{name}",
    parents: ["fvTenant"],
    carries: OWNED,
    set: {
      grCtrl: flags("helper", ["helper"]),
      holdIntvl: number("180", 0, 3600),
      kaIntvl: number("60", 0, 3600),
      maxAsLimit: number("0", 0, 2000),
      name: name(),
      staleIntvl: number("default", 1, 3600, { default: "300" }),
    },
  },
  bgpCtxAfPol: {
    rn: "bgpCtxAfP-{name}",
    parents: ["fvTenant"],
    carries: OWNED,
    set: {
      ctrl: flags("", ["host-rt-leak"]),
      eDist: number("20", 1, 255),
      iDist: number("200", 1, 255),
      localDist: number("220", 1, 255),
      maxEcmp: number("16", 1, 64),
      maxEcmpIbgp: number("16", 1, 64),
      maxLocalEcmp: number("0", 0, 16),
      name: name(),
    },
  },
  bgpPeerPfxPol: {
    rn: "bgpPfxP-{name}",
    parents: ["fvTenant"],
    carries: OWNED,
    set: {
      action: choice("reject", ["log", "reject", "restart", "shut"]),
      maxPfx: number("20000", 1, 300000),
      name: name(),
      restartTime: number("infinite", 1, 65535, { infinite: "0" }),
      thresh: number("75", 1, 100),
    },
  },
  bgpBestPathCtrlPol: {
    rn: "bestpath-{name}",
    parents: ["fvTenant"],
    carries: OWNED,
    set: {
      ctrl: flags("", ["asPathMultipathRelax", "ignoreIgpMetric"]),
      name: name(),
    },
  },
  bgpProtP: {
    rn: "protp",
    parents: ["l3extLNodeP"],
    implicit: ["bgpRsBgpNodeCtxPol"],
    carries: ["nameAlias", "descr"],
    set: {
      name: name(""),
    },
  },
  bgpRsBgpNodeCtxPol: {
    rn: "rsbgpNodeCtxPol",
    parents: ["bgpProtP"],
    life: "derived",
    relation: named("tnBgpCtxPolName", "bgpCtxPol", undefined, "uni/tn-common/bgpCtxP-default"),
    set: {
      tnBgpCtxPolName: name(""),
    },
  },
  bgpRsBestPathCtrlPol: {
    rn: "rsBestPathCtrlPol",
    parents: ["bgpProtP"],
    relation: named("tnBgpBestPathCtrlPolName", "bgpBestPathCtrlPol"),
    set: {
      tnBgpBestPathCtrlPolName: name(""),
    },
  },
  bgpPeerP: {
    rn: "peerP-[{addr}]",
    parents: ["l3extLNodeP", "l3extRsPathL3OutAtt", "l3extVirtualLIfP"],
    implicit: ["bgpRsPeerPfxPol"],
    carries: ["nameAlias", "descr"],
    set: {
      addr: address(""),
      addrTCtrl: flags("af-ucast", ["af-label-ucast", "af-mcast", "af-ucast"]),
      adminSt: choice("enabled", ENABLED),
      allowedSelfAsCnt: number("3", 1, 10),
      ctrl: flags("", [
        "allow-self-as",
        "as-override",
        "dis-peer-as-check",
        "nh-self",
        "segment-routing-disable",
        "send-com",
        "send-ext-com",
      ]),
      ctrlExt: flags("", ["send-domain-path"]),
      name: name(""),
      password: secret(0, 64),
      peerCtrl: flags("", ["bfd", "dis-conn-check"]),
      privateASctrl: flags("", ["remove-all", "remove-exclusive", "replace-as"]),
      ttl: number("1", 1, 255),
      weight: number("0", 0, 65535),
    },
    shown: { ConfigIssues: "", connectivityType: "tenant", sessionT: "peer" },
  },
  bgpAsP: {
    rn: "as",
    parents: ["bgpPeerP", "bgpInstPol"],
    carries: ["nameAlias", "descr"],
    set: {
      asn: number("", 1, 4294967295),
      name: name(""),
    },
  },
  bgpLocalAsnP: {
    rn: "localasn",
    parents: ["bgpPeerP"],
    carries: ["nameAlias", "descr"],
    set: {
      asnPropagate: choice("none", ["dual-as", "no-prepend", "none", "replace-as"]),
      localAsn: number("", 0, 4294967295),
      name: name(""),
    },
  },
  bgpRsPeerPfxPol: {
    rn: "rspeerPfxPol",
    parents: ["bgpPeerP"],
    life: "derived",
    relation: named("tnBgpPeerPfxPolName", "bgpPeerPfxPol", undefined, "uni/tn-common/bgpPfxP-default"),
    set: {
      tnBgpPeerPfxPolName: name(""),
    },
  },
  bgpRsPeerToProfile: {
    rn: "rspeerToProfile-[{tDn}]-{direction}",
    parents: ["bgpPeerP"],
    relation: explicit("rtctrlProfile"),
    set: {
      direction: choice("", ["export", "import"]),
      tDn: dnText(),
    },
  },
  bfdIfP: {
    rn: "bfdIfP",
    parents: ["l3extLIfP"],
    carries: ["nameAlias", "descr"],
    set: {
      key: secret(),
      keyId: number("1", 1, 255),
      name: name(""),
      type: choice("none", ["none", "sha1"]),
    },
  },
  bfdRsIfPol: {
    rn: "rsIfPol",
    parents: ["bfdIfP"],
    life: "derived",
    relation: named("tnBfdIfPolName", "bfdIfPol"),
    set: {
      tnBfdIfPolName: name(""),
    },
  },
  bgpInstPol: {
    rn: "bgpInstP-{name}",
    parents: ["fabricInst"],
    carries: OWNED,
    set: {
      name: name(),
    },
  },
  bgpRRP: {
    rn: "rr",
    parents: ["bgpInstPol"],
    carries: ["nameAlias", "descr"],
    set: {
      name: name(""),
    },
  },
  bgpRRNodePEp: {
    rn: "node-{id}",
    parents: ["bgpRRP"],
    carries: ["nameAlias", "descr"],
    set: {
      id: number("", 1, 16000),
      podId: number("1", 1, 254),
    },
  },
};
