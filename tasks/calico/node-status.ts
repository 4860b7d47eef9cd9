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
  /** `Ready` or `NotReady`; undefined when the agent said nothing. */
  readonly bird: string | undefined;
}

const API = "projectcalico.org/v3";

/** Seconds between two reports: the object lives only while a probe looks. */
const UPDATE_SECONDS = 10;

/** A CalicoNodeStatus that asks one node's calico-node for its agent and sessions. */
export function statusRequest(node: string): KubeObject {
  return {
    apiVersion: API,
    kind: "CalicoNodeStatus",
    metadata: { name: `underlay-${node}` },
    spec: { node, classes: ["Agent", "BGP"], updatePeriodSeconds: UPDATE_SECONDS },
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
  const bird = isObject(agent) && isObject(agent.birdV4) ? agent.birdV4.state : undefined;
  return {
    peers: lists.flatMap((list) => (Array.isArray(list) ? list.flatMap(peerOf) : [])),
    bird: typeof bird === "string" ? bird : undefined,
  };
}

function peerOf(peer: unknown): readonly CalicoPeer[] {
  if (!isObject(peer) || typeof peer.peerIP !== "string") return [];
  return [{ address: bareAddress(peer.peerIP), type: String(peer.type ?? ""), state: String(peer.state ?? "unknown") }];
}
