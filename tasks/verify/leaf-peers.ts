import type { FoundObject, LeafReader } from "../../runner/connect/managed-object.ts";
import type { Result } from "../../runner/result.ts";
import { inDomain, plainAddress } from "./leaf-objects.ts";

/**
 * Configured peers of the VRF with their sessions below them, in one query. Where a release keeps the session of a dynamic neighbour is
 * not documented, so entries are taken wherever they are in the VRF.
 */
export function readPeers(reader: LeafReader, domain: string): Promise<Result<readonly FoundObject[]>> {
  return reader.class("bgpPeer", inDomain("bgpPeer", domain, ["bgpPeerAf", "bgpPeerEntry", "bgpPeerAfEntry"]));
}

/** The session with a node: the established one if several entries are left over from reconnects. */
export function entryOf(peer: string, entries: readonly FoundObject[]): FoundObject | undefined {
  const own = entries.filter(({ attributes }) => plainAddress(attributes.addr ?? "") === plainAddress(peer));
  return own.find(isEstablished) ?? own[0];
}

/** Whether an entry (bgpPeerEntry) is a session that is up. */
export function isEstablished(entry: FoundObject | undefined): boolean {
  return entry?.attributes.operSt === "established";
}
