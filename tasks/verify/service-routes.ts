import { Type } from "#typebox";
import type { FoundObject, LeafReader } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { Name, Prefix } from "../aci/arguments.ts";
import { domainOf, ofClass, plainAddress, plainPrefix } from "./leaf-objects.ts";

/**
 * White paper, section "Calico routing and BGP configuration", routes of a service: a leaf reaches a service's address through exactly those of
 * its own nodes that have an endpoint. A leaf without such nodes has no BGP next hop of its own, only the fabric's.
 */
export const serviceRoutes = probeTask({
  name: "verify.service_routes",
  summary: "A leaf reaches a service through exactly these of its nodes",
  steps: [],
  on: "leaf",
  args: Type.Object(
    {
      tenant: Name("Tenant of the VRF (fvTenant.name)"),
      vrf: Name("VRF of the L3Out (fvCtx.name)"),
      prefixes: Type.Array(Prefix, { minItems: 1, description: "The service's addresses, /32 and /128" }),
      next_hops: Type.Array(Type.String({ format: "ip" }), {
        description: "Nodes with an endpoint that peer with this leaf; empty: it must have none of its own",
      }),
      timeout: Type.Integer({ minimum: 0, maximum: 3600, default: 60, description: "Seconds until it does" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Counts ECMP: one next hop too many draws traffic to a node without endpoint, one too few leaves a node idle.",
    "Each prefix is compared with the next hops of its own family.",
  ],
  example: `- name: The frontend's address is on the leaves of its nodes
  verify.service_routes:
    tenant: k8s
    vrf: calico
    prefixes: [192.168.10.150/32]
    next_hops: [192.168.2.4, 192.168.2.6]`,
  observe: async (reader, { args }) => {
    const prefixes = [...new Set(args.prefixes.map(plainPrefix))];
    const read = await readRoutes(reader, domainOf(args), prefixes);
    if (!read.ok) return read;
    const routes = prefixes.map((prefix) => ({ prefix, next_hops: ownHops(read.value, prefix) }));
    const wanted = args.next_hops.map(plainAddress);
    const unmet = routes.flatMap(({ prefix, next_hops: found }) => {
      const family = wanted.filter((hop) => hop.includes(":") === prefix.includes(":"));
      return [
        ...family.filter((hop) => !found.includes(hop)).map((hop) => `${prefix}: no next hop ${hop}, which has an endpoint`),
        ...found.filter((hop) => !family.includes(hop)).map((hop) => `${prefix}: next hop ${hop} has no endpoint`),
      ];
    });
    return ok({ facts: { routes }, unmet, message: routes.map(words).join("; ") });
  },
});

function words({ prefix, next_hops: hops }: { readonly prefix: string; readonly next_hops: readonly string[] }): string {
  return hops.length === 0 ? `${prefix}: not from this leaf's nodes` : `${prefix} via ${hops.join(", ")}`;
}

/** The routes of just these prefixes: one query for each family. */
async function readRoutes(
  reader: LeafReader,
  domain: string,
  prefixes: readonly string[],
): Promise<Result<readonly FoundObject[]>> {
  const found: FoundObject[] = [];
  for (const family of new Set(prefixes.map((prefix) => (prefix.includes(":") ? "uribv6" : "uribv4")))) {
    const own = prefixes.filter((prefix) => prefix.includes(":") === (family === "uribv6"));
    const terms = own.map((prefix) => `eq(${family}Route.prefix,"${prefix}")`);
    const read = await reader.class(`${family}Route`, {
      "query-target-filter": `and(wcard(${family}Route.dn,"${domain}/"),${own.length > 1 ? `or(${terms.join(",")})` : terms.join("")})`,
      "rsp-subtree": "full",
      "rsp-subtree-class": `${family}Nexthop`,
    });
    if (!read.ok) return read;
    found.push(...read.value);
  }
  return ok(found);
}

/** Next hops that the leaf has over eBGP from its own nodes, without prefix length. */
function ownHops(routes: readonly FoundObject[], prefix: string): string[] {
  const route = routes.find(({ attributes }) => plainPrefix(attributes.prefix ?? "") === prefix);
  if (route === undefined) return [];
  const hops = [...ofClass(route.children, "uribv4Nexthop"), ...ofClass(route.children, "uribv6Nexthop")];
  const own = hops.filter(({ attributes }) => attributes.routeType === "ebgp");
  return [...new Set(own.map(({ attributes }) => plainAddress(attributes.addr ?? "")))].sort();
}
