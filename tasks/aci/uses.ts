import type { Use } from "../../runner/connect/managed-object.ts";
import { tenantDn } from "./names.ts";

/** How others use shared objects: relations by name, and relations by DN (facts 2.3). An object stays while one of them is left. */

/** Relations of this class that name a policy of the tenant. A policy in `common` serves all tenants. */
export function usedByName(tenant: string, className: string, property: string, name: string): Use {
  const use: Use = { className, property, value: name, match: "is" };
  return tenant === "common" ? use : { ...use, within: tenantDn(tenant) };
}

/** Relations of this class whose target is this DN. */
export function usedByDn(className: string, dn: string): Use {
  return { className, property: "tDn", value: dn, match: "is" };
}

/** Interfaces of L3Outs and EPGs on a path whose DN begins or ends like this: `/pathep-[k8s-node1]`. */
export function usedByPaths(match: "begins" | "ends", value: string): readonly Use[] {
  return ["l3extRsPathL3OutAtt", "fvRsPathAtt"].map((className) => ({ className, property: "tDn", value, match }));
}
