import { Type } from "#typebox";
import { absentUnlessUsed, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Name, State } from "./arguments.ts";
import { aaepDn, physicalDomainDn, routedDomainDn } from "./names.ts";
import { usedByDn } from "./uses.ts";

/** White paper, floating SVI: the AAEP of the nodes' ports holds the routed domain (L3Out) and the physical domain (floating SVI). */
export const aaep = declareTask({
  name: "aci.aaep",
  summary: "Attachable access entity profile with the cluster's domains",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      name: Name("AAEP (infraAttEntityP.name)"),
      physical_domains: Type.Array(Name("Physical domain"), {
        default: [],
        uniqueItems: true,
        description: "Physical domains (infraRsDomP.tDn uni/phys-NAME)",
      }),
      routed_domains: Type.Array(Name("Routed domain"), {
        default: [],
        uniqueItems: true,
        description: "Routed domains (infraRsDomP.tDn uni/l3dom-NAME)",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Other domains of the AAEP stay.",
    "absent leaves the AAEP, with a warning, while a policy group uses it or it holds domains of somebody else. In an AAEP that was there before, only those of the listed domains go that underlay added.",
  ],
  example: `
- name: AAEP with both domains
  aci.aaep:
    name: k8s
    physical_domains: [k8s-phys]
    routed_domains: [k8s-l3dom]
`,
  desired: ({ args }) => {
    const dn = aaepDn(args.name);
    const domains = [...args.physical_domains.map(physicalDomainDn), ...args.routed_domains.map(routedDomainDn)];
    const relations = domains.map((domain) => `${dn}/rsdomP-[${domain}]`);
    if (args.state === "absent") return [absentUnlessUsed("infraAttEntityP", dn, [usedByDn("infraRsAttEntP", dn)], relations)];
    return [mo("infraAttEntityP", dn), ...relations.map((relation) => mo("infraRsDomP", relation))];
  },
});
