import type { LabKubeObject } from "../parts.ts";
import { CALICO_NAMESPACE, peerPassword } from "./calico-password.ts";
import { originatedPrefixes } from "./calico-routes.ts";
import { at, type ClusterReader, listAt, named, sortedList, textAt, textsAt } from "./kube-read.ts";
import { withoutLength } from "./prefix.ts";
import { selects } from "./selector.ts";

/** Calico's AS number when BGPConfiguration says nothing. */
const DEFAULT_AS = 64512;

/** A BGP neighbour as calico-node configures it. */
export interface CalicoPeer {
  /** Without port. */
  readonly address: string;
  readonly remoteAs: number;
  readonly password: string | undefined;
  /** BGPFilter objects in the peer's order; a name without an object filters nothing. */
  readonly filters: readonly unknown[];
  readonly allowedOwnAs: number;
  /** How CalicoNodeStatus calls it. */
  readonly type: "NodePeer" | "GlobalPeer";
}

/** BIRD on one node. */
export interface CalicoSpeaker {
  readonly node: string;
  /** Address its sessions start from; undefined when it is not known yet. */
  readonly address: string | undefined;
  readonly asn: number;
  readonly peers: readonly CalicoPeer[];
  readonly originates: readonly string[];
}

/** The nodes where calico-node runs with BGP, with what the cluster's objects tell each of them. */
export function calicoSide(cluster: ClusterReader): CalicoSpeaker[] {
  const installation = named(cluster, "Installation", "default");
  if (installation === undefined || textAt(installation, "spec", "calicoNetwork", "bgp") === "Disabled") return [];
  const configuration = named(cluster, "BGPConfiguration", "default");
  const asn = Number(at(configuration, "spec", "asNumber") ?? DEFAULT_AS);
  return sortedList(cluster, "Node")
    .filter((node) => isRunning(cluster, node.metadata.name))
    .map((node) => ({
      node: node.metadata.name,
      address: internalAddress(node),
      asn,
      peers: peersOf(cluster, node),
      originates: originatedPrefixes(cluster, node),
    }));
}

function isRunning(cluster: ClusterReader, node: string): boolean {
  return cluster
    .list("Pod")
    .some(
      (pod) =>
        pod.metadata.namespace === CALICO_NAMESPACE &&
        pod.metadata.labels?.["k8s-app"] === "calico-node" &&
        textAt(pod, "spec", "nodeName") === node &&
        textAt(pod, "status", "phase") === "Running",
    );
}

function internalAddress(node: LabKubeObject): string | undefined {
  const found = listAt(node, "status", "addresses").find((address) => textAt(address, "type") === "InternalIP");
  return textAt(found, "address");
}

/** BGPPeers that select the node, one for each address: of two for the same address the first by name counts. */
function peersOf(cluster: ClusterReader, node: LabKubeObject): CalicoPeer[] {
  const peers = new Map<string, CalicoPeer>();
  for (const { spec } of sortedList(cluster, "BGPPeer")) {
    const address = peerAddress(textAt(spec, "peerIP"));
    if (address === undefined || peers.has(address) || !isFor(spec, node)) continue;
    const everywhere = textAt(spec, "node") === undefined && textAt(spec, "nodeSelector") === undefined;
    peers.set(address, {
      address,
      remoteAs: Number(at(spec, "asNumber") ?? 0),
      password: peerPassword(cluster, spec),
      filters: textsAt(spec, "filters").map((name) => named(cluster, "BGPFilter", name)),
      allowedOwnAs: Number(at(spec, "numAllowedLocalASNumbers") ?? 0),
      type: everywhere ? "GlobalPeer" : "NodePeer",
    });
  }
  return [...peers.values()];
}

function isFor(spec: unknown, node: LabKubeObject): boolean {
  const name = textAt(spec, "node");
  const selector = textAt(spec, "nodeSelector");
  if (name !== undefined && name !== "") return name === node.metadata.name;
  return selector === undefined || selector === "" || selects(selector, node.metadata.labels ?? {});
}

/** `192.168.2.201`, or with a port; IPv6 peers are not modelled. */
function peerAddress(text: string | undefined): string | undefined {
  const [address = "", , ...more] = (text ?? "").split(":");
  return address === "" || address.startsWith("[") || more.length > 0 ? undefined : withoutLength(address);
}
