import { filtered } from "./calico-filter.ts";
import { permits } from "./route-policy.ts";
import type { Session } from "./sessions.ts";

/** A path to a prefix that a leaf learned from a node. */
export interface LeafPath {
  readonly leafId: number;
  readonly vrf: string;
  readonly prefix: string;
  /** Node that sent it, which is also the next hop. */
  readonly node: string;
  readonly nextHop: string;
  readonly asPath: readonly number[];
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
  const { svi, leafPeer, speaker, nodePeer } = session;
  if (!session.established || svi === undefined || leafPeer === undefined) {
    return { paths: [], rejected: [], closed: undefined, received: 0, overLimit: false };
  }
  const by = `leaf ${svi.leaf.id}`;
  const rejected: Rejected[] = [];
  const paths: LeafPath[] = [];
  let received = 0;
  for (const prefix of speaker.originates) {
    const sent = filtered(nodePeer.filters, "exportV4", { prefix, asPath: [], fromPeer: false });
    if (sent === undefined) {
      rejected.push({ by: speaker.node, from: speaker.node, prefix, reason: "BGPFilter" });
      continue;
    }
    received += 1;
    const asPath = [speaker.asn, ...sent.asPath];
    const { maxAsLimit } = svi.domain;
    const reason = !permits(svi.imports, prefix)
      ? "import route map"
      : maxAsLimit > 0 && asPath.length > maxAsLimit
        ? `AS path longer than ${maxAsLimit}`
        : asPath.includes(leafPeer.localAs)
          ? "own AS in the path"
          : undefined;
    if (reason !== undefined) rejected.push({ by, from: speaker.node, prefix, reason });
    else paths.push({ leafId: svi.leaf.id, vrf: svi.vrf, prefix, node: speaker.node, nextHop: session.nodeAddress, asPath });
  }
  const limit = leafPeer.prefixLimit;
  if (limit === undefined || paths.length <= limit.max) return { paths, rejected, closed: undefined, received, overLimit: false };
  if (limit.action === "log") return { paths, rejected, closed: undefined, received, overLimit: true };
  if (limit.action !== "reject") {
    return { paths: [], rejected, closed: `more than ${limit.max} prefixes`, received, overLimit: true };
  }
  const excess = paths
    .slice(limit.max)
    .map(({ prefix }) => ({ by, from: speaker.node, prefix, reason: `more than ${limit.max} prefixes` }));
  return { paths: paths.slice(0, limit.max), rejected: [...rejected, ...excess], closed: undefined, received, overLimit: true };
}
