import { Type } from "#typebox";
import type { Observation } from "../../runner/task.ts";

/** What the probes for the nodes' pod prefixes have in common, whatever CNI gives them out. */

/** Argument `nodes`: whose prefixes are asked for. */
export const NodeNames = Type.Array(Type.String({ minLength: 1 }), {
  minItems: 1,
  description: "Names of the nodes, as the cluster knows them",
});

const natural = new Intl.Collator("en", { numeric: true });

/** Each prefix (CIDR text) once, in natural order: 10.1.2.0/26 before 10.1.10.0/26. */
export function inOrder(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes)].sort(natural.compare);
}

/**
 * Facts `prefixes` (of all nodes) and `by_node`, which the proof on the fabric compares with the leaves' routes.
 *
 * @param unmet one line for each node that lacks a prefix, with its likely cause
 * @param word how the CNI calls them
 */
export function podPrefixes(
  byNode: Readonly<Record<string, readonly string[]>>,
  unmet: readonly string[],
  word: "prefixes" | "blocks",
): Observation {
  const prefixes = inOrder(Object.values(byNode).flat());
  const facts = {
    prefixes,
    by_node: Object.fromEntries(Object.entries(byNode).map(([node, own]) => [node, [...own]])),
  };
  return { facts, unmet, message: `${prefixes.length} ${word} on ${Object.keys(byNode).length} nodes` };
}
