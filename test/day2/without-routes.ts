import type { RecordEntry } from "../../lab/record/entry.ts";
import { nothing, take } from "../../lab/record/state.ts";

/** The most of these nodes that had, at one moment, no route on any leaf, from the first moment on at which all of them had one. */
export function mostWithoutRoutes(record: readonly RecordEntry[], nodes: readonly string[]): number {
  const state = nothing();
  let most = 0;
  let begun = false;
  record.forEach((entry, index) => {
    take(state, entry);
    // Entries of one time are one moment, and what a lab finds when it starts comes bit by bit.
    if (record[index + 1]?.time === entry.time || entry.what === "stop") return;
    const routed = new Set([...state.routes.values()].map(({ node }) => node));
    const without = nodes.filter((node) => !routed.has(node)).length;
    begun ||= without === 0;
    if (begun) most = Math.max(most, without);
  });
  return most;
}
