import { filtered } from "./calico-filter.ts";
import type { NodeRoute } from "./export-routes.ts";
import { type Rejected, refusalByLeaf } from "./import-routes.ts";
import { contains, familyOf, prefixSet } from "./prefix.ts";
import { isOpen, type OpenSession, type Session } from "./sessions.ts";

/**
 * What nodes tell one leaf of what another told them: Calico without iBGP mesh still does that for prefixes in its pools, unless a BGPFilter
 * rejects the source RemotePeers. The leaf drops them, its own AS is in the path (facts cni.md 1.6).
 */
export function reexportedRoutes(sessions: readonly Session[], learned: readonly NodeRoute[]): Rejected[] {
  const byNode = new Map<string, NodeRoute[]>();
  for (const route of learned) {
    const own = byNode.get(route.node);
    if (own === undefined) byNode.set(route.node, [route]);
    else own.push(route);
  }
  return sessions
    .filter(isOpen)
    .filter(({ speaker }) => speaker.reexports !== undefined)
    .flatMap((session) => toLeaf(session, byNode.get(session.node) ?? []));
}

function toLeaf(session: OpenSession, learned: readonly NodeRoute[]): Rejected[] {
  const { speaker, nodePeer, svi, leafAddress, node } = session;
  const pools = (speaker.reexports ?? []).map((pool) => prefixSet(pool, true)).filter((pool) => pool !== undefined);
  return learned.flatMap(({ prefix, paths }) => {
    const [best] = paths;
    if (best === undefined || best.peer === leafAddress || familyOf(prefix) !== svi.family) return [];
    if (!pools.some((pool) => contains(pool, prefix))) return [];
    const sent = filtered(nodePeer.filters, "export", { prefix, asPath: best.asPath, fromPeer: true });
    if (sent === undefined) return [];
    const reason = refusalByLeaf(session, prefix, [speaker.asn, ...sent.asPath]);
    return reason === undefined ? [] : [{ by: `leaf ${svi.leaf.id}`, from: node, prefix, reason }];
  });
}
