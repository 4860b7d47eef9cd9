import type { TaskEntry } from "../load/model.ts";
import type { Batch } from "./batch.ts";
import { type HostResult, runOnHost } from "./host-task.ts";
import { type Inherited, within } from "./inherited.ts";
import { isBad } from "./outcome.ts";
import { show } from "./rendered.ts";
import { type RunState, remember, rememberUnknown, type Surroundings, scopeOf } from "./run-state.ts";
import type { StartedTask } from "./started-task.ts";

/**
 * Why a host takes no further part. `aborted`: nothing went wrong there, but somewhere that counts for it (`any_errors_fatal`,
 * `run_once`, the controller that spoke for the cluster).
 */
export type Leaving = "failed" | "unreachable" | "aborted";

/** A host that is spoken to, and those it stands for besides itself. */
interface Speaker {
  readonly host: string;
  readonly for: readonly string[];
}

/** What a task came to on its hosts. */
export interface TaskEnd {
  readonly leaving: ReadonlyMap<string, Leaving>;
  /** Hosts that it ran on, or on which it held, without failing. */
  readonly finished: readonly string[];
}

/**
 * Runs a task on hosts of a batch, at most `--forks` at once, and tells which of them leave. Nothing else starts before every host is done
 * (Ansible's linear strategy).
 *
 * @param wanted hosts to run it on
 * @param others for a handler, which runs where it was notified: all hosts that have not left; they too stop with `any_errors_fatal`
 */
export async function runTask(
  run: RunState,
  batch: Batch,
  outer: Inherited,
  entry: TaskEntry,
  wanted: readonly string[],
  others?: readonly string[],
): Promise<TaskEnd> {
  const inherited = within(outer, entry);
  const speakers = speakersFor(run, entry, inherited, wanted);
  const isLive = (host: string) => !run.gone.has(host);
  const live = { play: batch.play.hosts.filter(isLive), batch: batch.hosts.filter(isLive) };
  const surroundings: Surroundings = { batch, layers: inherited.layers, live };
  const name = nameOf(run, surroundings, entry, wanted);
  const task: StartedTask = { ...surroundings, entry, inherited, id: ++run.lastId, name };
  const spoken = speakers.map((speaker) => speaker.host);
  run.last = { name, hosts: spoken, finished: [] };
  run.emit({
    event: "task",
    id: task.id,
    task: task.name,
    type: entry.type.name,
    steps: entry.type.steps,
    hosts: spoken,
    ...(others === undefined ? {} : { handler: true }),
    at: entry.at,
  });

  const settled = await Promise.allSettled(
    speakers.map((speaker) =>
      run.limit(async () => {
        if (run.signal.aborted) return undefined;
        return { speaker, result: await runOnHost(run, task, speaker.host) };
      }),
    ),
  );
  const bug = settled.find((each) => each.status === "rejected");
  if (bug !== undefined) throw bug.reason;
  const ended = settled.flatMap((each) => (each.status === "fulfilled" && each.value !== undefined ? [each.value] : []));

  const fine = ended.filter(({ result }) => !isBad(result.outcome) || result.ignored);
  run.last = { ...run.last, finished: fine.map(({ speaker }) => speaker.host) };
  const left = new Map<string, Leaving>();
  for (const { speaker, result } of ended) {
    for (const host of [speaker.host, ...speaker.for]) keep(run, entry, host, result);
    const { status } = result.outcome;
    if ((status !== "failed" && status !== "unreachable") || result.ignored) continue;
    rememberFailure(run, task, speaker.host, result);
    left.set(speaker.host, status);
    for (const host of speaker.for) left.set(host, "aborted");
  }
  const fatal = left.size > 0 && inherited.anyErrorsFatal;
  if (fatal) for (const host of others ?? wanted) if (!left.has(host)) left.set(host, "aborted");
  for (const [host, why] of left) run.gone.set(host, why);
  return { leaving: left, finished: fine.flatMap(({ speaker }) => [speaker.host, ...speaker.for]) };
}

/**
 * Who is spoken to. With `run_once` the first host stands for all. The controllers of a fabric are one cluster (design section 4): a
 * task type for `apic` runs once, on the first of them, and its result holds for the others, which get no results of their own.
 */
function speakersFor(run: RunState, entry: TaskEntry, inherited: Inherited, live: readonly string[]): readonly Speaker[] {
  const [first, ...rest] = live;
  if (first === undefined) return [];
  if (inherited.runOnce) return [{ host: first, for: rest }];
  if (entry.type.on !== "apic" || inherited.delegateTo !== undefined) return live.map((host) => ({ host, for: [] }));
  const isController = (host: string) => run.loaded.inventory.hosts.get(host)?.kind === "apic";
  const [speaker, ...silent] = live.filter(isController);
  return live
    .filter((host) => host === speaker || !isController(host))
    .map((host) => ({ host, for: host === speaker ? silent : [] }));
}

/** Registers the result and the facts on a host. */
function keep(run: RunState, entry: TaskEntry, host: string, result: HostResult): void {
  const { outcome } = result;
  const reason = outcome.reason ?? "unknown";
  if (outcome.status === "unknown" && entry.type.setsVariables && entry.args.kind === "map") {
    for (const name of entry.args.entries.keys()) rememberUnknown(run, host, name, reason);
  }
  for (const [name, value] of Object.entries(outcome.hostFacts)) remember(run, host, name, value);
  if (entry.register === undefined) return;
  if (outcome.status === "unknown") rememberUnknown(run, host, entry.register, reason);
  else remember(run, host, entry.register, result.registered);
}

/** What a `rescue` may ask about the failure it is there for (RESCUE_VARIABLES). */
function rememberFailure(run: RunState, task: StartedTask, host: string, result: HostResult): void {
  remember(run, host, "ansible_failed_task", { name: task.name, action: task.entry.type.name });
  remember(run, host, "ansible_failed_result", result.registered);
}

/** The name as shown: rendered for the first host; as written when that is not possible, since a name is no reason to fail. */
function nameOf(run: RunState, surroundings: Surroundings, entry: TaskEntry, live: readonly string[]): string {
  const { name } = entry;
  if (name.kind === "literal") return show(name.value);
  const written = name.kind === "template" ? name.text : entry.type.name;
  const [first] = live;
  if (first === undefined) return written;
  const rendered = run.loaded.evaluator.render(name, scopeOf(run, surroundings, first));
  return rendered.kind === "value" ? show(rendered.value) : written;
}
