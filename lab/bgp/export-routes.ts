import { filtered } from "./calico-filter.ts";
import type { Rejected } from "./import-routes.ts";
import type { BestRoute } from "./leaf-routes.ts";
import { byAddress, familyOf, withoutLength } from "./prefix.ts";
import { permits } from "./route-policy.ts";
import { isOpen, type OpenSession, type Session } from "./sessions.ts";

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

/** What a leaf sent over a session and what became of it. */
export interface SessionExport {
  readonly sent: number;
  /** Of these, what the node's import policy let in. */
  readonly accepted: number;
}

/** What the leaves tell the nodes, and what becomes of it there. */
export interface Exports {
  readonly routes: readonly NodeRoute[];
  readonly rejected: readonly Rejected[];
  /** In the order of the sessions; undefined where the session is down. */
  readonly counts: readonly (SessionExport | undefined)[];
}

/** A route that a leaf sends over a session. */
export interface SentRoute {
  readonly prefix: string;
  readonly gateway: string;
  readonly asPath: readonly number[];
  /** Why the node does not take it; undefined when it does. */
  readonly refusal: string | undefined;
}

/** What the leaf of a session sends over it; empty when it is down. */
export type Sender = (session: Session) => readonly SentRoute[];

/**
 * Export to the nodes (paper step 14): a leaf does not send a route whose path holds the peer's AS unless the check is disabled, and
 * replaces that AS with its own under AS override; without override BIRD and GoBGP find their own AS and drop the route (facts cni.md 4.1).
 */
export function exportRoutes(sessions: readonly Session[], sentOver: Sender): Exports {
  const found = new Map<string, Map<string, NodePath[]>>();
  const rejected: Rejected[] = [];
  const counts = sessions.map((session) => {
    if (!isOpen(session)) return undefined;
    const { node, leafId, leafAddress, svi, speaker } = session;
    // A node prefers what it originates itself or is connected to.
    const own = new Set([...speaker.originates, svi.network]);
    const learned = found.get(node) ?? new Map<string, NodePath[]>();
    found.set(node, learned);
    const sent = sentOver(session);
    let accepted = 0;
    for (const { prefix, gateway, asPath, refusal } of sent) {
      if (refusal === undefined) accepted += 1;
      if (own.has(prefix)) continue;
      if (refusal !== undefined) {
        if (speaker.imports) rejected.push({ by: node, from: `leaf ${leafId}`, prefix, reason: refusal });
        continue;
      }
      const paths = learned.get(prefix);
      const path = { gateway, peer: leafAddress, asPath };
      if (paths === undefined) learned.set(prefix, [path]);
      else paths.push(path);
    }
    return { sent: sent.length, accepted };
  });
  return { routes: inOrder(found), rejected, counts };
}

/** By node, then by prefix. */
function inOrder(found: ReadonlyMap<string, ReadonlyMap<string, readonly NodePath[]>>): NodeRoute[] {
  const prefixes = new Set([...found.values()].flatMap((learned) => [...learned.keys()]));
  const rank = new Map([...prefixes].sort(byAddress).map((prefix, index) => [prefix, index]));
  const nodes = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return nodes.flatMap(([node, learned]) =>
    [...learned].sort(([a], [b]) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)).map(([prefix, paths]) => ({ node, prefix, paths })),
  );
}

/** A route that a leaf is willing to send, with the path it would tell. */
interface Offer {
  readonly route: BestRoute;
  readonly asPath: readonly number[];
}

/**
 * How leaves send their routes: those that the export route map of the L3Out lets out. Sessions of one kind share the work. A next hop on
 * the subnet shared with the peer stays as it is (RFC 4271, section 5.1.3), every other becomes the leaf itself.
 */
export function senderOf(tables: readonly BestRoute[]): Sender {
  const byTable = new Map<string, BestRoute[]>();
  for (const route of tables) {
    const key = `${route.leafId} ${route.vrf} ${familyOf(route.prefix)}`;
    const known = byTable.get(key);
    if (known === undefined) byTable.set(key, [route]);
    else known.push(route);
  }
  const known = new Map<string, readonly Offer[]>();
  const offersTo = (session: OpenSession): readonly Offer[] => {
    const { svi, leafPeer, speaker } = session;
    const table = `${svi.leaf.id} ${svi.vrf} ${svi.family}`;
    const { localAs, asOverride, disablePeerAsCheck } = leafPeer;
    const key = [table, svi.out, localAs, asOverride, disablePeerAsCheck, speaker.asn].join(" ");
    const offers = known.get(key) ?? offersOf(session, byTable.get(table) ?? []);
    known.set(key, offers);
    return offers;
  };
  return (session) => {
    if (!isOpen(session)) return [];
    const { svi, node } = session;
    const leafAddress = withoutLength(svi.address);
    return offersTo(session).flatMap(({ route: { prefix, learned, best }, asPath }) => {
      // A route does not go back to where it came from.
      if (learned === "ebgp" && best?.node === node) return [];
      const isShared = learned === "ebgp" && best !== undefined && best.network === svi.network;
      const gateway = isShared ? best.nextHop : leafAddress;
      return [{ prefix, gateway, asPath, refusal: refusalByNode(session, prefix, asPath) }];
    });
  };
}

function offersOf({ svi, leafPeer, speaker }: OpenSession, table: readonly BestRoute[]): Offer[] {
  return table.flatMap((route) => {
    if (route.nextHops.some((hop) => hop.owner === "local") || !permits(svi.exports, route.prefix)) return [];
    const path = route.best?.asPath ?? [];
    if (path.includes(speaker.asn) && !leafPeer.disablePeerAsCheck) return [];
    const told = leafPeer.asOverride ? path.map((as) => (as === speaker.asn ? leafPeer.localAs : as)) : path;
    return [{ route, asPath: [leafPeer.localAs, ...told] }];
  });
}

/** Why the program on the node does not take a route; undefined when it does. */
function refusalByNode({ speaker, nodePeer }: OpenSession, prefix: string, asPath: readonly number[]): string | undefined {
  if (!speaker.imports) return "takes no routes";
  const own = asPath.filter((as) => as === speaker.asn).length;
  if (own > nodePeer.allowedOwnAs) return "own AS in the path";
  if (speaker.refuses.has(prefix)) return "import policy";
  if (nodePeer.filters.length === 0) return undefined;
  return filtered(nodePeer.filters, "import", { prefix, asPath, fromPeer: true }) === undefined ? "BGPFilter" : undefined;
}
