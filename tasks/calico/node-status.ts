import type { KubeObject, ObjectReference } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { bareAddress } from "./bare-address.ts";

/** A BGP session as calico-node reports it. */
export interface CalicoPeer {
  readonly address: string;
  /** `NodePeer`, `GlobalPeer`, `NodeMesh`. */
  readonly type: string;
  /** `Idle`, `Connect`, `Active`, `OpenSent`, `OpenConfirm`, `Established`, `Close`. */
  readonly state: string;
}

/** What a CalicoNodeStatus says; undefined until calico-node has filled it in. */
export interface CalicoNodeReport {
  readonly peers: readonly CalicoPeer[];
  /** What each family's BIRD says of itself, `Ready` or `NotReady`; undefined when the agent said nothing. */
  readonly birds: { readonly ipv4: string | undefined; readonly ipv6: string | undefined };
}

const API = "projectcalico.org/v3";

/** The resource, by kubectl's full name. */
export const STATUSES = "caliconodestatuses.projectcalico.org";

/** Seconds between two reports of a node in a small cluster: the object lives only while a probe looks. */
const UPDATE_SECONDS = 10;

/**
 * Seconds between two reports of each of so many nodes. Every report is a write to the Kubernetes API, which is why Calico advises about
 * ten status objects at a time: more nodes report less often, one write a second in all, but each at least three times while the probe
 * looks (`timeout` seconds). A node gives its first report at once, whatever the period.
 */
export function updateSeconds(nodes: number, timeout: number): number {
  return Math.max(UPDATE_SECONDS, Math.min(nodes, Math.floor(timeout / 3)));
}

/** A CalicoNodeStatus that asks one node's calico-node for its agent and sessions, every so many seconds. */
export function statusRequest(node: string, seconds: number = UPDATE_SECONDS): KubeObject {
  return {
    apiVersion: API,
    kind: "CalicoNodeStatus",
    metadata: { name: `underlay-${node}` },
    spec: { node, classes: ["Agent", "BGP"], updatePeriodSeconds: seconds },
  };
}

/** Where the answer for a node will be. */
export function statusReference(node: string): ObjectReference {
  return { apiVersion: API, kind: "CalicoNodeStatus", name: `underlay-${node}` };
}

/** Reads a CalicoNodeStatus; undefined while `lastUpdated` is missing. */
export function reportOf({ status }: KubeObject): CalicoNodeReport | undefined {
  if (!isObject(status) || typeof status.lastUpdated !== "string" || status.lastUpdated === "") return undefined;
  const { bgp, agent } = status;
  const lists = isObject(bgp) ? [bgp.peersV4, bgp.peersV6] : [];
  const stateOf = (one: unknown) => (isObject(one) && typeof one.state === "string" ? one.state : undefined);
  const [birdV4, birdV6] = isObject(agent) ? [agent.birdV4, agent.birdV6] : [];
  return {
    peers: lists.flatMap((list) => (Array.isArray(list) ? list.flatMap(peerOf) : [])),
    birds: { ipv4: stateOf(birdV4), ipv6: stateOf(birdV6) },
  };
}

function peerOf(peer: unknown): readonly CalicoPeer[] {
  if (!isObject(peer) || typeof peer.peerIP !== "string") return [];
  return [{ address: bareAddress(peer.peerIP), type: String(peer.type ?? ""), state: String(peer.state ?? "unknown") }];
}
