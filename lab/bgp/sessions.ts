import type { LabSession } from "../parts.ts";
import type { CalicoPeer, CalicoSpeaker } from "./calico-side.ts";
import type { LeafPeer, LeafSvi } from "./fabric-side.ts";
import { type NodeAddress, separation } from "./node-side.ts";
import { isHostIn, withoutLength } from "./prefix.ts";

/** A session with the configuration of both ends, for the routes that go over it. */
export interface Session extends LabSession {
  readonly svi: LeafSvi | undefined;
  readonly leafPeer: LeafPeer | undefined;
  readonly speaker: CalicoSpeaker;
  readonly nodePeer: CalicoPeer;
}

/** The two ends before anything was tried. */
interface Ends {
  readonly speaker: CalicoSpeaker;
  readonly nodePeer: CalicoPeer;
  /** The node's own addresses. */
  readonly addresses: readonly NodeAddress[];
  /** SVI with the peer's address; undefined: no leaf has it. */
  readonly svi: LeafSvi | undefined;
  readonly racks: ReadonlySet<string | undefined>;
}

/** How far a session gets, and what each end says meanwhile. */
type Verdict = Pick<LabSession, "established" | "leafState" | "nodeState" | "reason"> & {
  readonly leafPeer: LeafPeer | undefined;
};

/**
 * Tries every session that a node is told to open. Leaves only listen on a subnet peer, so without a node's attempt there is nothing
 * (aci-objects 3.11); what the ends say when it fails: facts cni.md 1.7 and aci-objects 6.1.
 */
export function sessionsOf(
  speakers: readonly CalicoSpeaker[],
  addresses: ReadonlyMap<string, readonly NodeAddress[]>,
  svis: readonly LeafSvi[],
  racks: ReadonlySet<string | undefined>,
): Session[] {
  const sessions: Session[] = [];
  for (const speaker of speakers) {
    const own = addresses.get(speaker.node) ?? [];
    for (const nodePeer of speaker.peers) {
      const candidates = svis.filter((svi) => withoutLength(svi.address) === nodePeer.address);
      const ends = { speaker, nodePeer, addresses: own, racks };
      const svi = candidates.find((candidate) => reachable({ ...ends, svi: candidate }) === undefined) ?? candidates[0];
      const { leafPeer, ...verdict } = judge({ ...ends, svi });
      sessions.push({
        leafId: svi?.leaf.id ?? 0,
        leafAddress: nodePeer.address,
        node: speaker.node,
        nodeAddress: sourceOf(ends)?.address.split("/")[0] ?? "",
        ...verdict,
        svi,
        leafPeer,
        speaker,
        nodePeer,
      });
    }
  }
  return sessions;
}

/** The node's address that BIRD starts from: Kubernetes' internal address when the node has it, else its first (autodetection). */
function sourceOf(ends: Pick<Ends, "speaker" | "addresses">): NodeAddress | undefined {
  const { address } = ends.speaker;
  if (address === undefined) return ends.addresses[0];
  return ends.addresses.find((own) => withoutLength(own.address) === address);
}

/** Why no packet gets through; undefined when it does. */
function reachable(ends: Ends): string | undefined {
  const source = sourceOf(ends);
  if (ends.svi === undefined) return `no leaf has the address ${ends.nodePeer.address}`;
  if (source === undefined) return `${ends.speaker.node} has no link up with its address ${ends.speaker.address ?? ""}`;
  const same = ends.addresses.filter((own) => own.address === source.address);
  const reasons = same.map((own) => (ends.svi === undefined ? undefined : separation(own, ends.svi, ends.racks)));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function judge(ends: Ends): Verdict {
  const failed = (nodeState: string, reason: string, leafPeer?: LeafPeer, leafState?: string): Verdict => ({
    established: false,
    leafState,
    nodeState,
    reason,
    leafPeer,
  });
  const { svi, speaker, nodePeer } = ends;
  const apart = reachable(ends);
  if (svi === undefined || apart !== undefined) return failed("Active", apart ?? "unreachable");
  const address = withoutLength(sourceOf(ends)?.address ?? "");
  const leafPeer = svi.bgp ? peerFor(svi.peers, address) : undefined;
  if (leafPeer === undefined || !leafPeer.enabled) {
    return failed("Active", `leaf ${svi.leaf.id} has no BGP peer for ${address}: connection refused`);
  }
  // A leaf with a subnet peer knows a node only once it has spoken; with a host peer it tries by itself.
  const waiting = leafPeer.dynamic ? undefined : "active";
  if (leafPeer.password !== nodePeer.password) {
    const what =
      nodePeer.password === undefined
        ? "the node has no password"
        : leafPeer.password === undefined
          ? "the leaf has no password"
          : "passwords differ";
    return failed("Connect", `TCP MD5: ${what}`, leafPeer, waiting);
  }
  if (leafPeer.remoteAs !== speaker.asn) {
    return failed("Idle", `leaf ${svi.leaf.id} expects AS ${leafPeer.remoteAs}, the node is AS ${speaker.asn}`, leafPeer, "idle");
  }
  if (leafPeer.localAs !== nodePeer.remoteAs) {
    return failed("Idle", `the node expects AS ${nodePeer.remoteAs}, the leaf is AS ${leafPeer.localAs}`, leafPeer, "idle");
  }
  return { established: true, leafState: "established", nodeState: "Established", reason: undefined, leafPeer };
}

/** The leaf's peer for an address: a host peer before a subnet. */
function peerFor(peers: readonly LeafPeer[], address: string): LeafPeer | undefined {
  const host = peers.find((peer) => !peer.dynamic && withoutLength(peer.address) === address);
  return host ?? peers.find((peer) => peer.dynamic && isHostIn(address, peer.address));
}

/** What of a session others see. */
export function publicSession(session: Session): LabSession {
  const { leafId, leafAddress, node, nodeAddress, established, leafState, nodeState, reason } = session;
  return { leafId, leafAddress, node, nodeAddress, established, leafState, nodeState, reason };
}
