import { Type } from "#typebox";
import { absentUnlessUsed, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Name, State } from "./arguments.ts";
import { physicalDomainDn, routedDomainDn, vlanPoolDn } from "./names.ts";
import { neverMoved } from "./objects.ts";
import { usedByDn } from "./uses.ts";

const CLASSES = { physical: "physDomP", routed: "l3extDomP" } as const;

/** Relations that point at a domain: AAEPs, and what is deployed through it. */
const USERS = {
  physical: ["infraRsDomP", "l3extRsDynPathAtt", "fvRsDomAtt"],
  routed: ["infraRsDomP", "l3extRsL3DomAtt"],
} as const;

/** What the paper's step 3 and 4 assume: the routed domain of the L3Out, and the physical domain of a floating SVI. */
export const domain = declareTask({
  name: "aci.domain",
  summary: "Physical or routed domain with its VLAN pool",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      type: Type.Enum(["physical", "routed"], { description: "physical: physDomP; routed: l3extDomP" }),
      name: Name("Domain (physDomP.name or l3extDomP.name)"),
      vlan_pool: Name("Static VLAN pool (infraRsVlanNs.tDn)"),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "The domain uses exactly this pool. Another one that underlay gave it is replaced; one that somebody else gave it is a failure.",
    "absent leaves the domain, with a warning, while an AAEP, an L3Out or an EPG uses it.",
  ],
  example: `
- name: Routed domain
  aci.domain:
    type: routed
    name: k8s-l3dom
    vlan_pool: k8s
`,
  desired: ({ args }) => {
    const dn = args.type === "physical" ? physicalDomainDn(args.name) : routedDomainDn(args.name);
    const relation = `${dn}/rsvlanNs`;
    if (args.state === "absent") {
      const uses = USERS[args.type].map((className) => usedByDn(className, dn));
      return [absentUnlessUsed(CLASSES[args.type], dn, uses, [relation])];
    }
    const pool = mo("infraRsVlanNs", relation, { tDn: vlanPoolDn(args.vlan_pool) });
    const because = "the VLANs of the pool that it has would leave the ports of everybody who uses the domain";
    return [mo(CLASSES[args.type], dn), neverMoved(pool, "tDn", because)];
  },
});
