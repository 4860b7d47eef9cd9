import type { LabSession } from "../parts.ts";
import type { LeafSvi } from "./fabric-side.ts";
import type { LeafPeer } from "./leaf-peer.ts";
import { type NodeAddress, separation } from "./node-side.ts";
import { byAddress, familyOf, isHostIn, withoutLength } from "./prefix.ts";
import type { Speaker, SpeakerPeer } from "./speaker.ts";

/** A session with the configuration of both ends, for the routes that go over it. */
export interface Session extends LabSession {
  readonly svi: LeafSvi | undefined;
  readonly leafPeer: LeafPeer | undefined;
  /** The node's program; undefined when only the leaf has the session configured. */
  readonly speaker: Speaker | undefined;
  readonly nodePeer: SpeakerPeer | undefined;
}

/** A session that both ends have brought up. */
export interface OpenSession extends Session {
  readonly svi: LeafSvi;
  readonly leafPeer: LeafPeer;
  readonly speaker: Speaker;
  readonly nodePeer: SpeakerPeer;
}

/** The two ends before anything was tried. */
interface Ends {
  readonly speaker: Speaker;
  readonly nodePeer: SpeakerPeer;
  /** The node's own addresses of the peer's family. */
  readonly addresses: readonly NodeAddress[];
  /** SVI with the peer's address; undefined: no leaf has it. */
  readonly svi: LeafSvi | undefined;
}

/** How far a session gets, and what each end says meanwhile. */
type Verdict = Pick<LabSession, "established" | "leafState" | "nodeState" | "reason"> & {
  readonly leafPeer: LeafPeer | undefined;
};

/**
 * Tries every session that a node is told to open, and adds those that only a leaf tries. Leaves only listen on a subnet peer, so without
 * a node's attempt there is nothing (aci-objects 3.11); what the ends say when it fails: facts cni.md 1.7 and aci-objects 6.1.
 */
export function sessionsOf(
  speakers: readonly Speaker[],
  addresses: ReadonlyMap<string, readonly NodeAddress[]>,
  svis: readonly LeafSvi[],
): Session[] {
  const byHost = new Map<string, LeafSvi[]>();
  for (const svi of svis) {
    const host = withoutLength(svi.address);
    byHost.set(host, [...(byHost.get(host) ?? []), svi]);
  }
  const sessions = speakers.flatMap((speaker) =>
    speaker.peers.map((nodePeer) => sessionOf(speaker, nodePeer, addresses.get(speaker.node) ?? [], byHost)),
  );
  return [...sessions, ...lonelyPeers(sessions, addresses, svis)];
}

function sessionOf(
  speaker: Speaker,
  nodePeer: SpeakerPeer,
  own: readonly NodeAddress[],
  byHost: ReadonlyMap<string, readonly LeafSvi[]>,
): Session {
  const family = familyOf(nodePeer.address);
  const candidates = byHost.get(nodePeer.address) ?? [];
  const ends = { speaker, nodePeer, addresses: own.filter((one) => familyOf(one.address) === family) };
  const svi = candidates.find((candidate) => unreachable({ ...ends, svi: candidate }) === undefined) ?? candidates[0];
  const { leafPeer, ...verdict } = judge({ ...ends, svi });
  return {
    leafId: svi?.leaf.id ?? 0,
    leafAddress: nodePeer.address,
    node: speaker.node,
    nodeAddress: withoutLength(sourceOf({ ...ends, svi })?.address ?? ""),
    ...verdict,
    svi,
    leafPeer,
    speaker,
    nodePeer,
  };
}

/**
 * The node's address that a session starts from: the one it is told, else the one of the node's own that Kubernetes knows, else what the
 * kernel takes, which is the address on the peer's subnet.
 */
function sourceOf({ speaker, nodePeer, addresses, svi }: Ends): NodeAddress | undefined {
  const find = (wanted: string) => addresses.find((own) => withoutLength(own.address) === wanted);
  if (nodePeer.source !== undefined) return find(nodePeer.source);
  const family = familyOf(nodePeer.address);
  const known = speaker.addresses.find((address) => familyOf(address) === family);
  if (known !== undefined && speaker.program === "calico") return find(known);
  const onLink = svi === undefined ? undefined : addresses.find((own) => isHostIn(svi.address, own.address));
  return onLink ?? addresses[0];
}

