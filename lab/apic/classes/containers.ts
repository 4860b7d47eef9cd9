import type { ClassShape } from "../class-shape.ts";
import { name } from "../property.ts";

/** Objects that only hold others: they carry no metadata of interest, yet every DN passes through them. */
export const containerClasses: Readonly<Record<string, ClassShape>> = {
  fabricTopology: { operational: true, rn: "topology", parents: ["topRoot"] },
  fabricPod: { operational: true, rn: "pod-{id}", parents: ["fabricTopology"], shown: { id: "0" } },
  aaaUserEp: { rn: "userext", parents: ["polUni"], life: "never" },
  firmwareCtrlrFwStatusCont: { operational: true, rn: "ctrlrfwstatuscont", parents: ["topSystem"] },
  firmwareFwStatusCont: { operational: true, rn: "fwstatuscont", parents: ["topSystem"] },
  fabricPathEpCont: { operational: true, rn: "paths-{nodeId}", parents: ["fabricPod"], shown: { nodeId: "0" } },
  fabricProtPathEpCont: {
    operational: true,
    rn: "protpaths-{nodeAId}-{nodeBId}",
    parents: ["fabricPod"],
    shown: { nodeAId: "0", nodeBId: "0" },
  },
  lldpEntity: { operational: true, rn: "lldp", parents: ["topSystem"] },
  lldpInst: { operational: true, rn: "inst", parents: ["lldpEntity"] },
  vnsAbsGraph: { rn: "AbsGraph-{name}", parents: ["fvTenant"], set: { name: name() } },
  arpEntity: { operational: true, rn: "arp", parents: ["topSystem"] },
  arpInst: { operational: true, rn: "inst", parents: ["arpEntity"] },
  arpDom: { operational: true, rn: "dom-{name}", parents: ["arpInst"], shown: { name: "" } },
  arpDb: { operational: true, rn: "db-{type}", parents: ["arpDom"], shown: { type: "ip" } },
};
