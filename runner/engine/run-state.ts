import type { LimitFunction } from "p-limit";
import type { Connections } from "../connect/connections.ts";
import type { Emit } from "../event.ts";
import type { Rendered, Scope } from "../expression/evaluator.ts";
import type { Loaded } from "../load/load.ts";
import type { Variables } from "../load/model.ts";
import { type LiveHosts, playVariables } from "../play-variables.ts";
import type { Batch } from "./batch.ts";
import type { Clock } from "./clock.ts";
import type { Journal } from "./journal.ts";
import type { Notified } from "./notified.ts";
import type { Tally } from "./tally.ts";
import type { Leaving } from "./task-run.ts";

/** What a run has learned about one host: registered results and set facts. Lives as long as the run. */
export interface HostMemory {
  facts: Readonly<Record<string, Rendered>>;
  /** Names that check mode cannot know, with the reason. */
  unknown: Readonly<Record<string, string>>;
}

/** What all parts of one run share. */
export interface RunState {
  readonly loaded: Loaded;
  readonly connections: Connections;
  readonly check: boolean;
  readonly emit: Emit;
  /** Aborted by the first Ctrl-C: nothing new is started, nothing waits any longer. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** At most `--forks` hosts at once. */
  readonly limit: LimitFunction;
  readonly tally: Tally;
  readonly memory: Map<string, HostMemory>;
  /** Hosts that have left the run, and why; a `rescue` brings them back. */
  readonly gone: Map<string, Leaving>;
  /** Undefined in check mode. */
  readonly journal: Journal | undefined;
  readonly notified: Notified;
  /** Warnings already given. */
  readonly warned: Set<string>;
  /** Check mode: what is read later may hang on changes that are only planned so far, and on writes that could not be foreseen. */
  planned: number;
  unforeseen: number;
  /** Number of the last task that was started. */
  lastId: number;
  last: LastTask | undefined;
}

/** The task that was started last: where an interrupted run stands. */
export interface LastTask {
  /** Its name as shown. */
  readonly name: string;
  readonly hosts: readonly string[];
  /** Hosts on which it has ended without failing. */
  readonly finished: readonly string[];
}

/** Fresh memory for a host, or what is there. */
function memoryOf(run: RunState, host: string): HostMemory {
  const known = run.memory.get(host);
  if (known) return known;
  const fresh: HostMemory = { facts: {}, unknown: {} };
  run.memory.set(host, fresh);
  return fresh;
}

/** A name gets a value on a host, for later tasks there and for `hostvars` elsewhere. */
export function remember(run: RunState, host: string, name: string, value: Rendered): void {
  learn(run, host, name, value);
  run.journal?.remembered(host, name, value);
}

/** The same for what an earlier run has written down. */
export function learn(run: RunState, host: string, name: string, value: Rendered): void {
  const memory = memoryOf(run, host);
  memory.facts = { ...memory.facts, [name]: value };
  memory.unknown = Object.fromEntries(Object.entries(memory.unknown).filter(([other]) => other !== name));
  run.loaded.evaluator.learn(host, name, value);
}

/** Check mode: what the name stands for cannot be known; using it later makes that task unknown too. */
export function rememberUnknown(run: RunState, host: string, name: string, reason: string): void {
  const memory = memoryOf(run, host);
  memory.facts = Object.fromEntries(Object.entries(memory.facts).filter(([other]) => other !== name));
  memory.unknown = { ...memory.unknown, [name]: reason };
  run.loaded.evaluator.learnUnknown(host, name, reason);
}

/** Where a task stands, as far as names hang on it. */
export interface Surroundings {
  readonly batch: Batch;
  /** Variables of the enclosing blocks and the task, outermost first. */
  readonly layers: readonly Variables[];
  readonly live: LiveHosts;
}

/** What names mean for a task on a host: inventory, play, enclosing blocks and task, then facts, then `-e` (design section 8), and the play's own. */
export function scopeOf(run: RunState, { batch, layers, live }: Surroundings, host: string): Scope {
  const { play } = batch;
  const memory = memoryOf(run, host);
  const found = run.loaded.inventory.hosts.get(host);
  return {
    host,
    layers: [found?.vars ?? new Map(), play.vars, ...layers, run.loaded.extraVars],
    facts: { ...memory.facts, ...playVariables(play, found, live, run.check) },
    unknown: memory.unknown,
  };
}

/** The scope with one more plain value, which hides an unknown of the same name. */
export function withFact(scope: Scope, name: string, value: Rendered): Scope {
  const unknown = Object.fromEntries(Object.entries(scope.unknown).filter(([other]) => other !== name));
  return { ...scope, facts: { ...scope.facts, [name]: value }, unknown };
}
