import type { KubeObject } from "../../runner/connect/cluster.ts";
import { bareAddress } from "../calico/bare-address.ts";
import { problemLines, type SessionProblem, whereToLook } from "../cni/session-pattern.ts";
import { isWithdrawn, WITHDRAWN_CAUSE } from "../cni/withdrawn.ts";
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

/** AS numbers of the plan; undefined: not compared. */
export interface PlannedAsns {
  readonly cluster: number | undefined;
  readonly fabric: number | undefined;
}

/** One sentence for each thing that is not as planned, with the nodes and leaves it is so for and its likely cause (facts 2.3, 2.5, 4.1). */
export function reasonsOf(reports: readonly NodeReport[], asns: PlannedAsns): readonly string[] {
  const planned = reports.flatMap(({ sessions }) => sessions);
  const up = new Set(
    reports.flatMap((report) => report.sessions.filter((session) => stateOf(report, session) === "Established")),
  );
  const look = (session: Session) => whereToLook(session, planned, (other) => up.has(other));
  const problems = reports.flatMap((report) => sessionProblems(report, asns, look));
  return [...reports.flatMap(nodeReasons), ...problemLines(problems, planned.length)];
}

/** A planned session's state as the node's pod has it. */
export function stateOf({ neighbors }: NodeReport, session: Session): Neighbor["state"] | undefined {
  return typeof neighbors === "string" ? undefined : neighborOf(session, neighbors)?.state;
}

/** What is wrong with a node as a whole, and sessions that nobody planned. */
function nodeReasons({ node, object, pod, neighbors, sessions }: NodeReport): readonly string[] {
  if (object === undefined) return [`${node}: not in the cluster; has it joined, and under this name?`];
  if (pod === undefined) return [`${node}: no pod of kube-router runs there; is the DaemonSet there (kube_router.daemonset)?`];
  if (typeof neighbors === "string") {
    const state = pod.ready ? "does not answer" : "is not Ready and does not answer";
    return [
      `${node}: pod ${pod.name} ${state}: ${neighbors}; with peers that it cannot read kube-router runs no BGP: see its log`,
    ];
  }
  return neighbors
    .filter(({ address }) => !sessions.some(({ peer_address: peer }) => bareAddress(peer) === address))
    .map((neighbor) =>
      isExternal(neighbor)
        ? `${node} to ${neighbor.address}: a peer that is not a leaf of its rack; look at the node's annotations and for --peer-router-ips`
        : `${node} to ${neighbor.address}: a session with another node, which should not be (--enable-ibgp=false, kube_router.daemonset)`,
    );
}

function sessionProblems(
  report: NodeReport,
  asns: PlannedAsns,
  look: (session: Session) => string,
): readonly SessionProblem<Session>[] {
  const { neighbors, object, pod } = report;
  if (object === undefined || pod === undefined || typeof neighbors === "string") return [];
  return report.sessions.flatMap((session): readonly SessionProblem<Session>[] => {
    const neighbor = neighborOf(session, neighbors);
    if (isWithdrawn(object) && neighbor?.state !== "Established") return [{ session, text: WITHDRAWN_CAUSE }];
    const stale = isStale(report, pod, session, neighbor);
    if (neighbor === undefined) {
      return [{ session, text: `no such peer in the pod; ${stale ? STALE : notTaken(report, session)}` }];
    }
    if (neighbor.state !== "Established") {
      return [{ session, text: `${neighbor.state}; ${stale ? STALE : causeOf(neighbor, asns, look(session))}` }];
    }
    if (stale) return [{ session, text: `Established, but otherwise after the pod's next restart; ${STALE}` }];
    const [loop] = report.loops.get(neighbor.address) ?? [];
    return loop === undefined ? [] : [{ session, text: loopText(neighbor), example: loop }];
  });
}

/** The sign of a leaf without AS override (facts 4.1). */
function loopText({ localAsn, received, accepted }: Neighbor): string {
  return `received ${received}, accepted ${accepted}: routes of other nodes come back with AS ${localAsn}, the cluster's own, and are dropped; the leaf does not override the AS (step 14, as_override of aci.bgp_peer)`;
}

const STALE = "its annotations are newer than the pod, which reads them only when it starts: kube_router.restart";

/** Annotated as planned, but the pod has it not or otherwise. */
function isStale(
  { object }: NodeReport,
  pod: RouterPod,
  { peer_address: address }: Session,
  neighbor: Neighbor | undefined,
): boolean {
  const peers = object === undefined ? undefined : configuredPeers(object, detectedVersion(pod.object));
  const peer = peers?.find((one) => one.address === bareAddress(address));
  return peer !== undefined && !(neighbor !== undefined && isSame(neighbor, peer));
}

function notTaken({ object }: NodeReport, { peer_address: address }: Session): string {
  const texts = Object.entries(object?.metadata.annotations ?? {}).filter(([name]) => name.startsWith("kube-router.io/peer"));
  if (texts.length === 0) return "the node has no peers annotated (kube_router.peers)";
  return `the node's annotations do not name ${address}, or not in a form that this release reads (version of kube_router.peers)`;
}

/** What a BGP state that does not pass usually means here. */
function causeOf({ state, admin, asn, localAsn }: Neighbor, asns: PlannedAsns, look: string): string {
  if (admin === "down")
    return "it is switched off in the pod (gobgp neighbor ADDRESS disable), and the node is not withdrawn: kube_router.restart brings it back";
  if (admin === "prefix limit") return "more prefixes came than the limit allows";
  if (asns.fabric !== undefined && asn !== undefined && asn !== asns.fabric) {
    return `wrong AS number: the node expects AS ${asn} of the leaf, the fabric is AS ${asns.fabric}; look at the node's annotations (asn of kube_router.peers)`;
  }
  if (asns.cluster !== undefined && localAsn !== undefined && localAsn !== asns.cluster) {
    return `wrong AS number: kube-router runs as AS ${localAsn}, the cluster is AS ${asns.cluster}; look at --cluster-asn of its DaemonSet (asn of kube_router.daemonset)`;
  }
  const isKnown = asns.fabric !== undefined && asns.cluster !== undefined;
  switch (state) {
    case "Idle":
      return isKnown
        ? `refused by the leaf: wrong AS number there? The node's are as planned; the leaf must expect AS ${asns.cluster} (asn of aci.bgp_peer)`
        : "refused by one side: wrong AS number (asn of kube_router.peers, kube_router.daemonset or aci.bgp_peer)?";
    case "Connect":
    case "Active":
      return `TCP does not come up: ${look}`;
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
