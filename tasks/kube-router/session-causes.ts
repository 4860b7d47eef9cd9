import type { KubeObject } from "../../runner/connect/cluster.ts";
import { bareAddress } from "../calico/bare-address.ts";
import type { Session } from "./arguments.ts";
import { configuredPeers, isExternal, isSame } from "./configured-peers.ts";
import type { Neighbor } from "./gobgp.ts";
import type { RouterPod } from "./pods.ts";
import { detectedVersion } from "./release.ts";

/** What was found out about one node of the plan. */
export interface NodeReport {
  readonly node: string;
  readonly sessions: readonly Session[];
  /** undefined: the cluster has no such node. */
  readonly object: KubeObject | undefined;
  readonly pod: RouterPod | undefined;
  /** What its pod says, or why it says nothing. */
  readonly neighbors: readonly Neighbor[] | string;
  /** Prefixes with the cluster's own AS in their path, by the neighbour's address. */
  readonly loops: ReadonlyMap<string, readonly string[]>;
  /** Why the paths of routes that were not accepted could not be looked at. */
  readonly doubt?: string;
}

/** The neighbour of a planned session. */
export function neighborOf({ peer_address: address }: Session, neighbors: readonly Neighbor[]): Neighbor | undefined {
  return neighbors.find((neighbor) => neighbor.address === bareAddress(address));
}

/** One sentence for each thing on a node that is not as planned, with its likely cause (facts 2.3, 2.5, 4.1). `allDown`: no session is up anywhere. */
export function reasonsOf(report: NodeReport, allDown: boolean): readonly string[] {
  const { node, object, pod, neighbors } = report;
  if (object === undefined) return [`${node}: not in the cluster; has it joined, and under this name?`];
  if (pod === undefined) return [`${node}: no pod of kube-router runs there; is the DaemonSet there (kube_router.daemonset)?`];
  if (typeof neighbors === "string") {
    const state = pod.ready ? "does not answer" : "is not Ready and does not answer";
    return [
      `${node}: pod ${pod.name} ${state}: ${neighbors}; with peers that it cannot read kube-router runs no BGP: see its log`,
    ];
  }
  return [
    ...report.sessions.flatMap((session) => sessionReasons(report, pod, neighbors, session, allDown)),
    ...neighbors
      .filter(({ address }) => !report.sessions.some(({ peer_address: peer }) => bareAddress(peer) === address))
      .map((neighbor) =>
        isExternal(neighbor)
          ? `${node} to ${neighbor.address}: a peer that is not a leaf of its rack; look at the node's annotations and for --peer-router-ips`
          : `${node} to ${neighbor.address}: a session with another node, which should not be (--enable-ibgp=false, kube_router.daemonset)`,
      ),
  ];
}

function sessionReasons(
  report: NodeReport,
  pod: RouterPod,
  neighbors: readonly Neighbor[],
  session: Session,
  allDown: boolean,
): readonly string[] {
  const name = `${report.node} to ${session.leaf} (${session.peer_address})`;
  const neighbor = neighborOf(session, neighbors);
  const stale = staleness(report, pod, session, neighbor);
  if (neighbor === undefined) return [`${name}: no such peer in the pod; ${stale ?? notTaken(report, session)}`];
  if (neighbor.state !== "Established") return [`${name}: ${neighbor.state}; ${stale ?? causeOf(neighbor, allDown)}`];
  const loops = report.loops.get(neighbor.address) ?? [];
  if (loops.length === 0) return [];
  const { received, accepted } = neighbor;
  return [
    `${name}: received ${received}, accepted ${accepted}: routes of other nodes such as ${loops[0]} come back with AS ${neighbor.localAsn}; the leaf does not override the AS (as_override of aci.bgp_peer)?`,
  ];
}

/** Annotated as planned, but the pod has it not or otherwise. */
function staleness(
  { object }: NodeReport,
  pod: RouterPod,
  { peer_address: address }: Session,
  neighbor: Neighbor | undefined,
): string | undefined {
  const peers = object === undefined ? undefined : configuredPeers(object, detectedVersion(pod.object));
  const peer = peers?.find((one) => one.address === bareAddress(address));
  if (peer === undefined || (neighbor !== undefined && isSame(neighbor, peer))) return undefined;
  return "its annotations are newer than the pod, which reads them only when it starts: kube_router.restart";
}

function notTaken({ object }: NodeReport, { peer_address: address }: Session): string {
  const texts = Object.entries(object?.metadata.annotations ?? {}).filter(([name]) => name.startsWith("kube-router.io/peer"));
  if (texts.length === 0) return "the node has no peers annotated (kube_router.peers)";
  return `the node's annotations do not name ${address}, or not in a form that this release reads (version of kube_router.peers)`;
}

/** What a BGP state that does not pass usually means here. A wrong MD5 password is silent: TCP just does not come up. */
function causeOf({ state, admin }: Neighbor, everywhere: boolean): string {
  if (admin === "down") return "somebody switched it off by hand: gobgp neighbor ADDRESS enable, in the pod";
  if (admin === "prefix limit") return "more prefixes came than the limit allows";
  switch (state) {
    case "Idle":
      return "refused by one side: wrong AS number (asn of kube_router.peers, kube_router.daemonset or aci.bgp_peer)?";
    case "Connect":
    case "Active":
      return everywhere
        ? "no session at all comes up: wrong BGP password, or the leaves have no peer for this subnet?"
        : "TCP does not come up: wrong BGP password or VLAN, no peer for this subnet on the leaf, or the node cannot reach the leaf?";
    case "OpenSent":
    case "OpenConfirm":
      return "TCP is up and BGP is being agreed on: wrong AS number, if it stays so?";
    case "Established":
    case "unknown":
      return "look at gobgp neighbor in the node's kube-router pod (it shows the password)";
    default:
      return state satisfies never;
  }
}
