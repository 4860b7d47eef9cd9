import type { Resumed } from "../engine/journal.ts";
import type { RunEvent, TaskStatus } from "../event.ts";
import { leftBehind } from "./left-behind.ts";
import type { PastRun } from "./past-run.ts";

type EventOf<Name extends RunEvent["event"]> = Extract<RunEvent, { readonly event: Name }>;

/** What a run did, put together from its journal. */
export interface Story {
  readonly plays: readonly StoryPlay[];
  /** What was written, in order. */
  readonly changes: readonly StoryChange[];
  /** What it was about to write when it failed or stopped: it may be there or not. */
  readonly begun: readonly StoryChange[];
  /** Where it stopped, unless it is done: the last task, and the hosts that were still at it. */
  readonly stopped?: { readonly play: string; readonly task: string; readonly hosts: readonly string[] };
  /** Where `underlay resume` would begin, unless nothing is left. */
  readonly next?: { readonly play: string; readonly batch: number; readonly of: number };
  /** Handlers that were notified and have not run. */
  readonly handlers: readonly { readonly play: string; readonly host: string; readonly handler: string }[];
}

/** A play of the playbook, in order. */
export interface StoryPlay {
  readonly play: string;
  readonly hosts: readonly string[];
  /** `earlier`: the run that this one went on with had been through it. */
  readonly state: "finished" | "earlier" | "begun" | "waiting";
  readonly tasks: readonly StoryTask[];
}

/** A task that was started, once for each batch. */
export interface StoryTask {
  readonly task: string;
  readonly type: string;
  readonly handler: boolean;
  /** Hosts that it was started on and has not ended on are missing. */
  readonly results: readonly StoryResult[];
}

export interface StoryResult {
  readonly host: string;
  readonly status: TaskStatus;
  readonly changes: number;
  readonly milliseconds: number;
  /** Why it was skipped, or failed. */
  readonly reason?: string;
}

export interface StoryChange {
  readonly task: string;
  readonly host: string;
  readonly target: string;
  readonly action: EventOf<"change">["action"];
}

/** How many changes a run made. */
export function changesMade({ lines }: Pick<PastRun, "lines">): number {
  return lines.reduce(
    (sum, line) => sum + ("event" in line && line.event === "result" && line.item === undefined ? line.changes : 0),
    0,
  );
}

/** Reads a run's journal from its beginning. */
export function storyOf({ record, lines, state }: Pick<PastRun, "record" | "lines" | "state">): Story {
  const begunPlays = new Map<number, { readonly tasks: StoryTask[]; readonly earlier: boolean }>();
  const results = new Map<number, StoryResult[]>();
  const running = new Map<string, { readonly play: string; readonly task: string; readonly host: string }>();
  const announced = new Map<string, StoryChange[]>();
  const changes: StoryChange[] = [];
  const begun: StoryChange[] = [];
  let current: { readonly name: string; readonly tasks: StoryTask[] } | undefined;
  let last: { readonly play: string; readonly task: string } | undefined;

  const take = (event: RunEvent): void => {
    if (event.event === "play") {
      const tasks: StoryTask[] = [];
      begunPlays.set(event.index, { tasks, earlier: event.done === true });
      current = { name: event.play, tasks };
    } else if (event.event === "task") {
      const own: StoryResult[] = [];
      results.set(event.id, own);
      current?.tasks.push({ task: event.task, type: event.type, handler: event.handler === true, results: own });
      last = { play: current?.name ?? "", task: event.task };
    } else if (event.event === "start") {
      running.set(`${event.id} ${event.host}`, { play: current?.name ?? "", task: event.task, host: event.host });
    } else if (event.event === "change") {
      const key = `${event.id} ${event.host}`;
      const { task, host, target, action } = event;
      announced.set(key, [...(announced.get(key) ?? []), { task, host, target, action }]);
    } else if (event.event === "result" && event.item === undefined) {
      const key = `${event.id} ${event.host}`;
      running.delete(key);
      results.get(event.id)?.push(resultOf(event));
      const failed = event.status === "failed" || event.status === "unreachable";
      (failed ? begun : changes).push(...(announced.get(key) ?? []));
      announced.delete(key);
    }
  };
  for (const line of lines) if ("event" in line) take(line);
  for (const open of announced.values()) begun.push(...open);

  const left = leftBehind(lines);
  const open = [...running.values()];
  const done = state === "done";
  const next = done ? undefined : nextOf(record.plays, left);
  return {
    plays: record.plays.map((play, index) => {
      const events = begunPlays.get(index);
      const finished = play.batches.every((_, batch) => isFinished(left, play.number, batch));
      const reached = events === undefined ? "waiting" : finished || done ? "finished" : "begun";
      return {
        play: play.name,
        hosts: play.batches.flat(),
        state: events?.earlier === true ? "earlier" : reached,
        tasks: events?.tasks ?? [],
      };
    }),
    changes,
    begun,
    ...(done || last === undefined ? {} : { stopped: { ...last, hosts: open.map(({ host }) => host) } }),
    ...(next === undefined ? {} : { next }),
    handlers: left.notified.map(({ play, host, handler }) => ({
      play: record.plays.find(({ number }) => number === play)?.name ?? "",
      host,
      handler,
    })),
  };
}

function resultOf({ host, status, changes, milliseconds, reason, failure }: EventOf<"result">): StoryResult {
  const why = failure?.message ?? reason;
  return { host, status, changes, milliseconds, ...(why === undefined ? {} : { reason: why }) };
}

function isFinished(left: Resumed, play: number, batch: number): boolean {
  return left.finished.some((each) => each.play === play && each.batch === batch);
}

/** The first batch that has not been through its play. */
function nextOf(plays: PastRun["record"]["plays"], left: Resumed): Story["next"] {
  for (const { number, name, batches } of plays) {
    const batch = batches.findIndex((_, index) => !isFinished(left, number, index));
    if (batch >= 0) return { play: name, batch: batch + 1, of: batches.length };
  }
  return undefined;
}
