import pLimit from "p-limit";
import { type Static, Type } from "#typebox";
import type { LeafReader } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { Asn, Name, Prefix } from "../aci/arguments.ts";
import { AT_ONCE, type Leaf, Leaves, leafReader } from "./fabric-leaves.ts";
import { domainOf, ofClass, plainAddress, plainPrefix } from "./leaf-objects.ts";
import { entryOf, isEstablished, readPeers } from "./leaf-peers.ts";
import { gatherRouteEvidence, routeCause } from "./leaf-route-causes.ts";
import { nextHops, readRoutes } from "./leaf-route-table.ts";
import { gatherEvidence, misconfigured, sessionCause } from "./leaf-session-causes.ts";

const Session = Type.Object({
  node: Type.String({ minLength: 1, description: "Name of the node" }),
  leaf: Type.String({ minLength: 1, description: "Inventory name of the leaf" }),
  family: Type.Enum(["ipv4", "ipv6"]),
  local_address: Type.String({ format: "ip", description: "The node's address (bgpPeerEntry.addr)" }),
});

const Arguments = Type.Object(
  {
    tenant: Name("Tenant of the VRF (fvTenant.name)"),
    vrf: Name("VRF of the L3Out (fvCtx.name)"),
    asn: Asn,
    leaves: Leaves,
    sessions: Type.Array(Session, {
      minItems: 1,
      description: "The planned sessions of these nodes (`underlay.sessions`); more keys than these are there and not looked at",
    }),
    prefixes: Type.Record(Type.String(), Type.Array(Prefix), {
      description: "Pod prefixes by node (fact `by_node` of calico.pod_blocks, kube_router.pod_prefixes, cilium.pod_prefixes)",
    }),
    shared: Type.Array(Prefix, {
      default: [],
      description: "Prefixes that every node announces: the service ranges with Calico",
    }),
    timeout: Type.Integer({ minimum: 0, maximum: 3600, default: 180, description: "Seconds until all of it is so" }),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof Arguments>;
type Session = Static<typeof Session>;

/** Proof for some nodes on the whole fabric: their sessions, their pods through them, their share of what all announce. */
export const nodeRoutes = probeTask({
  name: "verify.node_routes",
  summary: "These nodes have their sessions with the leaves, and every leaf has their routes",
  steps: [],
  on: "apic",
  args: Arguments,
  notes: [
    "On the leaves that a node peers with, each of its prefixes has the node's address of that family as next hop, and so have the shared ones. On the others each prefix is there, over whatever leaf.",
    "Asks all leaves at once. A leaf without a session of these nodes that has nothing of the VRF is left out: a standard SVI brings the VRF to leaves with nodes only.",
    "Facts: sessions and routes, each with expected and found; left_out, names of leaves.",
  ],
  example: `
- name: Sessions and routes of these nodes on the leaves
  verify.node_routes:
    tenant: k8s
    vrf: calico
    asn: 65003
    leaves: "{{ underlay.leaves | pick('name', 'node_id', 'pod') }}"
    sessions: "{{ underlay.sessions | selectattr('node', 'in', ['worker-7']) | list }}"
    prefixes: { worker-7: [10.1.39.0/26] }
    shared: [192.168.8.0/22]
`,
  observe: async (reader, { args }) => {
    const limit = pLimit(AT_ONCE);
    const read = await Promise.all(args.leaves.map((leaf) => limit(() => seenOn(leaf, leafReader(reader, leaf), args))));
    const seen: Seen[] = [];
    for (const one of read) {
      if (!one.ok) return one;
      seen.push(one.value);
    }
    const total = (what: "sessions" | "routes") =>
      seen.reduce((sum, one) => ({ expected: sum.expected + one[what].expected, found: sum.found + one[what].found }), {
        expected: 0,
        found: 0,
      });
    const unknown = args.sessions.filter(({ leaf }) => !args.leaves.some(({ name }) => name === leaf));
    const [sessions, routes] = [total("sessions"), total("routes")];
    const asked = seen.filter(({ isLeftOut }) => !isLeftOut).length;
    return ok({
      facts: { sessions, routes, left_out: seen.filter(({ isLeftOut }) => isLeftOut).map(({ leaf }) => leaf) },
      unmet: [
        ...unknown.map(
          ({ node, leaf }) => `${node} should have a session with ${leaf}, which is not among the leaves that are asked`,
        ),
        ...seen.flatMap((one) => one.unmet),
      ],
      message: `${sessions.found} of ${sessions.expected} sessions Established, ${routes.found} of ${routes.expected} routes on ${asked} leaves`,
    });
  },
});

interface Counted {
  readonly expected: number;
  readonly found: number;
}

/** What one leaf has. */
interface Seen {
  readonly leaf: string;
  readonly sessions: Counted;
  readonly routes: Counted;
  readonly unmet: readonly string[];
  readonly isLeftOut: boolean;
}

/** A prefix that a leaf must have; with a node's address as next hop where that node peers with the leaf. */
interface WantedRoute {
  readonly prefix: string;
  readonly through: Session | undefined;
}

async function seenOn({ name: leaf }: Leaf, reader: LeafReader, args: Arguments): Promise<Result<Seen>> {
  const domain = domainOf(args);
  const own = args.sessions.filter((session) => session.leaf === leaf);
  const wanted = wantedRoutes(own, args);
  const peers = await readPeers(reader, domain);
  if (!peers.ok) return peers;
  const table = await readRoutes(
    reader,
    domain,
    wanted.map(({ prefix }) => prefix),
  );
  if (!table.ok) return table;
  const none = { expected: 0, found: 0 };
  if (own.length === 0 && peers.value.length === 0 && table.value.length === 0) {
    return ok({ leaf, sessions: none, routes: none, unmet: [], isLeftOut: true });
  }

  const entries = ofClass(peers.value, "bgpPeerEntry");
  const addresses = own.map(({ local_address: address }) => address);
  const down = own.filter(({ local_address: address }) => !isEstablished(entryOf(address, entries)));
  const evidence = down.length === 0 ? undefined : await gatherEvidence(reader, domain, args.tenant, addresses);
  const causes = down.map(({ node, local_address: peer }) => {
    const cause = sessionCause({ peer, entry: entryOf(peer, entries), configured: peers.value, asn: args.asn, evidence });
    return `${node} (${peer}): ${cause}`;
  });

  const byPrefix = new Map(table.value.map((route) => [plainPrefix(route.attributes.prefix ?? ""), nextHops(route)]));
  const missing = wanted.filter(({ prefix, through }) => {
    const hops = byPrefix.get(prefix) ?? [];
    return through === undefined ? hops.length === 0 : !hops.includes(plainAddress(through.local_address));
  });
  // Without the session there is no route either: that is told once.
  const told = missing.filter(({ through }) => through === undefined || !down.includes(through));
  const absent = [...new Set(told.map(({ prefix }) => prefix))];
  const routing = absent.length === 0 ? undefined : await gatherRouteEvidence(reader, domain, args.tenant, absent);
  const lines = told.map(({ prefix, through }) => {
    const hops = byPrefix.get(prefix);
    if (through === undefined || hops === undefined || hops.length === 0) {
      return `${prefix}: ${routeCause(prefix, hops !== undefined, routing)}`;
    }
    const hop = `${through.node} (${through.local_address})`;
    return `${prefix}: via ${hops.join(", ")}, but not via ${hop}: the node does not announce it, or ECMP (steps 11, 12) or the prefix limit (step 13) leaves its path out`;
  });
  return ok({
    leaf,
    sessions: { expected: own.length, found: own.length - down.length },
    routes: { expected: wanted.length, found: wanted.length - missing.length },
    unmet: [...new Set([...causes, ...misconfigured(addresses, peers.value), ...lines, ...(evidence?.faults ?? [])])].map(
      (line) => `${leaf}: ${line}`,
    ),
    isLeftOut: false,
  });
}

/** Pod prefixes of each node and what all nodes announce. */
function wantedRoutes(own: readonly Session[], { prefixes, shared, sessions }: Arguments): readonly WantedRoute[] {
  const isFamily = (prefix: string) => (session: Session) => (session.family === "ipv6") === prefix.includes(":");
  const nodes = new Set(sessions.map(({ node }) => node));
  const pods = Object.entries(prefixes).flatMap(([node, list]) =>
    nodes.has(node)
      ? list.map(plainPrefix).map((prefix): WantedRoute => {
          return { prefix, through: own.filter(isFamily(prefix)).find((session) => session.node === node) };
        })
      : [],
  );
  const ranges = shared.map(plainPrefix).flatMap((prefix): readonly WantedRoute[] => {
    const through = own.filter(isFamily(prefix));
    return through.length === 0 ? [{ prefix, through: undefined }] : through.map((session) => ({ prefix, through: session }));
  });
  return [...pods, ...ranges];
}
