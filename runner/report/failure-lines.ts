import path from "node:path";
import type { SourceRange } from "../diagnostic.ts";
import type { Failure } from "../result.ts";
import { oneLine, printable } from "./printable.ts";

/** What was being done when something went wrong, on one host or in the same way on several. */
export interface FailedTask {
  readonly play: string;
  readonly task: string;
  readonly hosts: readonly string[];
  readonly item?: string | undefined;
  readonly at?: SourceRange | undefined;
  readonly failure: Failure;
}

/** `playbooks/site.yaml:12:7`; relative to the working directory when that is shorter. */
export function placeText(at: SourceRange): string {
  const relative = path.relative(process.cwd(), at.file);
  return `${relative !== "" && relative.length < at.file.length ? relative : at.file}:${at.line}:${at.column}`;
}

/**
 * A failure for people, in the order of design section 6: what was being done (host, play, task, place), what came back, what it usually
 * means, what to do next. The first line is the heading, the others are indented.
 */
export function failureLines({ play, task, hosts, item, at, failure }: FailedTask): readonly string[] {
  const [first, ...rest] = printable(failure.message).trimEnd().split("\n");
  return [
    `${failure.kind}: ${hostsText(hosts)}`,
    `  play      ${oneLine(play)}`,
    `  task      ${oneLine(item === undefined ? task : `${task} (item ${item})`)}`,
    ...(at === undefined ? [] : [`  at        ${placeText(at)}`]),
    `  doing     ${oneLine(failure.doing)}`,
    `  got       ${first ?? ""}`,
    ...rest.map((text) => `            ${text}`),
    ...(failure.meaning === undefined ? [] : [`  usually   ${oneLine(failure.meaning)}`]),
    ...(failure.next === undefined ? [] : [`  next      ${oneLine(failure.next)}`]),
  ];
}

/** Host names while they are few: `leaf201, leaf202`, `node1 and 198 more`. */
export function hostsText(hosts: readonly string[]): string {
  const [first = "", ...others] = hosts.map(oneLine);
  return others.length < 4 ? [first, ...others].join(", ") : `${first} and ${others.length} more`;
}

/** The same on one line, for logs. */
export function failureSummary({ at, failure }: Pick<FailedTask, "at" | "failure">): string {
  return [
    oneLine(failure.doing),
    oneLine(failure.message),
    ...(failure.meaning === undefined ? [] : [`usually: ${oneLine(failure.meaning)}`]),
    ...(failure.next === undefined ? [] : [`next: ${oneLine(failure.next)}`]),
    ...(at === undefined ? [] : [`at ${placeText(at)}`]),
  ].join(" | ");
}
