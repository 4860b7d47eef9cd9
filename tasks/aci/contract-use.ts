import { Type } from "#typebox";
import { absentMo, absentUnlessUsed, type ManagedObject, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { State } from "./arguments.ts";
import { type ContractUse, epgForms, importedContract, useArguments, useRefusals, useRelations } from "./contract-sides.ts";
import { contractDn, epgDn } from "./names.ts";
import { existing, existingContract } from "./objects.ts";
import { usedByName } from "./uses.ts";

/** White paper, sections on connectivity outside and inside of the fabric: an EPG provides or consumes a contract. */
export const contractUse = declareTask({
  name: "aci.contract_use",
  summary: "An EPG or external EPG provides or consumes a contract",
  steps: [],
  on: "apic",
  args: Type.Object({ ...useArguments, state: State }, { additionalProperties: false, forms: epgForms }),
  notes: [
    "The EPG and the contract must exist; neither is made, changed or marked: only the relation is ours.",
    "A contract of another tenant is imported (vzCPIf, named tenant-contract) and consumed under that name. Its scope must be global, or it does not count between tenants.",
    "The provider's tenant must hold the contract, or common.",
    "absent takes the relation away, and the imported contract when nobody else in the tenant uses it.",
  ],
  example: `
- name: The cluster provides what clients outside may use
  aci.contract_use:
    tenant: k8s
    l3out: calico
    external_epg: default
    contract: calico-web
    role: provider
`,
  refuse: useRefusals,
  desired: ({ args }) => {
    const relations = useRelations(args);
    if (args.state === "absent") return [...relations.map(({ className, dn }) => absentMo(className, dn)), ...withdrawn(args)];
    const epg = existing(args.l3out === undefined ? "fvAEPg" : "l3extInstP", epgDn(args));
    return [...contractOf(args), epg, ...relations.map(({ className, dn }) => mo(className, dn))];
  },
});

/** The contract as the EPG's tenant sees it. */
function contractOf(use: ContractUse): ManagedObject[] {
  const { contract, tenant, contract_tenant = tenant } = use;
  const imported = importedContract(use);
  if (imported === undefined) return [existingContract(contract_tenant, contract)];
  const target = contractDn(contract_tenant, contract);
  const because = `it is consumed in another tenant, ${tenant}, where a narrower one does not count`;
  return [
    { ...existing("vzBrCP", target), requires: [{ property: "scope", oneOf: ["global"], because }] },
    mo("vzCPIf", imported.dn),
    mo("vzRsIf", `${imported.dn}/rsif`, { tDn: target }),
  ];
}

function withdrawn(use: ContractUse): ManagedObject[] {
  const imported = importedContract(use);
  if (imported === undefined) return [];
  const users = ["fvRsConsIf", "vzRsAnyToConsIf"].map((className) =>
    usedByName(use.tenant, className, "tnVzCPIfName", imported.name),
  );
  return [absentUnlessUsed("vzCPIf", imported.dn, users, [`${imported.dn}/rsif`])];
}
