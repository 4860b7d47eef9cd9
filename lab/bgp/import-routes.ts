import { filtered } from "./calico-filter.ts";
import { permits } from "./route-policy.ts";
import { isOpen, type OpenSession, type Session } from "./sessions.ts";
import { ofFamilies } from "./speaker.ts";

/** A path to a prefix that a leaf learned from a node. */
export interface LeafPath {
  readonly leafId: number;
  readonly vrf: string;
  readonly prefix: string;
  /** Node that sent it, which is also the next hop. */
  readonly node: string;
  readonly nextHop: string;
  /** Subnet of the SVI it came in by. */
  readonly network: string;
  readonly asPath: readonly number[];
  /** Kept by graceful restart while the session is down (RFC 4724). */
  readonly stale: boolean;
}

/** A route that somebody did not take, for the lab's log and for tests. */
export interface Rejected {
  /** `leaf 201` or a node's name. */
  readonly by: string;
  readonly from: string;
  readonly prefix: string;
  readonly reason: string;
}

/** What a session brings to its leaf. `closed`: the prefix limit shuts the session. */
export interface Import {
  readonly paths: readonly LeafPath[];
  readonly rejected: readonly Rejected[];
  readonly closed: string | undefined;
  /** Prefixes that came, before any policy (bgpPeerEntry's counter). */
  readonly received: number;
  readonly overLimit: boolean;
}

/**
 * Import on the leaf: route map with match prefix (steps 7, 10), maximum AS limit (step 9), prefix limit (step 13). `reject` keeps the
 * session and drops what is too much, `log` only says so, `shut` and `restart` end the session (aci-objects 3.10).
 */
export function importRoutes(session: Session): Import {
  if (!isOpen(session)) return { paths: [], rejected: [], closed: undefined, received: 0, overLimit: false };
  const { svi, leafPeer, speaker, nodePeer } = session;
  const by = `leaf ${svi.leaf.id}`;
  const rejected: Rejected[] = [];
  const paths: LeafPath[] = [];
  let received = 0;
  for (const prefix of ofFamilies(nodePeer.announces, [svi.family])) {
    const sent = filtered(nodePeer.filters, "export", { prefix, asPath: [], fromPeer: false });
    if (sent === undefined) {
      rejected.push({ by: speaker.node, from: speaker.node, prefix, reason: "BGPFilter" });
      continue;
    }
    received += 1;
    const asPath = [speaker.asn, ...sent.asPath];
    const reason = refusalByLeaf(session, prefix, asPath);
    const path = { leafId: svi.leaf.id, vrf: svi.vrf, prefix, node: speaker.node, network: svi.network, asPath, stale: false };
    if (reason === undefined) paths.push({ ...path, nextHop: session.nodeAddress });
    else rejected.push({ by, from: speaker.node, prefix, reason });
  }
  const limit = leafPeer.prefixLimit;
  if (limit === undefined || paths.length <= limit.max) return { paths, rejected, closed: undefined, received, overLimit: false };
  if (limit.action === "log") return { paths, rejected, closed: undefined, received, overLimit: true };
  const reason = `more than ${limit.max} prefixes`;
  if (limit.action !== "reject") return { paths: [], rejected, closed: reason, received, overLimit: true };
  const excess = paths.slice(limit.max).map(({ prefix }) => ({ by, from: speaker.node, prefix, reason }));
  return { paths: paths.slice(0, limit.max), rejected: [...rejected, ...excess], closed: undefined, received, overLimit: true };
}

/** Why a leaf does not take a path; undefined when it does. */
export function refusalByLeaf({ svi, leafPeer }: OpenSession, prefix: string, asPath: readonly number[]): string | undefined {
  const { maxAsLimit } = svi.domain;
  if (!permits(svi.imports, prefix)) return "import route map";
  if (maxAsLimit > 0 && asPath.length > maxAsLimit) return `AS path longer than ${maxAsLimit}`;
  return asPath.includes(leafPeer.localAs) ? "own AS in the path" : undefined;
}
