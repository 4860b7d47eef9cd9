import { Type } from "#typebox";
import { absentMo, absentUnlessUsed, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Name, Prefix, State } from "./arguments.ts";
import { l3outDn, tenantDn } from "./names.ts";
import { existing } from "./objects.ts";
import { usedByName } from "./uses.ts";

/**
 * White paper, section on transit routing: another L3Out tells its routers about the cluster. The export flag of a subnet is for exactly that
 * prefix, so the pods' blocks and services need a route map with aggregate (facts 5.2).
 */
export const transitExport = declareTask({
  name: "aci.transit_export",
  summary: "Another L3Out announces the cluster's prefixes, longer ones too",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      tenant: Name("Tenant of the other L3Out (fvTenant.name)"),
      l3out: Name("The other L3Out, which must exist (l3extOut.name)"),
      context: Name("Context of our own in its default-export (rtctrlCtxP.name)"),
      order: Type.Integer({
        minimum: 0,
        maximum: 9,
        default: 9,
        description:
          "Place of the context (rtctrlCtxP.order). The last, so that its owner's contexts decide first; a smaller one goes before a context that denies everything",
      }),
      match_rule: Name("Match rule in its tenant, of our own (rtctrlSubjP.name)"),
      prefixes: Type.Array(Prefix, {
        minItems: 1,
        uniqueItems: true,
        description: "Prefixes of the cluster; longer ones are announced too (rtctrlMatchRtDest.ip, aggregate)",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "The L3Out belongs to somebody else: only the context and the match rule are ours. Contexts of others stay.",
    "Its route map default-export is made when there is none (type combinable); the type of one that exists is left alone.",
    "absent takes away context and match rule, and the route map if we made it and no context is left.",
  ],
  example: `
- name: The routers outside learn pods and services
  aci.transit_export:
    tenant: k8s
    l3out: wan
    context: calico
    match_rule: calico-transit
    prefixes: [192.168.2.0/24, 10.1.0.0/16, 192.168.8.0/22]
`,
  desired: ({ args }) => {
    const rule = `${tenantDn(args.tenant)}/subj-${args.match_rule}`;
    const out = l3outDn(args.tenant, args.l3out);
    const profile = `${out}/prof-default-export`;
    const context = `${profile}/ctx-${args.context}`;
    const destinations = args.prefixes.map((prefix) => `${rule}/dest-[${prefix}]`);
    if (args.state === "absent") {
      const use = usedByName(args.tenant, "rtctrlRsCtxPToSubjP", "tnRtctrlSubjPName", args.match_rule);
      return [
        absentMo("rtctrlCtxP", context),
        { ...absentUnlessUsed("rtctrlProfile", profile, []), keptBy: ["rtctrlCtxP"] },
        absentUnlessUsed("rtctrlSubjP", rule, [use], destinations),
      ];
    }
    return [
      existing("l3extOut", out),
      mo("rtctrlSubjP", rule, {}, ["rtctrlMatchRtDest"]),
      ...destinations.map((dn) => mo("rtctrlMatchRtDest", dn, { aggregate: true })),
      mo("rtctrlProfile", profile),
      mo("rtctrlCtxP", context, { action: "permit", order: args.order }, ["rtctrlRsCtxPToSubjP"]),
      mo("rtctrlRsCtxPToSubjP", `${context}/rsctxPToSubjP-${args.match_rule}`),
    ];
  },
});
