import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { Name, Prefix } from "../aci/arguments.ts";
import { domainOf, plainPrefix } from "./leaf-objects.ts";
import { gatherRouteEvidence, routeCause } from "./leaf-route-causes.ts";
import { nextHops, readRoutes } from "./leaf-route-table.ts";

/** Proof from the fabric's side: the leaf can reach every one of these prefixes, such as the pod blocks of all nodes. */
export const leafRoutes = probeTask({
  name: "verify.leaf_routes",
  summary: "A leaf has a route for each of these prefixes",
  steps: [],
  on: "leaf",
  args: Type.Object(
    {
      tenant: Name("Tenant of the VRF (fvTenant.name)"),
      vrf: Name("VRF of the L3Out (fvCtx.name)"),
      prefixes: Type.Array(Prefix, {
        minItems: 1,
        description:
          "Prefixes that must be in the routing table, exactly, of either family (uribv4Route.prefix, uribv6Route.prefix)",
      }),
      timeout: Type.Integer({ minimum: 0, maximum: 3600, default: 60, description: "Seconds until all routes are there" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "A covering route does not count: the pod block itself must be there.",
    "Facts: routes, a list of prefix and next_hops.",
  ],
  example: `
- name: A route for every pod block
  verify.leaf_routes:
    tenant: k8s
    vrf: calico
    prefixes: [10.1.39.0/26, 10.1.81.0/26]
    timeout: 120
`,
  observe: async (reader, { args }) => {
    const domain = domainOf(args);
    const wanted = [...new Set(args.prefixes.map(plainPrefix))];
    const read = await readRoutes(reader, domain, wanted);
    if (!read.ok) return read;
    const byPrefix = new Map(read.value.map((route) => [plainPrefix(route.attributes.prefix ?? ""), route]));
    const routes = wanted.map((prefix) => ({ prefix, next_hops: nextHops(byPrefix.get(prefix)) }));
    const missing = routes.filter(({ next_hops }) => next_hops.length === 0).map(({ prefix }) => prefix);
    const evidence = missing.length === 0 ? undefined : await gatherRouteEvidence(reader, domain, args.tenant, missing);
    return ok({
      facts: { routes },
      unmet: missing.map((prefix) => `${prefix}: ${routeCause(prefix, byPrefix.has(prefix), evidence)}`),
      message: `${routes.length - missing.length} of ${routes.length} routes present`,
    });
  },
});
