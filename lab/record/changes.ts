import type { RecordEntry, Untimed } from "./entry.ts";
import type { RecordState } from "./state.ts";

/**
 * What has to be noted for a record to go from one state to another: nodes, then sessions, routes and pods; what ended before what began.
 * `reasons`: why sessions went down, by `sessionKey`.
 */
export function changesBetween(
  before: RecordState,
  after: RecordState,
  reasons: ReadonlyMap<string, string>,
): Untimed<RecordEntry>[] {
  const downs = lost(before.sessions, after.sessions).map(([key, session]) => {
    const reason = reasons.get(key);
    return { ...session, state: "down" as const, ...(reason === undefined ? {} : { reason }) };
  });
  return [
    ...news(before.nodes, after.nodes),
    ...downs,
    ...news(before.sessions, after.sessions),
    ...lost(before.routes, after.routes).map(([, route]) => ({ ...route, state: "gone" as const })),
    ...news(before.routes, after.routes),
    ...lost(before.pods, after.pods).map(([, pod]) => ({ ...pod, state: "gone" as const })),
    ...news(before.pods, after.pods),
  ];
}

function lost<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): [string, T][] {
  return [...before].filter(([key]) => !after.has(key));
}

/** What is there now and was not, or was otherwise. */
function news<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): T[] {
  return [...after].filter(([key, value]) => !isSame(before.get(key), value)).map(([, value]) => value);
}

/** Both were made by the same code: their fields have one order. */
function isSame(before: unknown, after: unknown): boolean {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after);
}
