import type { Session } from "./sessions.ts";

/** A BGPPeer: a leaf's address and the nodes that peer with it. */
export interface PlannedPeer {
  /** `201`, second family `201-ipv6`; of one node `worker-1-201`. */
  readonly name: string;
  readonly address: string;
  readonly nodes:
    | { readonly kind: "node"; readonly name: string }
    /** All nodes of these racks. */
    | { readonly kind: "racks"; readonly racks: readonly string[] };
}

/**
 * The fewest BGPPeers that make these sessions and no others. By rack: one for each leaf and family, for the racks of which every node
 * peers with it (white paper, *Calico BGP peering*); nodes without a rack, or cabled to other leaves than the rest of it, get their own.
 * By node: one for each session, because with a standard SVI every node has leaf addresses of its own.
 */
export function plannedPeers(sessions: readonly Session[], by: "rack" | "node"): readonly PlannedPeer[] {
  const main = sessions[0]?.family;
  const suffix = ({ family }: Session) => (family === main ? "" : `-${family}`);
  const own = (session: Session): PlannedPeer => ({
    name: `${session.node}-${session.leaf_id}${suffix(session)}`,
    address: session.peer_address,
    nodes: { kind: "node", name: session.node },
  });
  if (by === "node") return sessions.map(own);

  return groups(sessions, ({ leaf_id: leaf, family }) => `${leaf} ${family}`).flatMap((atLeaf): readonly PlannedPeer[] => {
    const [first] = atLeaf;
    if (first === undefined) return [];
    const { peer_address: address } = first;
    const whole = (rack: string) =>
      nodesOf(sessions, first.family, rack).every((name) => atLeaf.some(({ node }) => node === name));
    const racks = [...new Set(atLeaf.flatMap(({ rack_id: rack }) => (rack === null ? [] : [String(rack)])))].filter(whole);
    // A leaf with one address for each node has nothing that a rack could share.
    const shared = atLeaf.every((session) => session.peer_address === address) ? racks : [];
    const others = atLeaf.filter(({ rack_id: rack }) => rack === null || !shared.includes(String(rack)));
    const forRacks: PlannedPeer = {
      name: `${first.leaf_id}${suffix(first)}`,
      address,
      nodes: { kind: "racks", racks: shared },
    };
    return [...(shared.length > 0 ? [forRacks] : []), ...others.map(own)];
  });
}

/** Nodes of a rack that have a session of a family. */
function nodesOf(sessions: readonly Session[], family: Session["family"], rack: string): readonly string[] {
  return sessions
    .filter((session) => session.family === family && session.rack_id !== null && String(session.rack_id) === rack)
    .map(({ node }) => node);
}

/** Items with the same key together, in the order of their first. */
function groups<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    found.set(key, [...(found.get(key) ?? []), item]);
  }
  return [...found.values()];
}
