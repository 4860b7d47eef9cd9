import path from "node:path";
import type { Resumed } from "../engine/journal.ts";
import { keptPlays, whatChanged } from "../journal/kept-plays.ts";
import { leftBehind, playsOf } from "../journal/left-behind.ts";
import { newestRun, type PastRun } from "../journal/past-run.ts";
import type { Loaded, LoadOptions } from "../load/load.ts";
import { hostsText } from "../report/failure-lines.ts";

/** The run that this one goes on with. */
export interface EarlierRun {
  readonly id: string;
  /** `rerun`: only its handlers are taken over, everything else is looked at again. */
  readonly how: "resume" | "rerun";
  readonly left: Resumed;
  /** What the user is told about it. */
  readonly warnings: readonly string[];
}

/** What decides whether two runs are the same job, as far as their handlers are concerned. */
export type JobOptions = Pick<LoadOptions, "playbook" | "inventories" | "limit" | "tags" | "skipTags">;

/** What `underlay resume` goes on with, or why the playbook does not fit the earlier run any more. */
export function resumedFrom(
  { record, lines }: PastRun,
  loaded: Loaded,
): { readonly ok: true; readonly earlier: EarlierRun } | { readonly ok: false; readonly problem: string } {
  const left = leftBehind(lines);
  const changed = whatChanged(record.plays, keptPlays(loaded.playbook), playsOf(left));
  if (changed !== undefined) {
    const problem = `run ${record.id} cannot be resumed, its playbook or inventory has changed: ${changed}; run the playbook again, what is in order is left alone`;
    return { ok: false, problem };
  }
  return { ok: true, earlier: { id: record.id, how: "resume", left, warnings: [] } };
}

/**
 * What a plain run of the same job takes over from one that did not get through: handlers that were notified and have not run. Nothing would
 * notify them again, because what they are there for has been changed already.
 *
 * @param optionsOf the options that an earlier run was made with
 */
export function earlierHandlers(
  runs: string,
  loaded: Loaded,
  options: JobOptions,
  optionsOf: (run: PastRun) => JobOptions,
): EarlierRun | undefined {
  const job = jobOf(options, loaded.inventory.lab);
  const run = newestRun(runs, (one) => one.state !== "running" && jobOf(optionsOf(one), one.record.inLab) === job);
  if (run === undefined || run.state === "done" || run.settledBy !== undefined) return undefined;
  const { id } = run.record;
  const pending = leftBehind(run.lines).notified;
  const notified = pending.filter((handler) => isThere(loaded, run, handler));
  const gone = pending.filter((handler) => !notified.includes(handler));
  const warnings = [
    ...byHandler(notified).map(
      ([handler, hosts]) => `run ${id} ended before the handler "${handler}" had run: it runs now, on ${hostsText(hosts)}`,
    ),
    ...byHandler(gone).map(
      ([handler, hosts]) =>
        `run ${id} ended before the handler "${handler}" had run on ${hostsText(hosts)}, and the playbook has no such handler for them any more: do by hand what it was for`,
    ),
  ];
  return { id, how: "rerun", left: { finished: [], remembered: [], notified }, warnings };
}

function jobOf({ playbook, inventories, limit, tags, skipTags }: JobOptions, lab: boolean): string {
  const files = inventories.map((file) => path.resolve(file));
  return JSON.stringify([path.resolve(playbook), files, limit ?? null, [...tags].sort(), [...skipTags].sort(), lab]);
}

/** Whether the play of that number is still the one that was meant, and has this handler for this host. */
function isThere({ playbook }: Loaded, { record }: PastRun, { play, host, handler }: Resumed["notified"][number]): boolean {
  const now = playbook.plays.find(({ number }) => number === play);
  const before = record.plays.find(({ number }) => number === play);
  if (now === undefined || now.name !== before?.name) return false;
  return now.hosts.includes(host) && now.handlers.some(({ name }) => name === handler);
}

function byHandler(handlers: Resumed["notified"]): readonly (readonly [string, readonly string[]])[] {
  const hosts = new Map<string, string[]>();
  for (const { handler, host } of handlers) hosts.set(handler, [...(hosts.get(handler) ?? []), host]);
  return [...hosts];
}
