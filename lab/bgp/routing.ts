import type { LabRoute, LabRouting } from "../parts.ts";
import { type Attempts, attemptsOf, type RoutingInput } from "./attempts.ts";
import { exportRoutes, type NodeRoute, senderOf } from "./export-routes.ts";
import { gatewaysOf, type NodeGateways } from "./gateways.ts";
import { type Import, importRoutes, type LeafPath, type Rejected } from "./import-routes.ts";
import type { LeafDomain } from "./leaf-domain.ts";
import { type BestRoute, leafRoutes } from "./leaf-routes.ts";
import { type LeafVrf, leafVrfs } from "./leaf-vrfs.ts";
import { reexportedRoutes } from "./reexports.ts";
import { publicSession, type Session } from "./sessions.ts";
import type { Speaker } from "./speaker.ts";

/** What the leaves have at a moment: the sessions as they are, and routes kept of sessions that are down. */
export interface Standing {
  readonly sessions: readonly Session[];
  readonly stale: readonly LeafPath[];
}

/** Counters of a session at both ends. */
export interface SessionCount {
  readonly leafId: number;
  readonly node: string;
  readonly vrf: string;
  /** The leaf's peer that the session belongs to, as configured: `192.168.2.0/24`; undefined when it has none. */
  readonly peer: string | undefined;
  /** Whether the leaf signs the session (TCP MD5). */
  readonly password: boolean;
  /** Prefixes that came from the node, before and after the leaf's import policy. */
  readonly received: number;
  readonly accepted: number;
  /** Prefixes that the leaf sent, and how many of them the node took. */
  readonly sent: number;
  readonly acceptedByNode: number;
  readonly overLimit: boolean;
  readonly domain: LeafDomain | undefined;
  /** Seconds; the lower one of what both ends offer. */
  readonly hold: number;
}

/** Everything the model finds out, beyond what other parts need. */
export interface Routing extends LabRouting {
  /** With the VRF whose table holds it, `T:V`. */
  readonly routes: readonly (LabRoute & { readonly tableVrf: string })[];
  /** In the order of `sessions`. */
  readonly counts: readonly SessionCount[];
  readonly vrfs: readonly LeafVrf[];
  /** BGP programs that run on nodes, with the peers they have. */
  readonly agents: readonly Speaker[];
  readonly nodeRoutes: readonly NodeRoute[];
  readonly rejected: readonly Rejected[];
  readonly gateways: readonly NodeGateways[];
  /** Nodes whose default gateway does not answer them, and why. */
  readonly unreachable: readonly { readonly node: string; readonly reason: string }[];
  /** The sessions with both ends, and the leaves' tables, for the programs in the pods. */
  readonly links: readonly Session[];
  /** What the leaves hold of the nodes' routes, also the stale ones. */
  readonly paths: readonly LeafPath[];
  readonly tables: readonly BestRoute[];
}

/**
 * From configuration to sessions and routes, as they are when nothing has happened before. Pure: the same input gives the same output,
 * whatever the order of its parts.
 */
export function computeRouting(input: RoutingInput): Routing {
  const attempts = attemptsOf(input);
  return routingOf(input, attempts, { sessions: attempts.sessions, stale: [] });
}

/** From the sessions that are up, whatever the configuration asks for, to routes. Pure as well. */
export function routingOf(input: RoutingInput, { svis, addresses, agents }: Attempts, standing: Standing): Routing {
  const states = new Map(input.nodes.map((state) => [state.name, state]));
  const imports = standing.sessions.map(importRoutes);
  const links = standing.sessions.map((session, index) => {
    const closed = imports[index]?.closed;
    return closed === undefined ? session : shut(session, closed);
  });
  const paths = [...imports.flatMap((one) => one.paths), ...standing.stale];
  const tables = leafRoutes(svis, paths, input.asn, (leafId) => tepOf(input, leafId));
  const exports = exportRoutes(links, senderOf(tables));
  const gateways = [...addresses].map(([node, own]) => gatewaysOf(node, states.get(node), own, svis));
  return {
    sessions: links.map(publicSession),
    routes: tables.map(({ leafId, prefix, nextHops, vrf }) => ({ leafId, prefix, nextHops, tableVrf: vrf })),
    counts: links.map((session, index) => countOf(session, imports[index], exports.counts[index])),
    vrfs: leafVrfs(svis, [...addresses.values()].flat()),
    agents,
    nodeRoutes: exports.routes,
    rejected: [...imports.flatMap(({ rejected }) => rejected), ...exports.rejected, ...reexportedRoutes(links, exports.routes)],
    gateways,
    unreachable: gateways.flatMap(({ node, problems }) => problems.map((reason) => ({ node, reason }))),
    links,
    paths,
    tables,
  };
}

function countOf(
  session: Session,
  fromNode: Import | undefined,
  toNode: { readonly sent: number; readonly accepted: number } | undefined,
): SessionCount {
  const { leafId, node, svi, leafPeer, nodePeer } = session;
  return {
    leafId,
    node,
    vrf: svi?.vrf ?? "",
    peer: leafPeer?.address,
    password: leafPeer?.password !== undefined,
    received: fromNode?.received ?? 0,
    accepted: fromNode?.paths.length ?? 0,
    sent: toNode?.sent ?? 0,
    acceptedByNode: toNode?.accepted ?? 0,
    overLimit: fromNode?.overLimit ?? false,
    domain: svi?.domain,
    hold: Math.min(svi?.domain.hold ?? 180, nodePeer?.hold ?? 180),
  };
}

/** A session that the prefix limit ended: Cease at the node, `shutStQual` at the leaf (aci-objects 3.10). */
function shut(session: Session, reason: string): Session {
  return { ...session, established: false, leafState: "idle", nodeState: "Idle", reason };
}

/** The leaf's tunnel endpoint, from its topSystem. */
function tepOf(input: RoutingInput, leafId: number): string {
  const pod = input.leaves.find((leaf) => leaf.id === leafId)?.pod ?? 1;
  const address = input.objects.get(`topology/pod-${pod}/node-${leafId}/sys`)?.attributes.address ?? "";
  return address === "" || address === "0.0.0.0" ? `10.0.${Math.floor(leafId / 250)}.${(leafId % 250) + 1}` : address;
}
