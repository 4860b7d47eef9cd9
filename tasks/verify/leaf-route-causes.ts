import type { FoundObject, LeafReader } from "../../runner/connect/managed-object.ts";
import { flagsOf, inDomain, lies, ofClass, plainPrefix } from "./leaf-objects.ts";

/** What BGP on the leaf and the tenant's match rules say; read only when a route is missing. */
export interface RouteEvidence {
  /** bgpPath objects by prefix, also of routes that BGP did not accept; undefined when they could not be read. */
  readonly paths: ReadonlyMap<string, readonly FoundObject[]> | undefined;
  /** rtctrlMatchRtDest objects of the tenant; undefined when they could not be read. */
  readonly permitted: readonly FoundObject[] | undefined;
}

/** Reads what helps to name a cause. A query that fails leaves its part out. */
export async function gatherRouteEvidence(
  reader: LeafReader,
  domain: string,
  tenant: string,
  missing: readonly string[],
): Promise<RouteEvidence> {
  const wanted = new Set(missing);
  const [bgp, rules] = await Promise.all([
    reader.class("bgpRoute", inDomain("bgpRoute", domain, ["bgpPath"])),
    reader.object(`uni/tn-${tenant}`, { "rsp-subtree": "full", "rsp-subtree-class": "rtctrlSubjP,rtctrlMatchRtDest" }),
  ]);
  const routes = bgp.ok
    ? bgp.value.map((route) => [plainPrefix(route.attributes.pfx ?? ""), ofClass(route.children, "bgpPath")] as const)
    : [];
  return {
    paths: bgp.ok ? new Map(routes.filter(([prefix]) => wanted.has(prefix))) : undefined,
    permitted: rules.ok && rules.value !== undefined ? ofClass([rules.value], "rtctrlMatchRtDest") : undefined,
  };
}

/** Why a route is missing, as far as it can be read: `no match rule of the tenant permits it (step 10)`. */
export function routeCause(prefix: string, present: boolean, evidence: RouteEvidence | undefined): string {
  if (present) return "the route has no next hop";
  const paths = evidence?.paths?.get(prefix) ?? [];
  const tooLong = paths.find((path) => flagsOf(path, "flags").includes("max-as-limit"));
  if (tooLong !== undefined) {
    return `received, but its AS path ${tooLong.attributes.asPath ?? ""} is longer than the maximum AS limit allows (step 8)`;
  }
  const refused = notPermitted(prefix, evidence?.permitted);
  if (refused !== undefined) return `no route: ${refused}`;
  if (paths.length > 0) return "received, but not used: import route map (step 10) or prefix limit (step 13)?";
  return "no route: no node announces it, or not to this fabric: is the session of its node up, and does the prefix limit (step 13) cut it?";
}

/** What the match rules say against a prefix; undefined when they permit it, or when there are none to judge by. */
function notPermitted(prefix: string, rules: readonly FoundObject[] | undefined): string | undefined {
  if (rules === undefined || rules.length === 0) return undefined;
  const covering = rules.filter(({ attributes }) => lies(prefix, attributes.ip ?? ""));
  const first = covering[0];
  if (first === undefined) return "no match rule of the tenant permits it, so the import route map refuses it (step 10)";
  const permits = covering.some(
    ({ attributes }) =>
      attributes.aggregate === "yes" || attributes.aggregate === "true" || plainPrefix(attributes.ip ?? "") === prefix,
  );
  if (permits) return undefined;
  return `the match rule has ${first.attributes.ip} without aggregate, which does not permit longer prefixes (step 10)`;
}
