import { isObject } from "../../runner/json.ts";
import type { LabCluster, LabKubeObject } from "../parts.ts";
import { at, listAt, textAt, textsAt } from "./kube-read.ts";
import type { Routing } from "./routing.ts";

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
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

function statusFor(routing: Routing, object: LabKubeObject, now: Date): Record<string, unknown> | undefined {
  const agent = routing.agents.find(({ node }) => node === textAt(object, "spec", "node"));
  if (agent === undefined) return undefined;
  const classes = new Set(textsAt(object, "spec", "classes"));
  const status: Record<string, unknown> = {};
  if (classes.has("Agent")) status.agent = { birdV4: { state: "Ready", version: BIRD, routerID: agent.address ?? "" } };
  if (classes.has("BGP")) status.bgp = bgpStatus(routing, object, agent.node, now);
  if (classes.has("Routes")) status.routes = { routesV4: routesOf(routing, agent.node) };
  return status;
}

function bgpStatus(routing: Routing, object: LabKubeObject, node: string, now: Date): Record<string, unknown> {
  const before = listAt(object, "status", "bgp", "peersV4");
  const types = new Map(routing.agents.find((agent) => agent.node === node)?.peers.map((peer) => [peer.address, peer.type]));
  const peersV4 = routing.sessions
    .filter((session) => session.node === node && session.nodeState !== undefined)
    .map((session) => {
      const old = before.find((peer) => textAt(peer, "peerIP") === session.leafAddress);
      const since = textAt(old, "state") === session.nodeState ? textAt(old, "since") : undefined;
      const type = types.get(session.leafAddress) ?? "NodePeer";
      return { peerIP: session.leafAddress, type, state: session.nodeState, since: since ?? now.toISOString().slice(11, 19) };
    });
  const established = peersV4.filter((peer) => peer.state === "Established").length;
  return {
    numberEstablishedV4: established,
    numberNotEstablishedV4: peersV4.length - established,
    numberEstablishedV6: 0,
    numberNotEstablishedV6: 0,
    peersV4,
  };
}

/** Learned routes, one entry for each gateway, and the node's own static ones. */
function routesOf(routing: Routing, node: string): Record<string, unknown>[] {
  const learned = routing.nodeRoutes
    .filter((route) => route.node === node)
    .flatMap((route) =>
      route.paths.map(({ gateway, peer }) => ({
        type: "FIB",
        destination: route.prefix,
        gateway,
        learnedFrom: { sourceType: "BGPPeer", peerIP: peer },
      })),
    );
  const own = routing.agents.find((agent) => agent.node === node)?.originates ?? [];
  const fixed = own.map((destination) => ({ type: "RIB", destination, learnedFrom: { sourceType: "Static" } }));
  return [...learned, ...fixed];
}
