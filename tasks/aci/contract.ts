import { Type } from "#typebox";
import { absentUnlessUsed, type ManagedObject, mo, type Use } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Name, State } from "./arguments.ts";
import { entryProperties, entryRefusals, FilterEntry } from "./contract-entries.ts";
import { contractDn, filterDn, serviceGraphDn } from "./names.ts";
import { existing, existingContract } from "./objects.ts";
import { usedByDn, usedByName } from "./uses.ts";

/**
 * White paper, sections on connectivity outside and inside of the fabric and Segmentation: what may pass between two EPGs. One filter and one
 * subject, both named after the contract (facts 5.1).
 */
export const contract = declareTask({
  name: "aci.contract",
  summary: "Contract with its filter and subject, or the check that one exists",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      tenant: Name("Tenant of the contract (fvTenant.name)"),
      name: Name("Contract; its filter and subject have the same name (vzBrCP.name, vzFilter.name, vzSubj.name)"),
      scope: Type.Enum(["application-profile", "context", "tenant", "global"], {
        default: "context",
        description: "Between which EPGs it counts; context: those of one VRF (vzBrCP.scope)",
      }),
      entries: Type.Array(FilterEntry, {
        default: [],
        description: "What may pass: the filter holds exactly these (vzEntry). Empty: the contract must exist, and is left alone",
      }),
      service_graph: Type.String({
        pattern: "^[a-zA-Z0-9_.:-]{0,64}$",
        default: "",
        description:
          "Service graph that traffic takes, whose template must exist; empty: none (vzRsSubjGraphAtt.tnVnsAbsGraphName)",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Without entries the contract belongs to somebody else: it must exist in the tenant or in common, and is never changed.",
    "The answers to what passes pass too (vzSubj.revFltPorts, yes by default).",
    "absent leaves contract and filter, with a warning, while an EPG, vzAny or an exported contract uses them.",
    "A service graph template (vnsAbsGraph) is never made: devices and redirect policies belong to it.",
  ],
  example: `
- name: Web from outside
  aci.contract:
    tenant: k8s
    name: calico-web
    entries:
      - { name: https, protocol: tcp, port: 443 }
      - { name: alternative, protocol: tcp, port: 8000-8100 }
`,
  refuse: ({ entries, service_graph }) => {
    if (entries.length > 0 || service_graph === "") return entryRefusals(entries);
    const message = "needs entries: a contract without them belongs to somebody else and is left alone";
    return [{ argument: ["service_graph"], message }];
  },
  desired: ({ args }) => {
    const { tenant, name, entries } = args;
    if (entries.length === 0) return args.state === "absent" ? [] : [existingContract(tenant, name)];
    const dn = contractDn(tenant, name);
    const subject = `${dn}/subj-${name}`;
    const filter = filterDn(tenant, name);
    const lines = entries.map((entry) => ({ dn: `${filter}/e-${entry.name}`, entry }));
    if (args.state === "absent") {
      const inSubjects = usedByName(tenant, "vzRsSubjFiltAtt", "tnVzFilterName", name);
      return [
        absentUnlessUsed("vzBrCP", dn, usesOf(tenant, name), [subject]),
        absentUnlessUsed(
          "vzFilter",
          filter,
          [inSubjects],
          lines.map((line) => line.dn),
        ),
      ];
    }
    return [
      mo("vzFilter", filter, {}, ["vzEntry"]),
      ...lines.map((line) => mo("vzEntry", line.dn, entryProperties(line.entry))),
      mo("vzBrCP", dn, { scope: args.scope }),
      mo("vzSubj", subject, {}, args.service_graph === "" ? ["vzRsSubjGraphAtt"] : []),
      mo("vzRsSubjFiltAtt", `${subject}/rssubjFiltAtt-${name}`),
      ...graphOf(tenant, subject, args.service_graph),
    ];
  },
});

function graphOf(tenant: string, subject: string, graph: string): ManagedObject[] {
  if (graph === "") return [];
  const template = existing("vnsAbsGraph", serviceGraphDn(tenant, graph));
  return [
    { ...template, orElse: [serviceGraphDn("common", graph)] },
    mo("vzRsSubjGraphAtt", `${subject}/rsSubjGraphAtt`, { tnVnsAbsGraphName: graph }),
  ];
}

/** Who may use a contract: EPGs of either kind, vzAny of a VRF, and tenants that it is exported to (facts 5.1). */
function usesOf(tenant: string, name: string): readonly Use[] {
  const classes = ["fvRsProv", "fvRsCons", "fvRsIntraEpg", "vzRsAnyToProv", "vzRsAnyToCons"];
  return [
    ...classes.map((className) => usedByName(tenant, className, "tnVzBrCPName", name)),
    usedByDn("vzRsIf", contractDn(tenant, name)),
  ];
}
