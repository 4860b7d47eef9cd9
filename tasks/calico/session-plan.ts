import type { CalicoNodeReport, CalicoPeer } from "./node-status.ts";

/** A session that should be: a node and a leaf's address, in its one correct form. */
export interface WantedSession {
  readonly node: string;
  /** null: the node stands in no rack. */
  readonly rack: string | null;
  /** Inventory name of the leaf. */
  readonly leaf: string;
  readonly address: string;
}

/** Sessions that should be, against those that are. */
export interface SessionComparison {
  readonly expected: number;
  readonly established: number;
  /** Every session that should be and has no peer on the node. */
  readonly missing: readonly WantedSession[];
  /** Every session that is configured and not Established. */
  readonly down: readonly { readonly session: WantedSession; readonly state: string }[];
  /** Peers that nobody planned. */
  readonly extra: readonly { readonly node: string; readonly peer: CalicoPeer }[];
  /** Nodes whose calico-node has not reported yet. */
  readonly silent: readonly string[];
  /** Nodes whose BIRD is not ready, by its own word: of a family that they have sessions of, the other may never have been told anything. */
  readonly notReady: readonly string[];
}

/** Compares the plan with what the nodes report, both families together. */
export function compareSessions(
  sessions: readonly WantedSession[],
  reports: ReadonlyMap<string, CalicoNodeReport>,
): SessionComparison {
  const nodes = [...new Set(sessions.map(({ node }) => node))];
  const heard = sessions.flatMap((session) => {
    const report = reports.get(session.node);
    if (report === undefined) return [];
    return [{ session, state: report.peers.find(({ address }) => address === session.address)?.state }];
  });
  return {
    expected: sessions.length,
    established: heard.filter(({ state }) => state === "Established").length,
    missing: heard.filter(({ state }) => state === undefined).map(({ session }) => session),
    down: heard.flatMap(({ session, state }) => (state === undefined || state === "Established" ? [] : [{ session, state }])),
    extra: nodes.flatMap((node) => {
      const own = new Set(sessions.flatMap((session) => (session.node === node ? [session.address] : [])));
      const peers = reports.get(node)?.peers ?? [];
      return peers.filter(({ address }) => !own.has(address)).map((peer) => ({ node, peer }));
    }),
    silent: nodes.filter((node) => !reports.has(node)),
    notReady: nodes.filter((node) =>
      sessions.some((session) => session.node === node && reports.get(node)?.birds[familyOf(session)] === "NotReady"),
    ),
  };
}

function familyOf({ address }: WantedSession): "ipv4" | "ipv6" {
  return address.includes(":") ? "ipv6" : "ipv4";
}
