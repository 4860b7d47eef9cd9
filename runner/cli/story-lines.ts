import type { PastRun } from "../journal/past-run.ts";
import type { Story, StoryChange, StoryResult, StoryTask } from "../journal/story.ts";
import { changeTitle } from "../report/change-lines.ts";
import { counted } from "../report/counted.ts";
import { duration } from "../report/duration.ts";
import { fileText, hostsText } from "../report/failure-lines.ts";
import { oneLine } from "../report/printable.ts";
import { wrap } from "../report/wrap.ts";
import { listRow, localTime } from "./run-table.ts";

/** What is told of a run beside what it did; the names are a public interface. */
export function aboutRun(run: PastRun): object {
  const { record } = run;
  const { input, version, after, inLab } = record;
  const ended = run.lines.flatMap((line) => ("line" in line && line.line === "ended" ? [line.at] : [])).at(-1) ?? null;
  return { ...listRow(run), ended, version, lab: inLab, input, after: after ?? null };
}

/** A run for people: what it was, play by play what came of it, what was written, where it stopped and what is next. */
export function storyLines(run: PastRun, story: Story, columns: number): readonly string[] {
  return [
    ...headLines(run),
    ...story.plays.flatMap((play) => [
      "",
      `${oneLine(play.play)}  ${hostsText(play.hosts)}: ${STATES[play.state]}`,
      ...play.tasks.flatMap(taskLines),
    ]),
    ...changeLines(`${counted(story.changes.length, "change")} made`, story.changes),
    ...changeLines(`${counted(story.begun.length, "change")} begun and not known to be made`, story.begun),
    ...endLines(run, story),
  ].flatMap((line) => wrap(line, columns, (/^ */.exec(line)?.[0].length ?? 0) + 2));
}

const STATES = {
  finished: "finished",
  earlier: "finished by the run before",
  begun: "not finished",
  waiting: "not begun",
} as const satisfies Record<Story["plays"][number]["state"], string>;

function headLines({ record, state, settledBy }: PastRun): readonly string[] {
  const { id, input, inLab, started, after } = record;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["playbook", fileText(input.playbook)],
    ["inventory", `${input.inventory?.map(fileText).join(", ") ?? "the playbook's own"}${inLab ? ", in the lab" : ""}`],
    ["limit", input.limit],
    ["tags", input.tags?.join(", ")],
    ["skip-tags", input.skipTags?.join(", ")],
    ["started", localTime(started)],
    [
      "after",
      after === undefined ? undefined : `${after.id}, ${after.how === "resume" ? "resumed" : "whose handlers it took over"}`,
    ],
    ["settled", settledBy === undefined ? undefined : `by ${settledBy}`],
  ];
  return [
    `${id}  ${state}`,
    ...facts.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name.padEnd(10)}${oneLine(text)}`])),
  ];
}

/** A task, its hosts by what came of it; why it failed in lines of their own. */
function taskLines({ task, type, handler, results }: StoryTask): readonly string[] {
  const groups = new Map<string, StoryResult[]>();
  for (const result of results) {
    const what = result.changes > 0 ? `${result.status} (${counted(result.changes, "change")})` : result.status;
    groups.set(what, [...(groups.get(what) ?? []), result]);
  }
  const parts = [...groups].map(([what, of]) => `${what} ${hostsText(of.map(({ host }) => host))}`);
  const longest = Math.max(0, ...results.map(({ milliseconds }) => milliseconds));
  const came = parts.length === 0 ? "not finished" : `${parts.join("; ")}, ${duration(longest)}`;
  const failures = results.filter(({ status }) => status === "failed" || status === "unreachable");
  return [
    `  ${oneLine(task)} [${type}${handler ? ", handler" : ""}]: ${came}`,
    ...failures.map(({ host, reason }) => `    ${oneLine(host)}: ${oneLine(reason ?? "")}`),
  ];
}

function changeLines(head: string, changes: readonly StoryChange[]): readonly string[] {
  if (changes.length === 0) return [];
  return ["", head, ...changes.map((change) => `  ${oneLine(change.host)}: ${changeTitle(change).text}`)];
}

function endLines({ record, state, settledBy }: PastRun, { stopped, next, handlers }: Story): readonly string[] {
  const lines: string[] = [];
  if (stopped !== undefined) {
    const on = stopped.hosts.length === 0 ? "" : `, which was running on ${hostsText(stopped.hosts)}`;
    const verb = state === "running" ? "at" : "stopped in";
    lines.push(`${verb} play "${oneLine(stopped.play)}", task "${oneLine(stopped.task)}"${on}`);
  }
  const names = [...new Set(handlers.map(({ handler }) => handler))];
  for (const name of names) {
    const hosts = handlers.filter(({ handler }) => handler === name).map(({ host }) => host);
    lines.push(`handler "${oneLine(name)}" was notified and has not run on ${hostsText(hosts)}`);
  }
  if (next !== undefined && state !== "running" && settledBy === undefined) {
    const batch = next.of > 1 ? `, batch ${next.batch} of ${next.of}` : "";
    lines.push(`next: play "${oneLine(next.play)}"${batch}: underlay resume ${record.id}`);
  }
  return lines.length === 0 ? [] : ["", ...lines];
}
