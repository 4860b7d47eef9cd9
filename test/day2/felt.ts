import type { RecordEntry } from "../../lab/record/entry.ts";

/** Something that traffic to a node felt, and how often: `session with leaf 203 down: …`, `route on leaf 203 gone`. */
export interface Felt {
  readonly node: string;
  readonly what: string;
  readonly times: number;
}

/** What of a stretch of a lab's record traffic could feel: sessions that went down, routes that went or became stale, pods that left. */
export function feltIn(record: readonly RecordEntry[]): readonly Felt[] {
  const counts = new Map<string, Felt>();
  for (const entry of record) {
    const what = textOf(entry);
    if (what === undefined || !("node" in entry)) continue;
    const key = `${entry.node} ${what}`;
    counts.set(key, { node: entry.node, what, times: (counts.get(key)?.times ?? 0) + 1 });
  }
  return [...counts.values()];
}

function textOf(entry: RecordEntry): string | undefined {
  if (entry.what === "session" && entry.state === "down")
    return `session with leaf ${entry.leaf} down: ${entry.reason ?? "no reason"}`;
  if (entry.what === "route" && entry.state !== "held") return `route on leaf ${entry.leaf} ${entry.state}`;
  return entry.what === "pod" && entry.state === "gone" ? "pod of a workload gone" : undefined;
}
