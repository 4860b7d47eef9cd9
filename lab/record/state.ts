import type { NodeEntry, PodEntry, RecordEntry, RouteEntry, SessionEntry, Untimed } from "./entry.ts";

/** What was true at a moment. Sessions that are down, routes and pods that are gone are not in it. */
export interface RecordState {
  readonly nodes: ReadonlyMap<string, Untimed<NodeEntry>>;
  readonly sessions: ReadonlyMap<string, Untimed<SessionEntry>>;
  readonly routes: ReadonlyMap<string, Untimed<RouteEntry>>;
  readonly pods: ReadonlyMap<string, Untimed<PodEntry>>;
}

/** The same while it is being made. */
export interface GrowingState {
  readonly nodes: Map<string, Untimed<NodeEntry>>;
  readonly sessions: Map<string, Untimed<SessionEntry>>;
  readonly routes: Map<string, Untimed<RouteEntry>>;
  readonly pods: Map<string, Untimed<PodEntry>>;
}

/** A state in which nothing is there yet. */
export function nothing(): GrowingState {
  return { nodes: new Map(), sessions: new Map(), routes: new Map(), pods: new Map() };
}

/** Takes an entry over into a state. */
export function take(state: GrowingState, entry: RecordEntry | Untimed<RecordEntry>): void {
  switch (entry.what) {
    case "start":
    case "stop":
      for (const part of [state.nodes, state.sessions, state.routes, state.pods]) part.clear();
      return;
    case "node":
      state.nodes.set(entry.node, entry);
      return;
    case "session":
      keep(state.sessions, sessionKey(entry), entry, entry.state === "up");
      return;
    case "route":
      keep(state.routes, routeKey(entry), entry, entry.state !== "gone");
      return;
    case "pod":
      keep(state.pods, podKey(entry), entry, entry.state === "placed");
      return;
    default:
      entry satisfies never;
  }
}

function keep<T>(part: Map<string, T>, key: string, entry: T, isThere: boolean): void {
  if (isThere) part.set(key, entry);
  else part.delete(key);
}

/** Tells sessions apart. */
export function sessionKey({
  leaf,
  leafAddress,
  node,
  nodeAddress,
}: Pick<SessionEntry, "leaf" | "leafAddress" | "node" | "nodeAddress">): string {
  return `${leaf} ${leafAddress} ${node} ${nodeAddress}`;
}

/** Tells routes apart. */
export function routeKey({ leaf, vrf, prefix, nextHop }: Untimed<RouteEntry>): string {
  return `${leaf} ${vrf} ${prefix} ${nextHop}`;
}

/** Tells pods apart; one that comes back on another node is another. */
export function podKey({ namespace, name, node }: Untimed<PodEntry>): string {
  return `${namespace}/${name} ${node}`;
}
