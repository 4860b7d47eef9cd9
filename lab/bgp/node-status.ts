import { isObject } from "../../runner/json.ts";
import type { LabCluster, LabKubeObject } from "../parts.ts";
import { at, listAt, textAt, textsAt } from "./kube-read.ts";
import { type Family, familyOf } from "./prefix.ts";
import type { Routing } from "./routing.ts";
import { ofFamilies, type Speaker } from "./speaker.ts";

/** BIRD's version as Calico's agents give it. */
const BIRD = "v0.3.3+birdv1.6.8";

/**
 * Writes what calico-node's agent would into every CalicoNodeStatus of a node where it runs: when something changed, and otherwise once in
 * each update period (facts cni.md 1.7).
 */
export function reportNodeStatuses(routing: Routing, cluster: LabCluster, now: Date): void {
  for (const object of cluster.list("CalicoNodeStatus")) {
    const status = statusFor(routing, object, now);
    if (status === undefined) continue;
    const period = Number(at(object, "spec", "updatePeriodSeconds") ?? 10);
    const last = Date.parse(textAt(object, "status", "lastUpdated") ?? "");
    const isDue = period > 0 && !(now.getTime() - last < period * 1000);
    const known = isObject(object.status) ? object.status : {};
    const same = Object.entries(status).every(([field, value]) => canonical(known[field]) === canonical(value));
    if (same && !Number.isNaN(last) && !isDue) continue;
    const lastUpdated = now.toISOString().replace(/\.\d+Z$/, "Z");
    cluster.setStatus("CalicoNodeStatus", undefined, object.metadata.name, { ...status, lastUpdated });
  }
}

/** JSON with sorted keys: an API server may give fields back in another order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

function statusFor(routing: Routing, object: LabKubeObject, now: Date): Record<string, unknown> | undefined {
  const agent = routing.agents.find(({ node, program }) => program === "calico" && node === textAt(object, "spec", "node"));
  if (agent === undefined) return undefined;
  const classes = new Set(textsAt(object, "spec", "classes"));
  const status: Record<string, unknown> = {};
  if (classes.has("Agent")) status.agent = agentStatus(agent);
  if (classes.has("BGP")) {
    const [v4, v6] = [peersOf(routing, agent, object, "ipv4", now), peersOf(routing, agent, object, "ipv6", now)];
    status.bgp = {
      numberEstablishedV4: established(v4),
      numberNotEstablishedV4: v4.length - established(v4),
      numberEstablishedV6: established(v6),
      numberNotEstablishedV6: v6.length - established(v6),
      peersV4: v4,
      ...(v6.length === 0 ? {} : { peersV6: v6 }),
    };
  }
  if (classes.has("Routes")) {
    const routesV6 = routesOf(routing, agent, "ipv6");
    status.routes = { routesV4: routesOf(routing, agent, "ipv4"), ...(routesV6.length === 0 ? {} : { routesV6 }) };
  }
  return status;
}

/** One BIRD for each family that the node has an address of; the agent reports both, and one that does not run as not ready. */
function agentStatus({ addresses }: Speaker): Record<string, unknown> {
  const bird = { state: "Ready", version: BIRD, routerID: ofFamilies(addresses, ["ipv4"])[0] ?? "" };
  const of = (family: Family) => (ofFamilies(addresses, [family]).length === 0 ? { state: "NotReady" } : bird);
  return { birdV4: of("ipv4"), birdV6: of("ipv6") };
}

interface Peer {
  readonly peerIP: string;
  readonly type: string;
  readonly state: string | undefined;
  readonly since: string;
}

function established(peers: readonly Peer[]): number {
  return peers.filter((peer) => peer.state === "Established").length;
}

function peersOf(routing: Routing, agent: Speaker, object: LabKubeObject, family: Family, now: Date): Peer[] {
  const before = listAt(object, "status", "bgp", family === "ipv6" ? "peersV6" : "peersV4");
  const types = new Map(agent.peers.map((peer) => [peer.address, peer.label]));
  return routing.sessions
    .filter((session) => session.node === agent.node && session.nodeState !== undefined)
    .filter((session) => familyOf(session.leafAddress) === family)
    .map((session) => {
      const old = before.find((peer) => textAt(peer, "peerIP") === session.leafAddress);
      const since = textAt(old, "state") === session.nodeState ? textAt(old, "since") : undefined;
      const type = types.get(session.leafAddress) ?? "NodePeer";
      return { peerIP: session.leafAddress, type, state: session.nodeState, since: since ?? now.toISOString().slice(11, 19) };
    });
}

/** Learned routes, one entry for each gateway, and the node's own static ones. */
function routesOf(routing: Routing, agent: Speaker, family: Family): Record<string, unknown>[] {
  const learned = routing.nodeRoutes
    .filter((route) => route.node === agent.node && familyOf(route.prefix) === family)
    .flatMap((route) =>
      route.paths.map(({ gateway, peer }) => ({
        type: "FIB",
        destination: route.prefix,
        gateway,
        learnedFrom: { sourceType: "BGPPeer", peerIP: peer },
      })),
    );
  const fixed = ofFamilies(agent.originates, [family]).map((destination) => ({
    type: "RIB",
    destination,
    learnedFrom: { sourceType: "Static" },
  }));
  return [...learned, ...fixed];
}
