import { mo } from "./simulator.ts";
import { standardDesign } from "./standard.ts";

/** A POST that is refused, with the code and text of the refusal. */
export interface RefusedWrite {
  readonly what: string;
  /** `/api/mo/uni/tn-k8s.json` when left out. */
  readonly url?: string;
  readonly body: unknown;
  readonly code: string;
  readonly text: string;
}

/** Mistakes in access policies and standard SVIs. */
export const REFUSED_ACCESS: readonly RefusedWrite[] = [
  {
    what: "a domain and its pool in one request",
    url: "/api/mo/uni.json",
    body: mo(
      "polUni",
      {},
      mo("physDomP", { name: "new" }),
      mo("infraInfra", {}, mo("fvnsVlanInstP", { name: "P", allocMode: "static" })),
    ),
    code: "107",
    text: "Failed to update multiple items in a single operation - request requires distributed transaction",
  },
  {
    what: "a leaf in two vPC protection groups",
    url: "/api/mo/uni/fabric/protpol.json",
    body: mo(
      "fabricProtPol",
      {},
      mo("fabricExplicitGEp", { name: "a" }, mo("fabricNodePEp", { id: "201" }), mo("fabricNodePEp", { id: "202" })),
      mo("fabricExplicitGEp", { name: "b" }, mo("fabricNodePEp", { id: "202" })),
    ),
    code: "100",
    text: "Validation failed: node 202 is already in the vPC protection group uni/fabric/protpol/expgep-b",
  },
  {
    what: "sides of a path that is no vPC",
    body: standardDesign({ path: "topology/pod-1/paths-201/pathep-[eth1/11]" }),
    code: "100",
    text: "Validation failed: topology/pod-1/paths-201/pathep-[eth1/11] is no vPC, so it has no side A",
  },
  {
    what: "host address on a side of a vPC",
    body: standardDesign({ length: 32 }),
    code: "100",
    text: "Invalid External Interface Address",
  },
  {
    what: "SVI without a VLAN",
    body: standardDesign({ encap: "unknown" }),
    code: "120",
    text: "unknown property value unknown, name encap, class l3extRsPathL3OutAtt [(Dn0)] Dn0=uni/tn-k8s/out-S/lnodep-N/lifp-I/rspathL3OutAtt-[topology/pod-1/protpaths-201-202/pathep-[master-1]], ",
  },
  {
    what: "multipod OSPF in a tenant",
    body: mo("l3extOut", { name: "O" }, mo("ospfExtP", { multipodInternal: "yes" })),
    code: "100",
    text: "OSPF Multipod Internal can be set only under infra tenant.",
  },
];
