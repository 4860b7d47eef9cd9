import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { Name, Prefix } from "../aci/arguments.ts";
import { l3outDn } from "../aci/names.ts";
import { exportOf, readExportPolicy } from "./export-policy.ts";

/** What another L3Out lets out of the cluster's prefixes, and what it lacks (paper, transit routing; facts 5.2). */
export const exportedPrefixes = probeTask({
  name: "verify.exported_prefixes",
  summary: "Another L3Out announces the cluster's prefixes, longer ones too",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      tenant: Name("Tenant of the other L3Out (fvTenant.name)"),
      l3out: Name("The other L3Out (l3extOut.name)"),
      prefixes: Type.Array(Prefix, { minItems: 1, description: "The cluster's prefixes" }),
      required: Type.Boolean({
        default: true,
        description: "True: what is lacking is a failure; false: a warning, because the L3Out belongs to somebody else",
      }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "It reads the route map default-export with its match rules, and the export-rtctrl subnets of the external EPGs.",
    "An export-rtctrl subnet is for exactly its prefix: pod blocks and service addresses below it stay inside.",
    "Facts: lacking, the prefixes that are not announced with the longer ones below them.",
  ],
  example: `
- name: What the other L3Out lacks
  verify.exported_prefixes:
    tenant: k8s
    l3out: wan
    prefixes: [10.1.0.0/16, 192.168.8.0/22]
    required: false
`,
  observe: async (reader, { args }) => {
    const out = l3outDn(args.tenant, args.l3out);
    const policy = await readExportPolicy(reader, out);
    if (!policy.ok) return policy;
    const { value } = policy;
    if (value === undefined) return ok({ unmet: [`${out} does not exist`] });
    const lacking = args.prefixes.flatMap((prefix) => {
      const why = REASONS[exportOf(value, prefix)];
      return why === undefined ? [] : [{ prefix, text: `${out} does not announce ${prefix} with what is longer: ${why}` }];
    });
    const texts = lacking.length === 0 ? [] : [...lacking.map(({ text }) => text), WHAT_TO_DO];
    return ok({
      facts: { lacking: lacking.map(({ prefix }) => prefix) },
      unmet: args.required ? texts : [],
      warnings: args.required ? [] : texts,
      message: `${args.prefixes.length - lacking.length} of ${args.prefixes.length} prefixes announced by ${out}`,
    });
  },
});

const REASONS: Readonly<Record<ReturnType<typeof exportOf>, string | undefined>> = {
  longer: undefined,
  exact: "only the prefix itself is (export-rtctrl and match rules without aggregate are exact)",
  denied: "a context of default-export denies it",
  none: "no context of default-export permits it",
};

const WHAT_TO_DO =
  "say transit.export_prefixes: true and underlay adds a context of its own, or ask the L3Out's owner for a context in default-export whose match rule holds these prefixes with aggregate";
