import type { CalicoNodeReport, CalicoPeer } from "./node-status.ts";

/** A node and the rack it stands in. */
export interface PlannedNode {
  readonly name: string;
  readonly rack: string;
}

/** A leaf, its rack and its address on the SVI, without prefix length. */
export interface PlannedLeaf {
  readonly name: string;
  readonly rack: string;
  readonly address: string;
}

/** Sessions that should be, against those that are. */
export interface SessionComparison {
  readonly expected: number;
  readonly established: number;
  /** Every session that should be and has no peer on the node. */
  readonly missing: readonly { readonly node: PlannedNode; readonly leaf: PlannedLeaf }[];
  /** Every session that is configured and not Established. */
  readonly down: readonly { readonly node: PlannedNode; readonly leaf: PlannedLeaf; readonly state: string }[];
  /** Peers that nobody planned. */
  readonly extra: readonly { readonly node: PlannedNode; readonly peer: CalicoPeer }[];
  /** Nodes whose calico-node has not reported yet. */
  readonly silent: readonly PlannedNode[];
  /** Nodes whose BIRD is not ready, by its own word. */
  readonly notReady: readonly PlannedNode[];
  /** Nodes in whose rack there is no leaf. */
  readonly leafless: readonly PlannedNode[];
}

/** Compares the plan (each node with every leaf of its rack) with what the nodes report. */
export function compareSessions(
  nodes: readonly PlannedNode[],
  leaves: readonly PlannedLeaf[],
  reports: ReadonlyMap<string, CalicoNodeReport>,
): SessionComparison {
  const planned = nodes.flatMap((node) => leaves.filter(({ rack }) => rack === node.rack).map((leaf) => ({ node, leaf })));
  const heard = planned.flatMap(({ node, leaf }) => {
    const report = reports.get(node.name);
    if (report === undefined) return [];
    return [{ node, leaf, state: report.peers.find(({ address }) => address === leaf.address)?.state }];
  });
  return {
    expected: planned.length,
    established: heard.filter(({ state }) => state === "Established").length,
    missing: heard.filter(({ state }) => state === undefined).map(({ node, leaf }) => ({ node, leaf })),
    down: heard.flatMap(({ node, leaf, state }) =>
      state === undefined || state === "Established" ? [] : [{ node, leaf, state }],
    ),
    extra: nodes.flatMap((node) =>
      (reports.get(node.name)?.peers ?? [])
        .filter(({ address }) => !leaves.some((leaf) => leaf.rack === node.rack && leaf.address === address))
        .map((peer) => ({ node, peer })),
    ),
    silent: nodes.filter(({ name }) => !reports.has(name)),
    notReady: nodes.filter(({ name }) => reports.get(name)?.bird === "NotReady"),
    leafless: nodes.filter(({ rack }) => !leaves.some((leaf) => leaf.rack === rack)),
  };
}
