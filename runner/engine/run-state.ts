import type { LimitFunction } from "p-limit";
import type { Connections } from "../connect/connections.ts";
import type { Emit } from "../event.ts";
import type { Rendered, Scope } from "../expression/evaluator.ts";
import type { Loaded } from "../load/load.ts";
import type { Play, Variables } from "../load/model.ts";
import { playVariables } from "../play-variables.ts";
import type { Clock } from "./clock.ts";
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
  /** Warnings already given. */
  readonly warned: Set<string>;
  /** Check mode: what is read later may hang on changes that are only planned so far, and on writes that could not be foreseen. */
  planned: number;
  unforeseen: number;
  /** Number of the last task that was started, and its name as shown. */
  lastId: number;
  lastTask: string;
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
  readonly play: Play;
  /** Variables of the enclosing blocks and the task, outermost first. */
  readonly layers: readonly Variables[];
  /** Hosts that have not left the play. */
  readonly playHosts: readonly string[];
}

/** What names mean for a task on a host: inventory, play, enclosing blocks and task, then facts, then `-e` (design section 8), and the play's own. */
export function scopeOf(run: RunState, { play, layers, playHosts }: Surroundings, host: string): Scope {
  const memory = memoryOf(run, host);
  const found = run.loaded.inventory.hosts.get(host);
  return {
    host,
    layers: [found?.vars ?? new Map(), play.vars, ...layers, run.loaded.extraVars],
    facts: { ...memory.facts, ...playVariables(play, found, playHosts, run.check) },
    unknown: memory.unknown,
  };
}

/** The scope with one more plain value, which hides an unknown of the same name. */
export function withFact(scope: Scope, name: string, value: Rendered): Scope {
  const unknown = Object.fromEntries(Object.entries(scope.unknown).filter(([other]) => other !== name));
  return { ...scope, facts: { ...scope.facts, [name]: value }, unknown };
}
