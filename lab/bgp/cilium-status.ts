import type { LabCluster } from "../parts.ts";
import { type AgentView, agentsOn, type PeerView } from "./agent-view.ts";
import { canonical } from "./node-status.ts";
import { familyOf } from "./prefix.ts";
import type { Routing } from "./routing.ts";
import type { SessionTimes } from "./session-times.ts";

/** Writes what Cilium's agents report into the CiliumBGPNodeConfig of their node, when it changed (facts cni.md 3.4). */
export function reportCiliumStatuses(routing: Routing, cluster: LabCluster, times: SessionTimes): void {
  for (const object of cluster.list("CiliumBGPNodeConfig")) {
    const agents = agentsOn(routing, object.metadata.name, "cilium");
    if (agents.length === 0) continue;
    const status = { bgpInstances: agents.map((agent) => instanceStatus(agent, times)) };
    if (canonical(object.status) === canonical(status)) continue;
    cluster.setStatus("CiliumBGPNodeConfig", undefined, object.metadata.name, status);
  }
}

function instanceStatus({ speaker, peers }: AgentView, times: SessionTimes): Record<string, unknown> {
  return {
    name: speaker.instance,
    localASN: speaker.asn,
    peers: peers.map((view) => peerStatus(view, times)),
  };
}

function peerStatus({ peer, session, count }: PeerView, times: SessionTimes): Record<string, unknown> {
  const common = {
    name: peer.label,
    peerAddress: peer.address,
    peerASN: peer.remoteAs,
    peeringState: (session.nodeState ?? "Idle").toLowerCase(),
  };
  if (!session.established) return common;
  return {
    ...common,
    establishedTime: times
      .since(session)
      .toISOString()
      .replace(/\.\d+Z$/, "Z"),
    timers: { appliedHoldTimeSeconds: count.hold, appliedKeepaliveSeconds: Math.floor(count.hold / 3) },
    routeCount: peer.families.map((family) => {
      const isCarried = family === familyOf(peer.address);
      return { afi: family, safi: "unicast", received: isCarried ? count.sent : 0, advertised: isCarried ? count.received : 0 };
    }),
  };
}
