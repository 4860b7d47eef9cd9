import type { HostRecap, TaskStatus } from "../event.ts";
import { oneLine } from "./printable.ts";

/** The columns of a recap, left to right. */
export const statuses = ["ok", "changed", "skipped", "failed", "unreachable", "unknown"] as const satisfies readonly TaskStatus[];

/** A row of the recap: one host, or several with the same counts. */
export interface RecapRow {
  readonly host: string;
  /** How many more hosts it stands for. */
  readonly others: number;
  readonly counts: HostRecap;
}

/** Hosts with the same counts in one row, as soon as there are more hosts than rows wanted; hosts that failed always have their own. */
export function recapRows(hosts: Readonly<Record<string, HostRecap>>, wanted: number): readonly RecapRow[] {
  const all = Object.entries(hosts).map(([host, counts]) => ({ host: oneLine(host), others: 0, counts }));
  if (all.length <= wanted) return all;
  const groups = new Map<string, RecapRow[]>();
  for (const row of all) {
    const own = row.counts.failed + row.counts.unreachable > 0;
    const key = own ? row.host : JSON.stringify(row.counts);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((rows) => {
    const [first, ...others] = rows;
    if (first === undefined) return [];
    return [{ ...first, others: others.length }];
  });
}

type Headings = Readonly<Record<TaskStatus, string>>;

const wide: Headings = {
  ok: "ok",
  changed: "changed",
  skipped: "skipped",
  failed: "failed",
  unreachable: "unreachable",
  unknown: "unknown",
};
const narrow: Headings = { ok: "ok", changed: "chg", skipped: "skip", failed: "fail", unreachable: "unre", unknown: "unkn" };

/** Below this many characters the headings are shortened, to leave room for names. */
const NARROW = 80;

/** Headings and rows in aligned columns, names cut to what the width leaves; each cell with its meaning, for colouring. */
export function recapTable(
  rows: readonly RecapRow[],
  columns: number,
  paint: (text: string, status: TaskStatus, count: number) => string = (text) => text,
): readonly string[] {
  const headings = columns < NARROW ? narrow : wide;
  const numbers = statuses.reduce((sum, status) => sum + headings[status].length + 2, 0);
  const longest = Math.max(4, ...rows.map((row) => row.host.length + suffixOf(row).length));
  const width = Math.min(longest, Math.max(18, columns - numbers));
  const head = `${"".padEnd(width)}${statuses.map((status) => `  ${headings[status]}`).join("")}`;
  const body = rows.map((row) => {
    const { host, counts } = row;
    const suffix = suffixOf(row);
    const room = Math.max(1, width - suffix.length);
    const name = `${host.length > room ? `${host.slice(0, room - 1)}…` : host}${suffix}`.padEnd(width);
    const cells = statuses.map((status) => {
      const count = counts[status];
      return `  ${paint(String(count === 0 ? "·" : count).padStart(headings[status].length), status, count)}`;
    });
    return name + cells.join("");
  });
  return [head, ...body];
}

function suffixOf(row: RecapRow): string {
  return row.others === 0 ? "" : ` and ${row.others} more`;
}
