import { filtered } from "./calico-filter.ts";
import type { LeafSvi } from "./fabric-side.ts";
import type { Rejected } from "./import-routes.ts";
import type { ClusterReader } from "./kube-read.ts";
import type { BestRoute } from "./leaf-routes.ts";
import { byAddress, isHostIn } from "./prefix.ts";
import { permits } from "./route-policy.ts";
import type { Session } from "./sessions.ts";

/** A route that a node took from the leaves: what `CalicoNodeStatus` lists as learned. */
export interface NodeRoute {
  readonly node: string;
  readonly prefix: string;
  /** One path for each leaf that sent it. */
  readonly paths: readonly { readonly gateway: string; readonly peer: string; readonly asPath: readonly number[] }[];
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
export function exportRoutes(cluster: ClusterReader, sessions: readonly Session[], tables: readonly BestRoute[]): Exports {
  const found = new Map<string, NodeRoute>();
  const rejected: Rejected[] = [];
  const sent = new Map<string, number>();
  const open = new Map<LeafSvi, readonly BestRoute[]>();
  for (const session of sessions) {
    if (!session.established || session.svi === undefined) continue;
    const { node, leafId, leafAddress, svi } = session;
    const table = open.get(svi) ?? exportable(svi, tables);
    open.set(svi, table);
    for (const route of table) {
      const told = tell(session, route);
      if (told === undefined) continue;
      sent.set(`${leafId} ${node}`, (sent.get(`${leafId} ${node}`) ?? 0) + 1);
      const reason = refusal(cluster, session, route.prefix, told.asPath);
      if (reason !== undefined) {
        rejected.push({ by: node, from: `leaf ${leafId}`, prefix: route.prefix, reason });
        continue;
      }
      const key = `${node} ${route.prefix}`;
      const path = { gateway: told.gateway, peer: leafAddress, asPath: told.asPath };
      found.set(key, { node, prefix: route.prefix, paths: [...(found.get(key)?.paths ?? []), path] });
    }
  }
  const routes = [...found.values()].sort((a, b) =>
    a.node === b.node ? byAddress(a.prefix, b.prefix) : a.node < b.node ? -1 : 1,
  );
  return { routes, rejected, sent };
}

/** Routes that the export route map of an SVI lets out, to any peer. */
function exportable(svi: LeafSvi, tables: readonly BestRoute[]): BestRoute[] {
  return tables.filter((route) => route.leafId === svi.leaf.id && route.vrf === svi.vrf && permits(svi.exports, route.prefix));
}

/** What a leaf sends of a route, or undefined when it keeps it to itself. */
function tell(session: Session, route: BestRoute): { readonly gateway: string; readonly asPath: readonly number[] } | undefined {
  const { svi, leafPeer, speaker, leafAddress } = session;
  if (svi === undefined || leafPeer === undefined) return undefined;
  const { best } = route;
  if (best === undefined) return isHostRoute(route) ? undefined : { gateway: leafAddress, asPath: [leafPeer.localAs] };
  // A route does not go back to where it came from.
  if (route.learned === "ebgp" && best.node === session.node) return undefined;
  if (best.asPath.includes(speaker.asn) && !leafPeer.disablePeerAsCheck) return undefined;
  const path = leafPeer.asOverride ? best.asPath.map((as) => (as === speaker.asn ? leafPeer.localAs : as)) : best.asPath;
  // RFC 4271, 5.1.3: a next hop on the subnet shared with the peer stays as it is.
  const shared = route.learned === "ebgp" && isHostIn(best.nextHop, svi.address);
  return { gateway: shared ? best.nextHop : leafAddress, asPath: [leafPeer.localAs, ...path] };
}

function isHostRoute(route: BestRoute): boolean {
  return route.nextHops.some((hop) => hop.owner === "local");
}

/** Why BIRD on the node does not take a route; undefined when it does. */
function refusal(cluster: ClusterReader, session: Session, prefix: string, asPath: readonly number[]): string | undefined {
  const { speaker, nodePeer } = session;
  const own = asPath.filter((as) => as === speaker.asn).length;
  if (own > nodePeer.allowedOwnAs) return "own AS in the path";
  if (filtered(cluster, nodePeer.filters, "importV4", { prefix, asPath, fromPeer: true }) === undefined) return "BGPFilter";
  if (speaker.originates.includes(prefix)) return "the node's own prefix";
  return undefined;
}
