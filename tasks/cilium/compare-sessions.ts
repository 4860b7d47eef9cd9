import type { Static } from "#typebox";
import { bareAddress } from "../calico/bare-address.ts";
import { problemLines, type SessionProblem, whereToLook } from "../cni/session-pattern.ts";
import type { NodeReport } from "./node-peers.ts";
import type { Session } from "./peer-groups.ts";
import { type BgpEvidence, causeOfState, causeOfUnselected, type PlannedAsns } from "./session-causes.ts";

type Sessions = readonly Static<typeof Session>[];
type Reports = ReadonlyMap<string, NodeReport>;

/** The planned sessions that are not established. */
export function sessionsDown(sessions: Sessions, reports: Reports): Sessions {
  return sessions.filter((session) => peerOf(session, reports)?.state !== "established");
}

/** One sentence for each node without BGP and for all sessions that are down in the same way, with the likely cause. */
export function reasonsOf(sessions: Sessions, reports: Reports, evidence: BgpEvidence, asns: PlannedAsns): readonly string[] {
  const down = sessionsDown(sessions, reports);
  const nodes = new Map(down.map((session) => [session.node, session.rack_id]));
  const mute = [...nodes].flatMap(([name, rackId]): readonly string[] => {
    const report = reports.get(name);
    const rack = rackId === null ? null : String(rackId);
    if (report?.kind === "silent") return [`${name}: ${report.reason}`];
    const isBare = report === undefined || report.kind === "unselected" || report.peers.length === 0;
    return isBare ? [`${name}: no BGP peers at all; ${causeOfUnselected({ name, rack }, evidence)}`] : [];
  });
  const single = down.flatMap((session): readonly SessionProblem[] => {
    const report = reports.get(session.node);
    if (report?.kind !== "peers" || report.peers.length === 0) return [];
    const peer = peerOf(session, reports);
    if (peer === undefined) return [{ session, text: "no such peer on the node; is what cilium.bgp wrote still there?" }];
    const look = whereToLook(session, sessions, (other) => !down.includes(other));
    return [{ session, text: `${peer.state}; ${causeOfState(peer, asns, look)}` }];
  });
  return [...mute, ...problemLines(single, sessions.length)];
}

/** Peers of these nodes that nobody planned: Cilium may well have some, to a firewall for instance. */
export function strangersOf(sessions: Sessions, reports: Reports): readonly string[] {
  return [...new Set(sessions.map(({ node }) => node))].flatMap((node) => {
    const report = reports.get(node);
    const planned = new Set(
      sessions.filter((session) => session.node === node).map((session) => bareAddress(session.peer_address)),
    );
    const others = report?.kind === "peers" ? report.peers.filter(({ address }) => !planned.has(address)) : [];
    return others.map(({ address, state }) => `${node} has a BGP peer that is not in the plan: ${address} (${state})`);
  });
}

function peerOf({ node, peer_address: address }: Sessions[number], reports: Reports) {
  const report = reports.get(node);
  return report?.kind === "peers" ? report.peers.find((peer) => peer.address === bareAddress(address)) : undefined;
}