/** Why no packet gets through; undefined when it does. */
function unreachable(ends: Ends): string | undefined {
  const { svi } = ends;
  const source = sourceOf(ends);
  if (svi === undefined) return `no leaf has the address ${ends.nodePeer.address}`;
  if (source === undefined) return `${ends.speaker.node} has no link up with an address for ${ends.nodePeer.address}`;
  const same = ends.addresses.filter((own) => own.address === source.address);
  const reasons = same.map((own) => separation(own, svi));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function judge(ends: Ends): Verdict {
  const { svi, speaker, nodePeer } = ends;
  const failed = (nodeState: string, reason: string, leafPeer?: LeafPeer, leafState?: string): Verdict => ({
    established: false,
    leafState: leafPeer?.dynamic === false ? (leafState ?? "active") : leafState,
    nodeState,
    reason,
    leafPeer,
  });
  const address = withoutLength(sourceOf(ends)?.address ?? "");
  const leafPeer = svi?.bgp === true ? peerFor(svi.peers, address) : undefined;
  const apart = unreachable(ends);
  if (nodePeer.adminDown)
    return failed("Idle", `${speaker.node} switched ${nodePeer.address} off: gobgp neighbor disable`, leafPeer);
  // A leaf with a subnet peer knows a node only once it has spoken; with a host peer it tries by itself.
  if (svi === undefined || apart !== undefined) return failed("Active", apart ?? "unreachable", leafPeer);
  if (leafPeer === undefined || !leafPeer.enabled) {
    return failed("Active", `leaf ${svi.leaf.id} has no BGP peer for ${address}: connection refused`);
  }
  if (nodePeer.port !== 179) return failed("Active", `leaf ${svi.leaf.id} does not listen on port ${nodePeer.port}`, leafPeer);
  if (leafPeer.password !== nodePeer.password) {
    const what =
      nodePeer.password === undefined
        ? "the node has no password"
        : leafPeer.password === undefined
          ? "the leaf has no password"
          : "passwords differ";
    // BIRD says Connect while its SYN is not answered, GoBGP stays Active (facts cni.md 1.7, 4.6).
    return failed(speaker.program === "calico" ? "Connect" : "Active", `TCP MD5: ${what}`, leafPeer);
  }
  if (leafPeer.remoteAs !== speaker.asn) {
    return failed("Idle", `leaf ${svi.leaf.id} expects AS ${leafPeer.remoteAs}, the node is AS ${speaker.asn}`, leafPeer, "idle");
  }
  if (nodePeer.remoteAs !== 0 && leafPeer.localAs !== nodePeer.remoteAs) {
    return failed("Idle", `the node expects AS ${nodePeer.remoteAs}, the leaf is AS ${leafPeer.localAs}`, leafPeer, "idle");
  }
  if (!nodePeer.families.includes(svi.family)) {
    return failed("Idle", `the node does not offer ${svi.family}, the only family of the leaf's peer`, leafPeer, "idle");
  }
  const hold = Math.min(svi.domain.hold, nodePeer.hold);
  if (keepaliveOf(speaker, nodePeer, svi) >= hold && hold > 0) {
    return failed("Idle", `the node's keepalive interval is not shorter than the hold time of ${hold} s`, leafPeer, "idle");
  }
  return { established: true, leafState: "established", nodeState: "Established", reason: undefined, leafPeer };
}

/**
 * Seconds between the node's keepalives. BIRD never shortens an interval that it was given, GoBGP only when the other end's hold time is
 * shorter than its own (facts cni.md 1.5, 3.5).
 */
function keepaliveOf(speaker: Speaker, { hold, keepalive }: SpeakerPeer, svi: LeafSvi): number {
  const isShortened = speaker.program !== "calico" && svi.domain.hold < hold;
  return keepalive === undefined || isShortened ? Math.min(svi.domain.hold, hold) / 3 : keepalive;
}

/** The leaf's peer for an address: a host peer before a subnet. */
export function peerFor(peers: readonly LeafPeer[], address: string): LeafPeer | undefined {
  const host = peers.find((peer) => !peer.dynamic && withoutLength(peer.address) === address);
  return host ?? peers.find((peer) => peer.dynamic && isHostIn(address, peer.address));
}

/** Host peers that no node answers: their leaf keeps trying. */
function lonelyPeers(
  sessions: readonly Session[],
  addresses: ReadonlyMap<string, readonly NodeAddress[]>,
  svis: readonly LeafSvi[],
): Session[] {
  const tried = new Set(sessions.map((session) => `${session.leafAddress} ${session.nodeAddress}`));
  const owners = new Map<string, string>();
  for (const own of [...addresses.values()].flat()) owners.set(withoutLength(own.address), own.node);
  const lonely = svis.flatMap((svi) => {
    const leafAddress = withoutLength(svi.address);
    const hosts = svi.bgp ? svi.peers.filter((peer) => !peer.dynamic && peer.enabled) : [];
    return hosts
      .map((leafPeer) => ({ leafPeer, nodeAddress: withoutLength(leafPeer.address) }))
      .filter(({ nodeAddress }) => !tried.has(`${leafAddress} ${nodeAddress}`))
      .map(({ leafPeer, nodeAddress }) => ({
        leafId: svi.leaf.id,
        leafAddress,
        node: owners.get(nodeAddress) ?? "",
        nodeAddress,
        established: false,
        leafState: "active",
        nodeState: undefined,
        reason: "the node does not speak BGP with the leaf",
        svi,
        leafPeer,
        speaker: undefined,
        nodePeer: undefined,
      }));
  });
  return lonely.sort((a, b) => a.leafId - b.leafId || byAddress(a.nodeAddress, b.nodeAddress));
}

/** Whether both ends have a session up. */
export function isOpen(session: Session): session is OpenSession {
  const { established, svi, leafPeer, speaker, nodePeer } = session;
  return established && svi !== undefined && leafPeer !== undefined && speaker !== undefined && nodePeer !== undefined;
}

/** What of a session others see. */
export function publicSession(session: Session): LabSession {
  const { leafId, leafAddress, node, nodeAddress, established, leafState, nodeState, reason } = session;
  return { leafId, leafAddress, node, nodeAddress, established, leafState, nodeState, reason };
}
