import { plainAddress } from "./leaf-objects.ts";
import { objects, registeredOf } from "./registered.ts";

/** A planned session, as a row of the report names it. */
interface Planned {
  readonly node: string;
  readonly leaf: string;
  readonly local_address: string;
}

/**
 * A row for each node: its leaves, each with the state of their session as the leaf has it and how many of the leaf's routes go through the
 * node. `leaves` are hosts with `inventory_hostname`, `leaf_sessions` and `leaf_routes`.
 */
export function sessionRows(
  sessions: readonly Planned[],
  leaves: readonly Readonly<Record<string, unknown>>[],
): readonly (readonly [node: string, cells: string])[] {
  const seen = new Map(leaves.map((leaf) => [String(leaf.inventory_hostname), seenBy(leaf)]));
  if (![...seen.values()].some(({ isAsked }) => isAsked)) return [];
  const nodes = [...new Set(sessions.map(({ node }) => node))];
  return nodes.map((name) => {
    const own = sessions.filter(({ node }) => node === name);
    const cells = own.map(({ leaf, local_address: address }) => {
      const at = seen.get(leaf);
      const state = at?.states.get(plainAddress(address)) ?? "not asked";
      return `${leaf} ${state} ${at?.hops.filter((hop) => hop === plainAddress(address)).length ?? 0}`;
    });
    return [name, cells.join(", ")];
  });
}

function seenBy(leaf: Readonly<Record<string, unknown>>) {
  const sessions = objects(registeredOf(leaf.leaf_sessions)?.facts.sessions);
  const routes = objects(registeredOf(leaf.leaf_routes)?.facts.routes) ?? [];
  return {
    isAsked: sessions !== undefined,
    states: new Map((sessions ?? []).map(({ peer, state }) => [plainAddress(String(peer)), String(state)])),
    hops: routes.flatMap(({ next_hops: hops }) => (Array.isArray(hops) ? hops.map((hop) => plainAddress(String(hop))) : [])),
  };
}
