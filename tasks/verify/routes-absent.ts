import pLimit from "p-limit";
import { type Static, Type } from "#typebox";
import type { FoundObject, LeafReader } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { Name, Prefix } from "../aci/arguments.ts";
import { WITHDRAWN } from "../cni/withdrawn.ts";
import { AT_ONCE, type Leaf, Leaves, leafReader } from "./fabric-leaves.ts";
import { domainOf, inDomain, plainAddress, plainPrefix } from "./leaf-objects.ts";
import { entryOf, isEstablished } from "./leaf-peers.ts";
import { hopsOf, nextHops, readRoutes } from "./leaf-route-table.ts";

const Arguments = Type.Object(
  {
    tenant: Name("Tenant of the VRF (fvTenant.name)"),
    vrf: Name("VRF of the L3Out (fvCtx.name)"),
    leaves: Leaves,
    next_hops: Type.Array(Type.String({ format: "ip" }), {
      minItems: 1,
      uniqueItems: true,
      description: "Addresses of the nodes that nothing may be routed to (uribv4Nexthop.addr, bgpPeerEntry.addr)",
    }),
    prefixes: Type.Array(Prefix, {
      default: [],
      description: "Prefixes that may not be there at all, whatever their next hop is",
    }),
    required: Type.Boolean({
      default: true,
      description: "False: what is left is told as facts and is no failure, to decide whether there is anything to withdraw",
    }),
    timeout: Type.Integer({ minimum: 0, maximum: 3600, default: 180, description: "Seconds until they are gone" }),
  },
  { additionalProperties: false },
);

/** Proof that nothing is sent to a node any more: only then it may go down (facts cni.md 4.3, 4.5). */
export const routesAbsent = probeTask({
  name: "verify.routes_absent",
  summary: "No leaf has a route to these nodes, or a session with them",
  steps: [],
  on: "apic",
  args: Arguments,
  notes: [
    "Asks all leaves at once. A leaf without the VRF has no routes in it.",
    "Only routes learned over BGP count: a leaf's own adjacency with a node that is up stays.",
    "Leaves that learn a route from another leaf have that leaf as next hop: give `prefixes` to have these looked for too.",
    "Facts: routes, a list of leaf, prefix, next_hop; sessions, a list of leaf and peer.",
  ],
  example: `
- name: No leaf has a route to the node
  verify.routes_absent:
    tenant: k8s
    vrf: calico
    leaves: "{{ underlay.leaves | pick('name', 'node_id', 'pod') }}"
    next_hops: [192.168.2.4]
    timeout: 180
`,
  observe: async (reader, { args }) => {
    const limit = pLimit(AT_ONCE);
    const read = await Promise.all(args.leaves.map((leaf) => limit(() => leftOn(leaf, leafReader(reader, leaf), args))));
    const left: Left[] = [];
    for (const one of read) {
      if (!one.ok) return one;
      left.push(one.value);
    }
    const routes = left.flatMap((one) => one.routes);
    const sessions = left.flatMap((one) => one.established.map((peer) => ({ leaf: one.leaf, peer })));
    return ok({
      facts: { routes: routes.map((route) => ({ ...route })), sessions },
      unmet: args.required ? left.flatMap(reasonsOf) : [],
      message:
        routes.length + sessions.length === 0
          ? `${args.leaves.length} leaves have no route to ${args.next_hops.join(", ")}`
          : `${routes.length} routes and ${sessions.length} sessions are left on ${args.leaves.length} leaves`,
    });
  },
});

/** A route that should be gone. */
interface LeftRoute {
  readonly leaf: string;
  readonly prefix: string;
  /** Of several, the one that was asked for. */
  readonly next_hop: string;
}

/** What a leaf still has. */
interface Left {
  readonly leaf: string;
  readonly routes: readonly LeftRoute[];
  /** Nodes with a session that is up. */
  readonly established: readonly string[];
}

async function leftOn({ name: leaf }: Leaf, reader: LeafReader, args: Static<typeof Arguments>): Promise<Result<Left>> {
  const domain = domainOf(args);
  const hops = new Set(args.next_hops.map(plainAddress));
  const gone = new Set(args.prefixes.map(plainPrefix));
  const [table, entries] = await Promise.all([
    readRoutes(reader, domain, [...hops, ...gone]),
    reader.class("bgpPeerEntry", inDomain("bgpPeerEntry", domain)),
  ]);
  if (!table.ok) return table;
  if (!entries.ok) return entries;
  const routes = table.value.flatMap((route): readonly LeftRoute[] => {
    const prefix = plainPrefix(route.attributes.prefix ?? "");
    const towards = hopsOf(route)
      .filter(isLearned)
      .map(({ attributes }) => plainAddress(attributes.addr ?? ""))
      .filter((hop) => hops.has(hop));
    if (towards.length > 0) return [...new Set(towards)].sort().map((hop) => ({ leaf, prefix, next_hop: hop }));
    return gone.has(prefix) ? [{ leaf, prefix, next_hop: nextHops(route)[0] ?? "none" }] : [];
  });
  return ok({ leaf, routes, established: [...hops].filter((hop) => isEstablished(entryOf(hop, entries.value))).sort() });
}

/** Not an adjacency (`am`), a connected or a static route. */
function isLearned({ attributes: { owner = "bgp-" } }: FoundObject): boolean {
  return owner.startsWith("bgp-");
}

/** Prefixes that are named one by one. */
const NAMED = 4;

/** One line for each leaf and node. */
function reasonsOf({ leaf, routes, established }: Left): readonly string[] {
  const hops = [...new Set([...routes.map((route) => route.next_hop), ...established])];
  return hops.map((hop) => {
    const prefixes = routes.filter((route) => route.next_hop === hop).map(({ prefix }) => prefix);
    const isUp = established.includes(hop);
    if (prefixes.length === 0) return `${leaf}: the session with ${hop} is still Established, without routes; ${HEED}`;
    const more = prefixes.length > NAMED ? ` and ${prefixes.length - NAMED} more` : "";
    return `${leaf}: ${prefixes.slice(0, NAMED).join(", ")}${more} via ${hop}; ${isUp ? `the session is still Established: ${HEED}` : STALE}`;
  });
}

const HEED = `has the CNI not taken the label ${WITHDRAWN} up yet, or do its peers not heed it (run the design playbook)?`;
const STALE =
  "no session, so the route is stale or comes from another leaf: after a restart or power-off without withdrawal, graceful restart keeps it for its restart time (Calico 120 s, kube-router 90 s, Cilium as configured) on top of the hold time";
