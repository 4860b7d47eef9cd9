import { Type } from "#typebox";
import type { Form } from "../../runner/schema.ts";
import type { Refusal } from "../../runner/task.ts";
import { Name } from "./arguments.ts";
import { type EpgPlace, epgDn, tenantDn } from "./names.ts";

/** Arguments that say which EPG; the schema needs `forms: epgForms` beside them. */
export const epgArguments = {
  tenant: Name("Tenant of the EPG (fvTenant.name)"),
  l3out: Type.Optional(Name("L3Out of the external EPG (l3extOut.name)")),
  external_epg: Type.Optional(Name("External EPG, which must exist (l3extInstP.name)")),
  application_profile: Type.Optional(Name("Application profile of the EPG (fvAp.name)")),
  epg: Type.Optional(Name("EPG, which must exist (fvAEPg.name)")),
};

/** An external EPG, or an EPG inside the fabric. */
export const epgForms = [
  { name: "external EPG", keys: ["l3out", "external_epg"] },
  { name: "EPG inside the fabric", keys: ["application_profile", "epg"] },
] satisfies readonly Form[];

/** Arguments that say how an EPG uses a contract. */
export const useArguments = {
  ...epgArguments,
  contract: Name("Contract (vzBrCP.name)"),
  contract_tenant: Type.Optional(Name("Tenant of the contract; default: the EPG's own, then common")),
  role: Type.Enum(["provider", "consumer", "both"], {
    description: "provider: the EPG offers what the contract permits (fvRsProv); consumer: it uses it (fvRsCons); both",
  }),
};

/** How an EPG uses a contract. */
export interface ContractUse extends EpgPlace {
  readonly contract: string;
  readonly contract_tenant?: string | undefined;
  readonly role: "provider" | "consumer" | "both";
}

/** A contract of another tenant under the name by which this tenant knows it (vzCPIf); undefined: it needs none. */
export function importedContract({ tenant, contract, contract_tenant }: ContractUse): { name: string; dn: string } | undefined {
  if (contract_tenant === undefined || contract_tenant === tenant || contract_tenant === "common") return undefined;
  const name = `${contract_tenant}-${contract}`;
  return { name, dn: `${tenantDn(tenant)}/cif-${name}` };
}

/** The relations of an EPG that make it use a contract: their classes and DNs. */
export function useRelations(use: ContractUse): readonly { readonly className: string; readonly dn: string }[] {
  const epg = epgDn(use);
  const imported = importedContract(use);
  if (imported !== undefined) return [{ className: "fvRsConsIf", dn: `${epg}/rsconsIf-${imported.name}` }];
  return [
    ...(use.role === "consumer" ? [] : [{ className: "fvRsProv", dn: `${epg}/rsprov-${use.contract}` }]),
    ...(use.role === "provider" ? [] : [{ className: "fvRsCons", dn: `${epg}/rscons-${use.contract}` }]),
  ];
}

/** An exported contract can be consumed and not provided (facts 5.1). */
export function useRefusals(use: ContractUse): Refusal[] {
  const imported = importedContract(use);
  if (imported === undefined) return [];
  const refusals: Refusal[] = [];
  if (use.role !== "consumer") {
    refusals.push({
      argument: ["role"],
      message: `cannot be ${use.role}: a contract of another tenant (${use.contract_tenant}) can be consumed only`,
      hint: `keep the contract in the provider's tenant, ${use.tenant}, or in common`,
    });
  }
  if (imported.name.length > 64) {
    refusals.push({ argument: ["contract"], message: `is too long to be imported as ${imported.name} (64 characters at most)` });
  }
  return refusals;
}
