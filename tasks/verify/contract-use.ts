import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { epgForms, useArguments, useRefusals, useRelations } from "../aci/contract-sides.ts";
import { epgDn } from "../aci/names.ts";

/** Proof from the fabric: the EPG's relation to the contract was resolved, and the EPG has no fault. */
export const contractInForce = probeTask({
  name: "verify.contract_use",
  summary: "An EPG's use of a contract is resolved and the EPG has no fault",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      ...useArguments,
      timeout: Type.Integer({ minimum: 0, maximum: 3600, default: 30, description: "Seconds until it is resolved" }),
    },
    { additionalProperties: false, forms: epgForms },
  ),
  notes: [
    "A contract that cannot be found raises F0974 (provider), F0967 (consumer) or F0970 (imported contract).",
    "Faults of the leaves about the EPG count too, such as F0467 for a prefix that another external EPG has.",
    "Whether traffic passes cannot be seen on the controller.",
  ],
  example: `
- name: The contract is in force
  verify.contract_use:
    tenant: k8s
    l3out: calico
    external_epg: default
    contract: calico-web
    role: provider
`,
  refuse: useRefusals,
  observe: async (reader, { args }) => {
    const epg = epgDn(args);
    const unmet: string[] = [];
    for (const { className, dn } of useRelations(args)) {
      const relation = await reader.object(dn);
      if (!relation.ok) return relation;
      const state = relation.value?.attributes.state;
      if (state === undefined) unmet.push(`${dn} does not exist: nobody made the relation, or somebody took it away`);
      else if (state !== "formed") unmet.push(`${dn} is ${state}: ${className} finds no contract of that name`);
    }
    const faults = await reader.class("faultInst", { "query-target-filter": `wcard(faultInst.dn,"${epg}")` });
    if (!faults.ok) return faults;
    for (const { dn, attributes } of faults.value) {
      const about = dn.includes(`${epg}/`) || dn.includes(`[${epg}]`);
      if (!about || attributes.severity === "cleared") continue;
      unmet.push(`${attributes.code} ${attributes.severity}: ${attributes.descr ?? ""} (${dn})`);
    }
    return ok({ unmet, message: `${epg}: ${args.role} of ${args.contract}, no fault` });
  },
});
