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

/** `playbooks/site.yaml:12:7`. */
export function placeText(at: SourceRange): string {
  return `${fileText(at.file)}:${at.line}:${at.column}`;
}

/** A file's name on one line, relative to the working directory when that is shorter. */
export function fileText(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return oneLine(relative !== "" && relative.length < file.length ? relative : file);
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

/** `  on all 6 hosts`, `  on leaf201, leaf202`: which of a task's hosts something is true for; nothing when it has only one. */
export function onHosts(hosts: readonly string[], of: number): string {
  if (of <= 1) return "";
  return hosts.length === of && of > 2 ? `  on all ${of} hosts` : `  on ${hostsText(hosts)}`;
}

/** A failure on one line, for logs. */
export function failureSummary({ at, failure }: Pick<FailedTask, "at" | "failure">): string {
  return [
    oneLine(failure.doing),
    oneLine(failure.message),
    ...(failure.meaning === undefined ? [] : [`usually: ${oneLine(failure.meaning)}`]),
    ...(failure.next === undefined ? [] : [`next: ${oneLine(failure.next)}`]),
    ...(at === undefined ? [] : [`at ${placeText(at)}`]),
  ].join(" | ");
}
