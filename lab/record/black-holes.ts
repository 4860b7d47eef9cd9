import { contains, prefixSet } from "../bgp/prefix.ts";
import type { NodeCondition, NodeEntry, RecordEntry, RouteEntry, Untimed } from "./entry.ts";
import { nothing, take } from "./state.ts";

/** A stretch of time in which a leaf sent traffic to a node that could not serve it. */
export interface BlackHole {
  readonly from: string;
  /** undefined: it lasts to the end of the record. */
  readonly to: string | undefined;
  /** Node ID of the leaf. */
  readonly leaf: number;
  readonly vrf: string;
  readonly prefix: string;
  readonly nextHop: string;
  readonly node: string;
  /** How the leaf had the route when it began. */
  readonly state: "held" | "stale";
  /** Why the node could not serve it when it began. */
  readonly reason: string;
}

/**
 * Every interval in which a leaf held a route, also a stale one, by way of a node that could not serve it: its machine off, its containers
 * removed, the address not on a link, the Node object deleted, its CNI not yet back after a start of the machine, or a pod prefix that is
 * not the node's. A BGP program that only restarts is none: the kernel goes on forwarding, which is what graceful restart is for. In order
 * of their beginning.
 */
export function blackHoles(record: readonly RecordEntry[]): BlackHole[] {
  const state = nothing();
  /** Nodes whose kernel forwards: their CNI has run since their containers first did. */
  const forwarding = new Set<string>();
  const open = new Map<string, BlackHole>();
  const found: BlackHole[] = [];
  const end = (key: string, hole: BlackHole, to: string) => {
    open.delete(key);
    found.push({ ...hole, to });
  };
  let last = "";
  record.forEach((entry, index) => {
    if (entry.what === "start") {
      // A process that was killed has left its last moment only.
      for (const [key, hole] of open) end(key, hole, last);
      forwarding.clear();
    }
    take(state, entry);
    if (entry.what === "node") follow(forwarding, entry);
    last = entry.time;
    // Entries of one time are one moment.
    if (record[index + 1]?.time === entry.time) return;
    for (const [key, hole] of open) {
      const route = state.routes.get(key);
      if (route === undefined || failing(route, state.nodes.get(route.node), forwarding) === undefined)
        end(key, hole, entry.time);
    }
    for (const [key, route] of state.routes) {
      const reason = open.has(key) ? undefined : failing(route, state.nodes.get(route.node), forwarding);
      if (reason !== undefined) open.set(key, holeOf(route, entry.time, reason));
    }
  });
  return [...found, ...open.values()].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

function holeOf({ leaf, vrf, prefix, nextHop, node, state }: Untimed<RouteEntry>, from: string, reason: string): BlackHole {
  return { from, to: undefined, leaf, vrf, prefix, nextHop, node, state: state === "stale" ? "stale" : "held", reason };
}

function follow(forwarding: Set<string>, { node, agent, poweredOn, containers }: NodeEntry): void {
  if (agent) forwarding.add(node);
  else if (!poweredOn || !containers) forwarding.delete(node);
}

/** Why a node cannot serve a route; undefined when it can. */
function failing(
  { prefix, nextHop, node, pods }: Untimed<RouteEntry>,
  condition: NodeCondition | undefined,
  forwarding: ReadonlySet<string>,
): string | undefined {
  if (condition === undefined) return `there is no ${node}`;
  if (!condition.poweredOn) return `${node} is off`;
  if (!condition.inCluster) return `${node} is not in the cluster`;
  if (!condition.containers) return `${node} has ended its containers`;
  if (!condition.addresses.includes(nextHop)) return `${nextHop} is on no link of ${node} that reaches a leaf`;
  if (!forwarding.has(node)) return `${node} started, and its CNI has not run since`;
  const isOwn = condition.podPrefixes.some((own) => {
    const set = prefixSet(own, true);
    return set !== undefined && contains(set, prefix);
  });
  return pods && !isOwn ? `${prefix} is not a pod prefix of ${node}` : undefined;
}
