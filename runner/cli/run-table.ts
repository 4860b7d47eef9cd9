import type { PastRun, RunState } from "../journal/past-run.ts";
import { changesMade } from "../journal/story.ts";
import { fileText } from "../report/failure-lines.ts";

/** A run in `underlay runs list`; the names are a public interface. */
export interface ListRow {
  readonly id: string;
  /** ISO 8601. */
  readonly started: string;
  readonly playbook: string;
  readonly limit: string | null;
  readonly state: RunState;
  /** Id of the run that went on with it. */
  readonly settledBy: string | null;
  readonly changes: number;
}

/** What is told of a run in a list. */
export function listRow(run: PastRun): ListRow {
  const { record, state, settledBy } = run;
  const { id, started, input } = record;
  return {
    id,
    started,
    playbook: input.playbook,
    limit: input.limit ?? null,
    state,
    settledBy: settledBy ?? null,
    changes: changesMade(run),
  };
}

/** A moment for people, in local time: `2026-11-23 08:15`. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** How it stands with a run, and whether another has gone on with it. */
function stateText({ state, settledBy }: ListRow): string {
  return settledBy === null || state === "done" ? state : `${state}, gone on with`;
}

type Column = { readonly head: string; readonly right?: true; readonly cell: (row: ListRow) => string };

const ID: Column = { head: "RUN", cell: (row) => row.id };
const WHEN: Column = { head: "WHEN", cell: (row) => localTime(row.started) };
const PLAYBOOK: Column = { head: "PLAYBOOK", cell: (row) => fileText(row.playbook) };
const NAME: Column = { ...PLAYBOOK, cell: (row) => nameOf(row.playbook) };
const LIMIT: Column = { head: "LIMIT", cell: (row) => row.limit ?? "" };
const STATE: Column = { head: "STATE", cell: stateText };
const SHORT_STATE: Column = { head: "STATE", cell: (row) => row.state };
const CHANGES: Column = { head: "CHANGES", right: true, cell: (row) => String(row.changes) };
const FEW_CHANGES: Column = { ...CHANGES, head: "CHG" };

/** From wide to narrow: the id tells when, and the playbook's name is enough. The nodes that a run was for tell more than where the playbook lies. The last one is for 40 characters. */
const LAYOUTS: readonly (readonly Column[])[] = [
  [ID, WHEN, PLAYBOOK, LIMIT, STATE, CHANGES],
  [ID, PLAYBOOK, LIMIT, STATE, CHANGES],
  [ID, NAME, LIMIT, STATE, CHANGES],
  [ID, NAME, STATE, FEW_CHANGES],
  [ID, NAME, SHORT_STATE, FEW_CHANGES],
  [ID, SHORT_STATE, FEW_CHANGES],
];

/** The list for people: as many columns as fit the width. */
export function runTable(rows: readonly ListRow[], columns: number): readonly string[] {
  const tables = LAYOUTS.map((layout) => tableOf(layout, rows));
  return tables.find((lines) => lines.every((line) => line.length <= columns)) ?? tables.at(-1) ?? [];
}

function tableOf(layout: readonly Column[], rows: readonly ListRow[]): readonly string[] {
  const cells = [layout.map(({ head }) => head), ...rows.map((row) => layout.map(({ cell }) => cell(row)))];
  const widths = layout.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, index) => (layout[index]?.right ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

function nameOf(playbook: string): string {
  return fileText(playbook.split("/").at(-1) ?? playbook);
}
