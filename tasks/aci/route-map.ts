import { Type } from "#typebox";
import { absentMo, absentUnlessUsed, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { L3OutName, Name, Prefix, State, Tenant } from "./arguments.ts";
import { l3outDn, tenantDn } from "./names.ts";
import { usedByName } from "./uses.ts";

/**
 * White paper step 10: the route map of one direction. `default-import` and `default-export` are names with a meaning: below an L3Out
 * they apply to the whole of it. The match rule holds the prefixes, and both directions may share one.
 */
export const routeMap = declareTask({
  name: "aci.route_map",
  summary: "Route map default-import or default-export with its match rule",
  steps: [10],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      direction: Type.Enum(["import", "export"], {
        description: "Profile default-import or default-export (rtctrlProfile.name)",
      }),
      context: Name("Context of the profile (rtctrlCtxP.name)"),
      order: Type.Integer({
        minimum: 0,
        maximum: 9,
        default: 0,
        description: "Place of the context in the profile (rtctrlCtxP.order)",
      }),
      match_rule: Name("Match rule in the tenant (rtctrlSubjP.name)"),
      prefixes: Type.Array(Prefix, { minItems: 1, uniqueItems: true, description: "Prefixes to permit (rtctrlMatchRtDest.ip)" }),
      aggregate: Type.Boolean({
        default: true,
        description: "Permit longer prefixes too: pod blocks and service addresses (rtctrlMatchRtDest.aggregate)",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "The match rule holds exactly these prefixes: others are removed. Import and export that share a rule must list the same prefixes.",
    "The type is combinable: the map adds to what the external EPG's subnets allow.",
    "absent removes the profile; the match rule goes with the last context that uses it, so that none is left without its rule.",
    "Both address families may share a match rule.",
  ],
  example: `
- name: Step 10 - Route map for import
  aci.route_map:
    tenant: k8s
    l3out: calico
    direction: import
    context: calico
    match_rule: calico-prefixes
    prefixes: [192.168.2.0/24, 10.1.0.0/16]
`,
  desired: ({ args }) => {
    const rule = `${tenantDn(args.tenant)}/subj-${args.match_rule}`;
    const profile = `${l3outDn(args.tenant, args.l3out)}/prof-default-${args.direction}`;
    const context = `${profile}/ctx-${args.context}`;
    const destinations = args.prefixes.map((prefix) => `${rule}/dest-[${prefix}]`);
    if (args.state === "absent") {
      const use = usedByName(args.tenant, "rtctrlRsCtxPToSubjP", "tnRtctrlSubjPName", args.match_rule);
      return [absentMo("rtctrlProfile", profile), absentUnlessUsed("rtctrlSubjP", rule, [use], destinations)];
    }
    return [
      mo("rtctrlSubjP", rule, {}, ["rtctrlMatchRtDest"]),
      ...destinations.map((dn) => mo("rtctrlMatchRtDest", dn, { aggregate: args.aggregate })),
      mo("rtctrlProfile", profile, { type: "combinable" }),
      mo("rtctrlCtxP", context, { action: "permit", order: args.order }, ["rtctrlRsCtxPToSubjP"]),
      mo("rtctrlRsCtxPToSubjP", `${context}/rsctxPToSubjP-${args.match_rule}`),
    ];
  },
});
