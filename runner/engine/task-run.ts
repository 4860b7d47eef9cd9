import type { Play, TaskEntry } from "../load/model.ts";
import { type HostResult, runOnHost } from "./host-task.ts";
import { type Inherited, within } from "./inherited.ts";
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

/**
 * Runs a task on all hosts that are still in the play, at most `--forks` at once, and returns those that leave. Nothing else starts before
 * every host is done (Ansible's linear strategy).
 */
export async function runTask(
  run: RunState,
  play: Play,
  outer: Inherited,
  entry: TaskEntry,
  live: readonly string[],
): Promise<ReadonlyMap<string, Leaving>> {
  const inherited = within(outer, entry);
  const speakers = speakersFor(run, entry, inherited, live);
  const playHosts = play.hosts.filter((host) => !run.gone.has(host));
  const surroundings: Surroundings = { play, layers: inherited.layers, playHosts };
  const task: StartedTask = { ...surroundings, entry, inherited, id: ++run.lastId, name: nameOf(run, surroundings, entry, live) };
  run.lastTask = task.name;
  run.emit({
    event: "task",
    id: task.id,
    task: task.name,
    type: entry.type.name,
    steps: entry.type.steps,
    hosts: speakers.map((speaker) => speaker.host),
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
  const finished = settled.flatMap((each) => (each.status === "fulfilled" && each.value !== undefined ? [each.value] : []));

  const left = new Map<string, Leaving>();
  for (const { speaker, result } of finished) {
    for (const host of [speaker.host, ...speaker.for]) keep(run, entry, host, result);
    const { status } = result.outcome;
    if ((status !== "failed" && status !== "unreachable") || result.ignored) continue;
    rememberFailure(run, task, speaker.host, result);
    left.set(speaker.host, status);
    for (const host of speaker.for) left.set(host, "aborted");
  }
  const fatal = left.size > 0 && inherited.anyErrorsFatal;
  if (fatal) for (const host of live) if (!left.has(host)) left.set(host, "aborted");
  for (const [host, why] of left) run.gone.set(host, why);
  return left;
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
