import { filtered } from "./calico-filter.ts";
import type { LeafSvi } from "./fabric-side.ts";
import type { Rejected } from "./import-routes.ts";
import type { BestRoute } from "./leaf-routes.ts";
import { byAddress, isHostIn, networkOf, withoutLength } from "./prefix.ts";
import { permits } from "./route-policy.ts";
import type { Session } from "./sessions.ts";

/** One way to a prefix that a node learned. */
export interface NodePath {
  readonly gateway: string;
  /** Address of the leaf that sent it. */
  readonly peer: string;
  readonly asPath: readonly number[];
}

/** A route that a node took from the leaves: what `CalicoNodeStatus` lists as learned. */
export interface NodeRoute {
  readonly node: string;
  readonly prefix: string;
  /** One path for each leaf that sent it. */
  readonly paths: readonly NodePath[];
}

/** What the leaves tell the nodes, and what becomes of it there. */
export interface Exports {
  readonly routes: readonly NodeRoute[];
  readonly rejected: readonly Rejected[];
  /** Prefixes sent over a session, by `leafId node`. */
  readonly sent: ReadonlyMap<string, number>;
}

/**
 * Export to the nodes (paper step 14): a leaf does not send a route whose path holds the peer's AS unless the check is disabled, and
 * replaces that AS with its own under AS override; without override BIRD finds its own AS and drops the route (facts cni.md 4.1).
 */
export function exportRoutes(sessions: readonly Session[], tables: readonly BestRoute[]): Exports {
  const found = new Map<string, Map<string, NodePath[]>>();
  const rejected: Rejected[] = [];
  const sent = new Map<string, number>();
  const offers = new Map<LeafSvi, readonly Offer[]>();
  for (const session of sessions) {
    const { node, leafId, leafAddress, svi, speaker } = session;
    if (!session.established || svi === undefined) continue;
    const offered = offers.get(svi) ?? offersOf(svi, tables);
    offers.set(svi, offered);
    const own = new Set([...speaker.originates, networkOf(svi.address)]);
    const learned = found.get(node) ?? new Map<string, NodePath[]>();
    found.set(node, learned);
    let count = 0;
    for (const { route, gateway } of offered) {
      const asPath = tell(session, route);
      if (asPath === undefined) continue;
      count += 1;
      if (own.has(route.prefix)) continue; // a node prefers what it originates itself or is connected to
      const reason = refusal(session, route.prefix, asPath);
      if (reason !== undefined) {
        rejected.push({ by: node, from: `leaf ${leafId}`, prefix: route.prefix, reason });
        continue;
      }
      const paths = learned.get(route.prefix) ?? [];
      paths.push({ gateway, peer: leafAddress, asPath });
      learned.set(route.prefix, paths);
    }
    sent.set(`${leafId} ${node}`, count);
  }
  return { routes: inOrder(found, tables), rejected, sent };
}

/** By node, then by prefix. */
function inOrder(
  found: ReadonlyMap<string, ReadonlyMap<string, readonly NodePath[]>>,
  tables: readonly BestRoute[],
): NodeRoute[] {
  const prefixes = [...new Set(tables.map((route) => route.prefix))].sort(byAddress);
  const nodes = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return nodes.flatMap(([node, learned]) =>
    prefixes.flatMap((prefix) => {
      const paths = learned.get(prefix);
      return paths === undefined ? [] : [{ node, prefix, paths }];
    }),
  );
}

/** A route that a leaf is willing to send, with the next hop it would give. */
interface Offer {
  readonly route: BestRoute;
  readonly gateway: string;
}

/**
 * Routes that the export route map of an SVI lets out. A next hop on the subnet shared with the peer stays as it is (RFC 4271,
 * section 5.1.3), every other becomes the leaf itself.
 */
function offersOf(svi: LeafSvi, tables: readonly BestRoute[]): Offer[] {
  return tables
    .filter((route) => route.leafId === svi.leaf.id && route.vrf === svi.vrf && permits(svi.exports, route.prefix))
    .filter((route) => !route.nextHops.some((hop) => hop.owner === "local"))
    .map((route) => {
      const shared = route.learned === "ebgp" && route.best !== undefined && isHostIn(route.best.nextHop, svi.address);
      return { route, gateway: shared ? (route.best?.nextHop ?? "") : withoutLength(svi.address) };
    });
}

/** The AS path a leaf sends with a route, or undefined when it keeps the route to itself. */
function tell(session: Session, route: BestRoute): readonly number[] | undefined {
  const { leafPeer, speaker } = session;
  if (leafPeer === undefined) return undefined;
  const { best } = route;
  if (best === undefined) return [leafPeer.localAs];
  // A route does not go back to where it came from.
  if (route.learned === "ebgp" && best.node === session.node) return undefined;
  if (best.asPath.includes(speaker.asn) && !leafPeer.disablePeerAsCheck) return undefined;
  const path = leafPeer.asOverride ? best.asPath.map((as) => (as === speaker.asn ? leafPeer.localAs : as)) : best.asPath;
  return [leafPeer.localAs, ...path];
}

/** Why BIRD on the node does not take a route; undefined when it does. */
function refusal(session: Session, prefix: string, asPath: readonly number[]): string | undefined {
  const { speaker, nodePeer } = session;
  const own = asPath.filter((as) => as === speaker.asn).length;
  if (own > nodePeer.allowedOwnAs) return "own AS in the path";
  return filtered(nodePeer.filters, "importV4", { prefix, asPath, fromPeer: true }) === undefined ? "BGPFilter" : undefined;
}
