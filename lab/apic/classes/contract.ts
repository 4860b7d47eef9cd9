import { type ClassShape, explicit, named } from "../class-shape.ts";
import { choice, dnText, flags, name, number, text, yesNo } from "../property.ts";
import { DSCP, INTENT, MATCH, OWNED, PORTS, PRIORITY, PROTOCOLS } from "./values.ts";

/** Filters and contracts. */
export const contractClasses: Readonly<Record<string, ClassShape>> = {
  vzFilter: {
    rn: "flt-{name}",
    parents: ["fvTenant"],
    carries: OWNED,
    set: {
      name: name(),
    },
  },
  vzEntry: {
    rn: "e-{name}",
    parents: ["vzFilter"],
    carries: ["nameAlias", "descr"],
    set: {
      applyToFrag: yesNo("no"),
      arpOpc: choice("unspecified", ["reply", "req", "unspecified"]),
      dFromPort: number("unspecified", 0, 65535, PORTS),
      dToPort: number("unspecified", 0, 65535, PORTS),
      etherT: choice("unspecified", ["arp", "fcoe", "ip", "ipv4", "ipv6", "mac_security", "mpls_ucast", "trill", "unspecified"]),
      icmpv4T: choice("unspecified", ["dst-unreach", "echo", "echo-rep", "src-quench", "time-exceeded", "unspecified"]),
      icmpv6T: choice("unspecified", [
        "dst-unreach",
        "echo-rep",
        "echo-req",
        "nbr-advert",
        "nbr-solicit",
        "redirect",
        "time-exceeded",
        "unspecified",
      ]),
      matchDscp: choice("unspecified", DSCP),
      name: name(),
      prot: number("unspecified", 0, 255, PROTOCOLS),
      sFromPort: number("unspecified", 0, 65535, PORTS),
      sToPort: number("unspecified", 0, 65535, PORTS),
      stateful: yesNo("no"),
      tcpRules: flags("", ["ack", "est", "fin", "rst", "syn"]),
    },
  },
  vzBrCP: {
    rn: "brc-{name}",
    parents: ["fvTenant"],
    carries: OWNED,
    set: {
      intent: choice("install", INTENT),
      name: name(),
      prio: choice("unspecified", PRIORITY),
      scope: choice("context", ["application-profile", "context", "global", "tenant"]),
      targetDscp: choice("unspecified", DSCP),
    },
  },
  vzSubj: {
    rn: "subj-{name}",
    parents: ["vzBrCP"],
    carries: ["nameAlias", "descr"],
    set: {
      consMatchT: choice("AtleastOne", MATCH),
      name: name(),
      prio: choice("unspecified", PRIORITY),
      provMatchT: choice("AtleastOne", MATCH),
      revFltPorts: yesNo("yes"),
      targetDscp: choice("unspecified", DSCP),
    },
  },
  vzRsSubjFiltAtt: {
    rn: "rssubjFiltAtt-{tnVzFilterName}",
    parents: ["vzSubj"],
    relation: named("tnVzFilterName", "vzFilter"),
    set: {
      action: choice("permit", ["deny", "permit"]),
      directives: flags("", ["log", "no_stats"]),
      priorityOverride: choice("default", ["default", "level1", "level2", "level3"]),
      tnVzFilterName: name(),
    },
  },
  vzRsSubjGraphAtt: {
    rn: "rsSubjGraphAtt",
    parents: ["vzSubj"],
    relation: named("tnVnsAbsGraphName", "vnsAbsGraph"),
    set: {
      directives: text(""),
      tnVnsAbsGraphName: name(""),
    },
  },
  vzCPIf: {
    rn: "cif-{name}",
    parents: ["fvTenant"],
    carries: OWNED,
    set: {
      name: name(),
    },
  },
  vzRsIf: {
    rn: "rsif",
    parents: ["vzCPIf"],
    relation: explicit("vzACtrct"),
    set: {
      intent: choice("install", INTENT),
      prio: choice("unspecified", PRIORITY),
      tDn: dnText(),
    },
  },
};
