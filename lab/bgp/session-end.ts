import type { Attempts } from "./attempts.ts";
import type { LeafSvi } from "./fabric-side.ts";
import type { LeafPeer } from "./leaf-peer.ts";
import { separation } from "./node-side.ts";
import { withoutLength } from "./prefix.ts";
import { type OpenSession, peerFor, type Session } from "./sessions.ts";

/**
 * What the leaf notices of a session's end: a NOTIFICATION or its own decision (`cease`), a TCP connection that closes without one
 * (`closed`, graceful restart), or nothing (`silent`, the hold timer).
 */
export interface SessionEnd {
  readonly how: "cease" | "closed" | "silent";
  /** Whether the leaf ended it, so that nothing of it stays there. */
  readonly byLeaf: boolean;
  readonly reason: string;
}

/** The leaf's end of a session as it is configured now. */
export interface LeafEnd {
  readonly svi: LeafSvi;
  readonly leafPeer: LeafPeer;
}

/** What a session is looked at with. */
export interface Surroundings extends Pick<Attempts, "addresses" | "processes"> {
  /** SVIs by their address without length. */
  readonly svis: ReadonlyMap<string, readonly LeafSvi[]>;
  /** Boot IDs of machines that ended their containers before they went off. */
  readonly stopped: ReadonlySet<string>;
}

/** The leaf's end now; undefined when it has no such peer any more. */
export function leafEnd({ leafId, leafAddress, nodeAddress }: Session, { svis }: Surroundings): LeafEnd | undefined {
  for (const svi of svis.get(leafAddress) ?? []) {
    const leafPeer = svi.leaf.id === leafId && svi.bgp ? peerFor(svi.peers, nodeAddress) : undefined;
    if (leafPeer?.enabled === true) return { svi, leafPeer };
  }
  return undefined;
}

/**
 * Why a session that was up cannot go on, or undefined when it does. `session`: as it was; `attempt`: what its program tries now. What
 * is noticed of which event: facts cni.md 4.3, 4.5, 4.6 and 1.4 (BIRD and GoBGP restart a session whose password they are told anew).
 */
export function endOf(session: OpenSession, attempt: Session | undefined, around: Surroundings): SessionEnd | undefined {
  const { node, nodeAddress, leafId, speaker } = session;
  const end = leafEnd(session, around);
  if (end === undefined) return byLeaf(`leaf ${leafId} has no BGP peer for ${nodeAddress} any more`);
  const isRunning = around.processes.has(speaker.process);
  const [boot = ""] = speaker.process.split(" ");
  if (!isRunning && around.stopped.has(boot)) return closed(`${node} ended its containers`);
  const own = (around.addresses.get(node) ?? []).filter(({ address }) => withoutLength(address) === nodeAddress);
  if (!own.some((address) => separation(address, end.svi) === undefined))
    return silent(`${nodeAddress} of ${node} does not reach leaf ${leafId}`);
  if (!isRunning) return closed(`the BGP program of ${node} ended`);
  return changeOf(session, attempt, end);
}

/** The ends of a session whose packets get through. */
function changeOf(session: OpenSession, attempt: Session | undefined, end: LeafEnd): SessionEnd | undefined {
  const { node, nodePeer, leafPeer, leafAddress } = session;
  const now = attempt?.nodePeer;
  if (attempt === undefined || now === undefined) return cease(`${node} has no peer ${leafAddress} any more`);
  if (now.password !== nodePeer.password) return cease(`${node} was told another password`);
  if (end.leafPeer.password !== leafPeer.password) return silent("TCP MD5: passwords differ");
  if (!attempt.established) return cease(attempt.reason ?? "");
  const isSame = attempt.nodeAddress === session.nodeAddress && attempt.speaker?.asn === session.speaker.asn;
  return isSame ? undefined : cease(`${node} was told another address or AS`);
}

function cease(reason: string): SessionEnd {
  return { how: "cease", byLeaf: false, reason };
}

function byLeaf(reason: string): SessionEnd {
  return { how: "cease", byLeaf: true, reason };
}

function closed(reason: string): SessionEnd {
  return { how: "closed", byLeaf: false, reason };
}

function silent(reason: string): SessionEnd {
  return { how: "silent", byLeaf: false, reason };
}
