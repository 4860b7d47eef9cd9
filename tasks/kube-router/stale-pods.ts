import pLimit from "p-limit";
import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { type Failure, ok, type Result } from "../../runner/result.ts";
import { isWithdrawn } from "../cni/withdrawn.ts";
import { configuredPeers, hasOtherPeers } from "./configured-peers.ts";
import { type Neighbor, readNeighbors } from "./gobgp.ts";
import { podOn, type RouterPod, routerPods } from "./pods.ts";
import { detectedVersion } from "./release.ts";

/** Pods that are asked at the same time: each is a kubectl of its own. */
export const AT_ONCE = 8;

/** Peers in the arguments of kube-router, which then does not look at the annotations (facts 2.2). */
const GLOBAL_PEERS = /^--?peer-router-(ips|asns)(=|$)/;

/** Kube-router's pods by what they make of the peers of their nodes. */
export interface PodPeers {
  /** Have other peers than their node's annotations name now, or switched-off ones. */
  readonly stale: readonly RouterPod[];
  /** Could not be asked, and why. */
  readonly silent: readonly { readonly pod: RouterPod; readonly failure: Failure }[];
  /** Nodes with annotated peers and without a pod: it reads them as it starts, unless it starts before they are written. */
  readonly awaited: readonly string[];
}

/**
 * Asks every pod for the peers it has, and compares with its node's annotations as they are (in check mode: as they will be). What the
 * pods say is compared and not when the annotations were written: it also finds a password or an AS that somebody changed and changed back,
 * does not depend on clocks, and can be predicted. `only`: the nodes to look at; all of them when left out.
 */
export async function comparePods(reader: ClusterReader, only?: ReadonlySet<string>): Promise<Result<PodPeers>> {
  const [pods, listed] = [await routerPods(reader), await reader.list("nodes")];
  if (!pods.ok) return pods;
  if (!listed.ok) return listed;
  const nodes = (listed.value ?? []).filter(({ metadata }) => only === undefined || only.has(metadata.name));
  const limit = pLimit(AT_ONCE);
  const stale: RouterPod[] = [];
  const silent: { readonly pod: RouterPod; readonly failure: Failure }[] = [];
  const asked = nodes.flatMap((node) => {
    const pod = podOn(node.metadata.name, pods.value);
    return pod === undefined || hasGlobalPeers(pod) ? [] : [{ node, pod }];
  });
  const answers = await Promise.all(
    asked.map(({ node, pod }) => limit(async () => ({ node, pod, neighbors: await readNeighbors(reader, pod) }))),
  );
  for (const { node, pod, neighbors } of answers) {
    if (!neighbors.ok) silent.push({ pod, failure: neighbors.failure });
    else if (isStale(node, pod, neighbors.value)) stale.push(pod);
  }
  const global = pods.value.some(hasGlobalPeers);
  const awaited = nodes.filter((node) => !global && podOn(node.metadata.name, pods.value) === undefined && hasPeers(node));
  return ok({ stale, silent, awaited: awaited.map(({ metadata }) => metadata.name) });
}

function hasGlobalPeers(pod: RouterPod): boolean {
  return pod.arguments.some((word) => GLOBAL_PEERS.test(word));
}

function hasPeers(node: KubeObject): boolean {
  return !isWithdrawn(node) && (configuredPeers(node, undefined) ?? []).length > 0;
}

/**
 * Whether a pod has other peers than its node's annotations name, or peers that were switched off (kube_router.withdraw) and come back only
 * when it starts anew. With annotations that it cannot read a restart would only make it worse. A node that is withdrawn is let be: what
 * its pod still has is switched off, or kube_router.withdraw does so; a restart would let graceful restart keep the routes.
 */
function isStale(node: KubeObject, pod: RouterPod, neighbors: readonly Neighbor[]): boolean {
  if (isWithdrawn(node)) return false;
  const peers = configuredPeers(node, detectedVersion(pod.object));
  return peers !== undefined && (hasOtherPeers(neighbors, peers) || neighbors.some(({ admin }) => admin === "down"));
}
