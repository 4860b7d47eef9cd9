import type { FoundObject, LeafReader } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";
import { inDomain, ofClass, plainAddress } from "./leaf-objects.ts";

/** Routes of the VRF with their next hops: one query for each address family that any of these prefixes or addresses has. */
export async function readRoutes(
  reader: LeafReader,
  domain: string,
  wanted: readonly string[],
): Promise<Result<readonly FoundObject[]>> {
  const families = new Set(wanted.map((prefix) => (prefix.includes(":") ? "uribv6" : "uribv4")));
  const found: FoundObject[] = [];
  for (const family of families) {
    const read = await reader.class(`${family}Route`, inDomain(`${family}Route`, domain, [`${family}Nexthop`]));
    if (!read.ok) return read;
    found.push(...read.value);
  }
  return ok(found);
}

/** Next hops of a route (uribv4Nexthop, uribv6Nexthop). */
export function hopsOf(route: FoundObject | undefined): FoundObject[] {
  if (route === undefined) return [];
  return [...ofClass(route.children, "uribv4Nexthop"), ...ofClass(route.children, "uribv6Nexthop")];
}

/** Addresses of the next hops, sorted; the leaf writes them with host length. */
export function nextHops(route: FoundObject | undefined): string[] {
  return hopsOf(route)
    .map(({ attributes }) => plainAddress(attributes.addr ?? ""))
    .sort();
}
