import type { Routing, SessionCount } from "./routing.ts";
import type { Session } from "./sessions.ts";
import type { Speaker, SpeakerPeer, SpeakerProgram } from "./speaker.ts";

/** A peer of a BGP program with the session it has. */
export interface PeerView {
  readonly peer: SpeakerPeer;
  readonly session: Session;
  readonly count: SessionCount;
}

/** A BGP program on a node with its sessions, in the order of its peers. */
export interface AgentView {
  readonly speaker: Speaker;
  readonly peers: readonly PeerView[];
}

/** The programs of a kind on a node: several for a Cilium agent with several instances. */
export function agentsOn(routing: Routing, node: string, program: SpeakerProgram): AgentView[] {
  return routing.agents
    .filter((speaker) => speaker.node === node && speaker.program === program)
    .map((speaker) => ({
      speaker,
      peers: routing.links.flatMap((session, index): PeerView[] => {
        const [count, peer] = [routing.counts[index], session.nodePeer];
        return session.speaker === speaker && count !== undefined && peer !== undefined ? [{ peer, session, count }] : [];
      }),
    }));
}
