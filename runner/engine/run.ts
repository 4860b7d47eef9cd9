import pLimit from "p-limit";
import type { Connections } from "../connect/connections.ts";
import type { Emit, HostRecap } from "../event.ts";
import type { Loaded } from "../load/load.ts";
import type { Entry, Play } from "../load/model.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Journal, Resumed } from "./journal.ts";
import { Notified } from "./notified.ts";
import { runPlays } from "./plays.ts";
import { learn, type RunState } from "./run-state.ts";
import { Tally } from "./tally.ts";
import type { Leaving } from "./task-run.ts";

/** What a run needs. */
export interface RunOptions {
  readonly loaded: Loaded;
  /** Opened by the caller, and closed by it. */
  readonly connections: Connections;
  readonly check: boolean;
  /** How many hosts at once. */
  readonly forks: number;
  readonly emit: Emit;
  /** Aborting lets running tasks finish and starts nothing more. */
  readonly signal?: AbortSignal;
  /** Tells the counts of requests before the recap (`-v`). */
  readonly countRequests?: boolean;
  readonly clock?: Clock;
  /** Where the run is written down as it goes; a check has none. */
  readonly journal?: Journal;
  /** What an earlier run has left behind: all of it to resume that run, `notified` alone for one that starts anew. */
  readonly resumed?: Resumed;
}

/** How a run ended. */
export interface RunSummary {
  readonly recap: Readonly<Record<string, HostRecap>>;
  /** Changes carried out; in check mode those planned. */
  readonly changes: number;
  readonly milliseconds: number;
  /** 0 done; 2 a host failed; 3 none failed but one was unreachable; 130 interrupted (design section 6). */
  readonly exitCode: 0 | 2 | 3 | 130;
}

/**
 * Runs a loaded playbook: play after play, batch after batch, task after task, each on all its hosts before the next. A host that failed or could not be
 * reached drops out of the rest of the run. The run ends early when a play or a batch of it loses all its hosts, as in Ansible, so that
 * nothing is built on what is not there. Tells everything as events, the recap last. Throws only for bugs; every task that was started
 * has ended by then.
 */
export async function runPlaybook(options: RunOptions): Promise<RunSummary> {
  const { loaded, emit } = options;
  const clock = options.clock ?? systemClock;
  const since = clock.now();
  const run: RunState = {
    loaded,
    connections: options.connections,
    check: options.check,
    emit,
    signal: options.signal ?? new AbortController().signal,
    clock,
    limit: pLimit(options.forks),
    tally: new Tally(),
    memory: new Map(),
    gone: new Map(),
    journal: options.journal,
    notified: new Notified(options.journal, options.resumed?.notified ?? []),
    warned: new Set(),
    planned: 0,
    unforeseen: 0,
    lastId: 0,
    last: undefined,
  };
  for (const { host, name, value } of options.resumed?.remembered ?? []) learn(run, host, name, value);
  // Nothing of a play may be left after --tags, and no host after --limit.
  const plays = loaded.playbook.plays.filter((play) => play.entries.length > 0 && play.hosts.length > 0);
  tellRun(run, plays);
  await runPlays(run, plays, options.resumed?.finished ?? []);

  const recap = run.tally.recap(loaded.inventory.hosts.keys());
  const { changes } = run.tally;
  const milliseconds = Math.round(clock.now() - since);
  if (options.countRequests) {
    for (const [connection, counts] of Object.entries(options.connections.counts()))
      emit({ event: "requests", connection, counts });
  }
  emit({ event: "recap", hosts: recap, changes, milliseconds });
  return { recap, changes, milliseconds, exitCode: run.signal.aborted ? 130 : exitCodeFor([...run.gone.values()]) };
}

function tellRun(run: RunState, plays: readonly Play[]): void {
  const { playbook, inventory, warnings } = run.loaded;
  run.emit({
    event: "run",
    ...(run.journal === undefined ? {} : { id: run.journal.id }),
    playbook: playbook.file,
    inventory: inventory.sources,
    check: run.check,
    lab: inventory.lab,
    plays: plays.length,
    tasks: plays.reduce((sum, play) => sum + countTasks(play.entries), 0),
    hosts: new Set(plays.flatMap((play) => play.hosts)).size,
  });
  for (const diagnostic of warnings) run.emit({ event: "warning", message: diagnostic.message, diagnostic });
  if (plays.length > 0) return;
  run.emit({
    event: "warning",
    message: "nothing to do: no play has a host and a task left after --limit, --tags and --skip-tags",
  });
}

function countTasks(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => {
    if (entry.kind === "block") return sum + countTasks([...entry.block, ...entry.rescue, ...entry.always]);
    return entry.kind === "task" ? sum + 1 : sum;
  }, 0);
}

function exitCodeFor(leaving: readonly Leaving[]): 0 | 2 | 3 {
  if (leaving.includes("failed")) return 2;
  return leaving.includes("unreachable") ? 3 : 0;
}
