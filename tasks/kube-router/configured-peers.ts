import { parse } from "yaml";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { bareAddress } from "../calico/bare-address.ts";
import { isBefore, type Version } from "../cni/version.ts";
import { digestOf, type Neighbor } from "./gobgp.ts";
import { ANNOTATION } from "./peer-annotations.ts";
import { PEERS_ANNOTATION } from "./release.ts";

/** A peer as a Node's annotations have it, whoever wrote them. */
export interface ConfiguredPeer {
  readonly address: string;
  readonly asn: number;
  readonly localAddress: string | undefined;
  /** digestOf its password; undefined: none. */
  readonly password: string | undefined;
}

/**
 * The peers that a kube-router of this release finds on its Node when it starts. A release that is not known is taken for a new one.
 * Undefined when the annotations cannot be read; kube-router then does not start its BGP server.
 */
export function configuredPeers(node: KubeObject, version: Version | undefined): readonly ConfiguredPeer[] | undefined {
  const annotations = node.metadata.annotations ?? {};
  const list = annotations[ANNOTATION.peers];
  const isNew = version === undefined || !isBefore(version, PEERS_ANNOTATION);
  return isNew && list !== undefined ? fromList(list) : fromColumns(annotations);
}

/**
 * Whether a running kube-router has other eBGP peers than it would find if it started now. Sessions with other nodes (iBGP) do not come
 * from annotations; an address to connect from is compared only where GoBGP shows one.
 */
export function hasOtherPeers(neighbors: readonly Neighbor[], peers: readonly ConfiguredPeer[]): boolean {
  const stale = peers.some((peer) => !neighbors.some((neighbor) => isSame(neighbor, peer)));
  return (
    stale || neighbors.some((neighbor) => isExternal(neighbor) && !peers.some(({ address }) => address === neighbor.address))
  );
}

/** Whether a neighbour is a peer as it is configured: address, AS, password. */
export function isSame(neighbor: Neighbor, peer: ConfiguredPeer): boolean {
  const { localAddress } = neighbor;
  return (
    neighbor.address === peer.address &&
    neighbor.asn === peer.asn &&
    neighbor.password === peer.password &&
    (localAddress === undefined || peer.localAddress === undefined || localAddress === peer.localAddress)
  );
}

/** Whether a neighbour is in another AS. */
export function isExternal({ asn, localAsn }: Neighbor): boolean {
  return localAsn !== undefined && asn !== undefined && asn !== localAsn;
}

function fromList(text: string): readonly ConfiguredPeer[] | undefined {
  const list = parsed(text);
  if (!Array.isArray(list)) return undefined;
  const peers = list.map((item: unknown) => (isObject(item) ? peerOf(item) : undefined));
  return peers.every((peer) => peer !== undefined) ? peers : undefined;
}

/** The parser's errors quote the text, password and all: only that there was one is passed on. */
function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: "silent" });
  } catch {
    return undefined;
  }
}

function fromColumns(annotations: Readonly<Record<string, string>>): readonly ConfiguredPeer[] | undefined {
  const column = (name: string) => annotations[name]?.split(",").map((item) => item.trim());
  const addresses = column(ANNOTATION.addresses);
  if (addresses === undefined) return [];
  const [asns, passwords, locals] = [ANNOTATION.asns, ANNOTATION.passwords, ANNOTATION.localAddresses].map(column);
  const peers = addresses.map((remoteip, index) =>
    peerOf({ remoteip, remoteasn: asns?.[index], password: passwords?.[index], localip: locals?.[index] }),
  );
  return peers.every((peer) => peer !== undefined) ? peers : undefined;
}

function peerOf({ remoteip, remoteasn, password, localip }: Readonly<Record<string, unknown>>): ConfiguredPeer | undefined {
  const asn = Number(remoteasn);
  if (typeof remoteip !== "string" || !Number.isInteger(asn) || asn < 1) return undefined;
  return {
    address: bareAddress(remoteip),
    asn,
    localAddress: typeof localip === "string" && localip !== "" ? bareAddress(localip) : undefined,
    password: typeof password === "string" && password !== "" ? digestOf(Buffer.from(password, "base64").toString()) : undefined,
  };
}
