import type { FoundObject, LeafReader } from "../../runner/connect/managed-object.ts";
import { flagsOf, inDomain, lies, ofClass, plainAddress } from "./leaf-objects.ts";

/** What else a leaf says about its VRF; read only when a session is missing. */
export interface SessionEvidence {
  /** Whether the leaf has resolved a neighbour, by ARP for IPv4 and ND for IPv6; undefined when that table could not be read. */
  readonly resolved: (peer: string) => boolean | undefined;
  /** Faults of the VRF's BGP and of the L3Outs as this leaf deploys them, one line each. */
  readonly faults: readonly string[];
}

/** Most fault lines that help; a broken leaf has hundreds. */
const MOST_FAULTS = 5;

/** Reads what helps to name a cause. A query that fails leaves its part out: the session is what the probe reports. */
export async function gatherEvidence(
  reader: LeafReader,
  domain: string,
  tenant: string,
  peers: readonly string[],
): Promise<SessionEvidence> {
  const families = [...new Set(peers.map(tableOf))];
  const [faults, ...tables] = await Promise.all([
    reader.class("faultInst", {
      "query-target-filter": `or(wcard(faultInst.dn,"${domain}/"),wcard(faultInst.dn,"uni/tn-${tenant}/out-"))`,
    }),
    ...families.map(async (className) => {
      const table = await reader.class(className, inDomain(className, domain));
      return [className, table.ok ? neighbours(table.value) : undefined] as const;
    }),
  ]);
  const resolved = new Map(tables);
  return {
    resolved: (peer) => resolved.get(tableOf(peer))?.has(plainAddress(peer)),
    faults: (faults.ok ? faults.value : [])
      .filter(({ attributes }) => attributes.severity !== "cleared")
      .slice(0, MOST_FAULTS)
      .map(faultLine),
  };
}

/** Class of the table that holds a neighbour. */
function tableOf(peer: string): "arpAdjEp" | "ndAdjEp" {
  return peer.includes(":") ? "ndAdjEp" : "arpAdjEp";
}

function neighbours(entries: readonly FoundObject[]): ReadonlySet<string> {
  const complete = entries.filter(({ attributes }) => attributes.operSt !== "incomplete");
  return new Set(complete.map(({ attributes }) => plainAddress(attributes.ip ?? "")));
}

function faultLine({ attributes }: FoundObject): string {
  const details = attributes.changeSet ? ` (${attributes.changeSet})` : "";
  return `fault ${attributes.code}: ${attributes.descr ?? attributes.cause ?? "no description"}${details}`;
}

/** What is known about one missing session. */
export interface MissingSession {
  readonly peer: string;
  readonly entry: FoundObject | undefined;
  /** bgpPeer objects of the VRF on this leaf. */
  readonly configured: readonly FoundObject[];
  readonly asn: number;
  readonly evidence: SessionEvidence | undefined;
}

/** Why a session is missing, as far as the leaf can tell: `active, ARP is there: password or AS wrong?`. */
export function sessionCause({ peer, entry, configured, asn, evidence }: MissingSession): string {
  const listener = listenerFor(peer, configured);
  if (listener === undefined) {
    return "no session, and this leaf has no BGP peer for it: is the leaf an anchor or the node's path on it (steps 4 and 5), with a peer for the node's address (step 14)?";
  }
  const state = entry === undefined ? "no session" : (entry.attributes.operSt ?? "unknown");
  const { asn: expected, adminSt, passwdSet } = listener.attributes;
  if (adminSt === "disabled") return `${state}: the peer is disabled on the leaf (bgpPeerP.adminSt)`;
  if (expected !== undefined && expected !== "" && Number(expected) !== asn) {
    return `${state}: the leaf expects AS ${expected}, the cluster has ${asn}`;
  }
  const shut = entry?.attributes.shutStQual;
  if (shut === "exceeded-pfxlimit")
    return `${state}: shut, because the node announced more prefixes than the limit allows (step 13)`;
  if (shut === "admin") return `${state}: shut by an administrator`;
  if (entry?.attributes.stReason === "no-mem") return `${state}: the leaf is out of memory for BGP`;
  const password =
    passwdSet === "disabled" ? "the leaf has no password: does the node send one, or is its AS wrong?" : "password or AS wrong?";
  const seen = evidence?.resolved(peer);
  const table = peer.includes(":") ? "ND" : "ARP";
  if (seen === true) {
    const never = entry === undefined ? ` BGP not running on the node, or ${password}` : ` ${password}`;
    return `${state}, ${table} is there:${never}`;
  }
  if (seen === undefined) return `${state}: node down, VLAN, bond, ${password}`;
  return `${state}, and no ${table} entry: VLAN, bond or address of the node?`;
}

/**
 * Peers of these nodes that do not override the AS or check it: sessions are up, but nodes of one AS do not get each other's routes. Whether a
 * leaf shows a dynamic neighbour as a peer of its own beside the subnet's, and with which flags, is not documented (facts section 10): the
 * flags of all that cover a node count.
 */
export function misconfigured(peers: readonly string[], configured: readonly FoundObject[]): string[] {
  const found = new Map<FoundObject, Set<string>>();
  for (const peer of peers) {
    const listeners = listenersFor(peer, configured);
    const families = ofClass(listeners, "bgpPeerAf");
    const [widest] = listeners.slice(-1);
    if (widest === undefined || families.length === 0) continue;
    found.set(widest, new Set([...(found.get(widest) ?? []), ...families.flatMap((family) => flagsOf(family, "ctrl"))]));
  }
  return [...found].flatMap(([listener, flags]) => {
    const address = listener.attributes.addr ?? listener.dn;
    return [
      ...(flags.has("as-override")
        ? []
        : [`${address}: AS override is off on the leaf: nodes refuse each other's routes, which carry their own AS (step 14)`]),
      ...(flags.has("dis-peer-as-check")
        ? []
        : [`${address}: the peer AS check is on: the leaf does not announce the cluster's routes to the nodes (step 14)`]),
    ];
  });
}

/** The most specific configured peer that covers a node. */
function listenerFor(peer: string, configured: readonly FoundObject[]): FoundObject | undefined {
  return listenersFor(peer, configured)[0];
}

/** Configured peers that cover a node, the most specific first. */
function listenersFor(peer: string, configured: readonly FoundObject[]): FoundObject[] {
  const covering = configured.filter(({ attributes }) => lies(peer, attributes.addr ?? ""));
  return covering.sort((one, other) => lengthOf(other) - lengthOf(one));
}

function lengthOf({ attributes }: FoundObject): number {
  return Number((attributes.addr ?? "").split("/")[1] ?? 128);
}
