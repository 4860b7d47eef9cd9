import { setTimeout as sleep } from "node:timers/promises";
import type { LeafReader } from "../../runner/connect/managed-object.ts";
import { type Failure, ok, type Result } from "../../runner/result.ts";
import { domainOf, inDomain, ofClass, plainAddress } from "../verify/leaf-objects.ts";
import { type Glimpse, type OutageMeter, outageMeter } from "./outage-meter.ts";

/** Milliseconds between two looks at a leaf, and for each leaf more, so that a large fabric is asked about 30 times a second at most. */
const BETWEEN_LOOKS = 250;
const FOR_EACH_LEAF = 33;

/** The parts of a session that name it on a leaf. */
export interface WatchedSession {
  readonly leaf: string;
  /** The node's address. */
  readonly local_address: string;
}

/** Where the leaves are watched: inventory names with their readers, and the VRF. */
export interface WatchPlace {
  readonly tenant: string;
  readonly vrf: string;
  readonly leaves: ReadonlyMap<string, LeafReader>;
}

/** Leaves that are looked at again and again. */
export interface SessionWatch {
  readonly meter: OutageMeter;
  /** Why a leaf could not be looked at, when its last look failed. */
  readonly trouble: ReadonlyMap<string, Failure>;
  /** Resolves when every leaf has been looked at once more, or could not be. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Name of a session in the meter. */
export function keyOf({ leaf, local_address: address }: WatchedSession): string {
  return `${leaf} ${plainAddress(address)}`;
}

/** What a leaf shows of these sessions now; one that it has no entry of is down. */
export async function glimpses(
  reader: LeafReader,
  place: Pick<WatchPlace, "tenant" | "vrf">,
  sessions: readonly WatchedSession[],
): Promise<Result<ReadonlyMap<string, Glimpse>>> {
  const read = await reader.class("bgpPeerEntry", inDomain("bgpPeerEntry", domainOf(place)));
  if (!read.ok) return read;
  const found = new Map<string, Glimpse>();
  for (const { attributes } of ofClass(read.value, "bgpPeerEntry")) {
    const { addr = "", operSt, connEst = "", lastFlapTs = "" } = attributes;
    const address = plainAddress(addr);
    const established = operSt === "established";
    // Of entries that are left over from reconnects the established one counts.
    if (established || found.get(address)?.established !== true) {
      found.set(address, { established, mark: `${connEst} ${lastFlapTs}` });
    }
  }
  const missing: Glimpse = { established: false, mark: "" };
  return ok(new Map(sessions.map((session) => [keyOf(session), found.get(plainAddress(session.local_address)) ?? missing])));
}

/** Starts looking, every leaf on its own. A look that fails is left out: it says nothing about the sessions. */
export function watchSessions(place: WatchPlace, sessions: readonly WatchedSession[]): SessionWatch {
  const meter = outageMeter();
  const trouble = new Map<string, Failure>();
  const looks = new Map<string, number>();
  const stopped = new AbortController();
  const pause = BETWEEN_LOOKS + FOR_EACH_LEAF * Math.max(0, place.leaves.size - 1);

  const once = async (leaf: string, reader: LeafReader): Promise<void> => {
    const asked = Date.now();
    const seen = await glimpses(
      reader,
      place,
      sessions.filter((session) => session.leaf === leaf),
    );
    if (seen.ok) {
      trouble.delete(leaf);
      const look = { asked, answered: Date.now() };
      for (const [key, glimpse] of seen.value) meter.see(key, look, glimpse);
    } else trouble.set(leaf, seen.failure);
    looks.set(leaf, (looks.get(leaf) ?? 0) + 1);
  };
  const watching = [...place.leaves].map(async ([leaf, reader]) => {
    while (!stopped.signal.aborted) {
      await once(leaf, reader);
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  });

  return {
    meter,
    trouble,
    look: async () => {
      // One that is under way may have begun before the call: two more.
      const goals = new Map([...place.leaves.keys()].map((leaf) => [leaf, (looks.get(leaf) ?? 0) + 2]));
      while ([...goals].some(([leaf, goal]) => (looks.get(leaf) ?? 0) < goal)) await sleep(BETWEEN_LOOKS / 5);
    },
    stop: async () => {
      stopped.abort();
      await Promise.all(watching);
    },
  };
}
