import { type ClassShape, explicit } from "../class-shape.ts";
import { address, choice, dnText, mac, name, number, text, VLAN, yesNo } from "../property.ts";
import { DSCP, ENABLED } from "./values.ts";

/** Floating SVI (steps 4 and 6), standard SVI (step 5), primary and secondary addresses. */
export const interfaceClasses: Readonly<Record<string, ClassShape>> = {
  l3extVirtualLIfP: {
    rn: "vlifp-[{nodeDn}]-[{encap}]",
    parents: ["l3extLIfP"],
    carries: ["descr"],
    set: {
      addr: address("0.0.0.0"),
      autostate: choice("disabled", ENABLED),
      encap: text("", { pattern: VLAN }),
      encapScope: choice("local", ["ctx", "local"]),
      ifInstT: choice("ext-svi", ["ext-svi", "l3-port", "sub-interface", "unspecified"]),
      ipv6Dad: choice("enabled", ENABLED),
      llAddr: address("::"),
      mac: mac("00:22:BD:F8:19:FF"),
      mode: choice("regular", ["native", "regular", "untagged"]),
      mtu: number("inherit", 576, 9216, { inherit: "0" }),
      nodeDn: dnText(),
      targetDscp: choice("unspecified", DSCP),
    },
  },
  l3extRsDynPathAtt: {
    rn: "rsdynPathAtt-[{tDn}]",
    parents: ["l3extVirtualLIfP"],
    relation: explicit("infraDomP"),
    set: {
      encap: text("unknown"),
      floatingAddr: address("0.0.0.0"),
      forgedTransmit: choice("Disabled", ["Disabled", "Enabled"]),
      macChange: choice("Disabled", ["Disabled", "Enabled"]),
      promMode: choice("Disabled", ["Disabled", "Enabled"]),
      tDn: dnText(),
    },
  },
  l3extIp: {
    rn: "addr-[{addr}]",
    parents: ["l3extVirtualLIfP", "l3extRsDynPathAtt", "l3extRsPathL3OutAtt", "l3extMember"],
    carries: ["nameAlias", "descr"],
    set: {
      addr: address(""),
      ipv6Dad: choice("enabled", ENABLED),
      name: name(""),
    },
  },
  l3extRsPathL3OutAtt: {
    rn: "rspathL3OutAtt-[{tDn}]",
    parents: ["l3extLIfP"],
    relation: explicit("fabricPathEp"),
    carries: ["descr"],
    set: {
      addr: address("0.0.0.0"),
      autostate: choice("disabled", ENABLED),
      encap: text("unknown"),
      encapScope: choice("local", ["ctx", "local"]),
      ifInstT: choice("unspecified", ["ext-svi", "l3-port", "sub-interface", "unspecified"]),
      ipv6Dad: choice("enabled", ENABLED),
      isMultiPodDirect: yesNo("no"),
      llAddr: address("::"),
      mac: mac("00:22:BD:F8:19:FF"),
      mode: choice("regular", ["native", "regular", "untagged"]),
      mtu: number("inherit", 576, 9216, { inherit: "0" }),
      tDn: dnText(),
      targetDscp: choice("unspecified", DSCP),
    },
    shown: { configIssues: "" },
  },
  l3extMember: {
    rn: "mem-{side}",
    parents: ["l3extRsPathL3OutAtt"],
    carries: ["nameAlias", "descr"],
    set: {
      addr: address("0.0.0.0"),
      ipv6Dad: choice("enabled", ENABLED),
      llAddr: address("::"),
      name: name(""),
      side: choice("", ["A", "B"]),
    },
  },
};
