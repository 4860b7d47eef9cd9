import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Samples } from "./rounds.ts";

/** A job done by underlay, and by what a user would write instead. */
export interface Row {
  readonly job: string;
  readonly underlay: Samples;
  readonly other: Samples;
  /** The most that the ratio should be; undefined: there is no aim, the number is for information. */
  readonly aim: number | undefined;
}

const COLUMNS = ["job", "underlay", "next to", "", "ratio", "aim"];

/** Plain text: minimum and median of both sides in milliseconds, and minimum by minimum, median by median as ratios. */
export function table(rows: readonly Row[]): string {
  const cells = [
    COLUMNS,
    ...rows.map(({ job, underlay, other, aim }) => [
      job,
      pair(underlay, milliseconds),
      other.name,
      pair(other, milliseconds),
      `${ratio(underlay.minimum, other.minimum)} / ${ratio(underlay.median, other.median)}`,
      aim === undefined ? "" : `≤ ${aim}`,
    ]),
  ];
  const widths = COLUMNS.map((_name, index) => Math.max(...cells.map((line) => (line[index] ?? "").length)));
  const lines = cells.map((line) =>
    line
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("   ")
      .trimEnd(),
  );
  return `${["Times in ms and ratios, each as minimum / median.", "", ...lines].join("\n")}\n`;
}

/** Prints the table of one file's rows when that file is what Node was started with. */
export async function printIfMain(url: string, measure: () => Promise<readonly Row[]>): Promise<void> {
  const [, started] = process.argv;
  if (started !== undefined && realpathSync(started) === fileURLToPath(url)) process.stdout.write(table(await measure()));
}

function pair({ minimum, median }: Samples, show: (value: number) => string): string {
  return `${show(minimum)} / ${show(median)}`;
}

function milliseconds(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(2);
}
