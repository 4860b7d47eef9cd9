import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterReader, ClusterWriter } from "../../runner/connect/cluster.ts";
import { type Failure, failed, ok, type Result } from "../../runner/result.ts";
import type { During } from "../../runner/task.ts";
import { readStates, uncordoned } from "./cordon.ts";
import { budgetText, type DisruptionBudget, heldBy, readBudgets } from "./disruption-budget.ts";
import { type PodToEvict, podsToEvict } from "./pods-to-evict.ts";

/** What a drain is carried out with. */
export interface Drain {
  readonly reader: ClusterReader;
  readonly writer: ClusterWriter;
  readonly during: During;
  /** Where kubectl runs. */
  readonly host: string;
  readonly args: {
    readonly timeout: number;
    readonly delete_emptydir_data: boolean;
    readonly force: boolean;
    readonly grace_period?: number;
    readonly when_blocked: "stay" | "uncordon";
  };
  /** What is to go, found before. */
  readonly pods: readonly PodToEvict[];
  /** The nodes they are on. */
  readonly nodes: readonly string[];
}

/** Milliseconds before the first look at what is left, and the most between two: each look is two kubectl processes. */
const FIRST_LOOK = 1000;
const LONGEST_PAUSE = 10_000;

/** Runs `kubectl drain` and tells meanwhile what it waits for; afterwards says what is left and why. */
export async function drainAll(drain: Drain): Promise<Result<void>> {
  const { reader, writer, during, args, nodes } = drain;
  const ended = new AbortController();
  const watching = watch(drain, ended.signal);
  const drained = await writer.drain(nodes, {
    timeoutSeconds: args.timeout,
    deleteEmptyDirData: args.delete_emptydir_data,
    force: args.force,
    ...(args.grace_period === undefined ? {} : { gracePeriodSeconds: args.grace_period }),
    signal: during.signal,
  });
  ended.abort();
  await watching;
  if (drained.ok) return drained;
  const left = await remainder(reader, nodes);
  return left.ok ? stopped(drain, drained.failure, left.value) : drained;
}

/** Tells who is still waited for, whenever that changes, until kubectl has ended. */
async function watch({ reader, nodes, during }: Drain, ended: AbortSignal): Promise<void> {
  let told = "";
  for (let pause = FIRST_LOOK; !ended.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    await sleep(pause, undefined, { signal: ended }).catch(() => undefined);
    const left = ended.aborted ? ok([]) : await remainder(reader, nodes);
    // A look that fails says nothing about the drain itself.
    if (!left.ok || left.value.length === 0) continue;
    const text = `${counted(left.value.length)} left on ${nodes.join(", ")}: ${left.value.map(({ text }) => text).join("; ")}`;
    if (text !== told) during.tell(text);
    told = text;
  }
}

/** A pod that is still there, and why. */
interface LeftPod {
  readonly name: string;
  /** `shop/web-1 (PodDisruptionBudget shop/web needs 2 healthy, has 2)` */
  readonly text: string;
  readonly budget: DisruptionBudget | undefined;
}

async function remainder(reader: ClusterReader, nodes: readonly string[]): Promise<Result<readonly LeftPod[]>> {
  const pods = await podsToEvict(reader, nodes);
  if (!pods.ok || pods.value.length === 0) return pods.ok ? ok([]) : pods;
  const budgets = await readBudgets(reader);
  if (!budgets.ok) return budgets;
  return ok(
    pods.value.map(({ name, object }) => {
      const budget = heldBy(object, budgets.value);
      const ending = object.metadata.deletionTimestamp !== undefined;
      const why = budget !== undefined ? budgetText(budget) : ending ? "evicted, has not ended yet" : "not evicted yet";
      return { name, text: `${name} (${why})`, budget };
    }),
  );
}

/** The failure of a drain that left pods: who, held by what, what was done and what was not. */
async function stopped(drain: Drain, failure: Failure, left: readonly LeftPod[]): Promise<Result<never>> {
  const { pods, nodes, args, during } = drain;
  const there = new Set(left.map(({ name }) => name));
  const gone = pods.filter(({ name }) => !there.has(name)).map(({ name }) => name);
  const interrupted = during.signal.aborted;
  const kubectl = interrupted ? [] : ownWords(failure.message);
  const nodesAfter = args.when_blocked === "uncordon" && !interrupted ? await letBack(drain) : staysCordoned(nodes);
  const held = left.some(({ budget }) => budget !== undefined);
  return failed({
    kind: failure.kind,
    doing: `kubectl drain ${nodes.join(" ")}`,
    message: [
      `${interrupted ? "interrupted: " : ""}${counted(left.length)} of ${pods.length} left${interrupted ? "" : ` after ${args.timeout} s`}${holders(left)}`,
      ...left.map(({ text }) => text),
      ...kubectl,
    ].join("\n"),
    meaning: [
      ...(held ? ["a budget holds pods back: without them fewer would be healthy than it needs"] : []),
      gone.length === 0 ? "nothing was evicted" : `evicted: ${gone.join(", ")}`,
      `nothing else was done, and ${nodesAfter}`,
    ].join("; "),
    next: held
      ? "let the workload run more pods elsewhere or loosen its budget, then run again: what is gone is not evicted twice"
      : "look at the pods that are named with kubectl describe, then run again, with a larger timeout if need be",
  });
}

/** Uncordons the nodes that we cordoned; gives what became of them, in words. */
async function letBack({ reader, nodes, during, host }: Drain): Promise<string> {
  const read = await readStates(reader, nodes);
  if (!read.ok) return notUncordoned(read.failure);
  const ours = read.value.states.flatMap(uncordoned);
  if (ours.length === 0) return `${nodes.join(", ")} stay${nodes.length === 1 ? "s" : ""} cordoned: somebody else cordoned`;
  const side = await during.at("localhost", host);
  if (!side.ok) return notUncordoned(side.failure);
  const planned = await side.value.plan(ours);
  if (!planned.ok) return notUncordoned(planned.failure);
  const written = await planned.value.apply(side.value.writer);
  return written.ok ? `${ours.map(({ node }) => node).join(", ")} takes pods again` : notUncordoned(written.failure);
}

function notUncordoned({ doing, message }: Failure): string {
  return `the nodes could not be uncordoned (${doing}: ${message})`;
}

function staysCordoned(nodes: readonly string[]): string {
  return nodes.length === 1 ? `${nodes[0]} stays cordoned` : `${nodes.join(", ")} stay cordoned`;
}

function counted(pods: number): string {
  return pods === 1 ? "1 pod" : `${pods} pods`;
}

/** `, held by PodDisruptionBudget shop/web`: for the one line that a summary has. */
function holders(left: readonly LeftPod[]): string {
  const names = left.flatMap(({ budget }) => (budget === undefined ? [] : [`${budget.namespace}/${budget.name}`]));
  return names.length === 0 ? "" : `, held by PodDisruptionBudget ${[...new Set(names)].join(", ")}`;
}

/** What kubectl said at last, without the line it repeats every five seconds for each pod, and without what another line says too. */
function ownWords(message: string): readonly string[] {
  const lines = message.split("\n").map((line) => line.trim());
  const said = [...new Set(lines.filter((line) => line.startsWith("error") && !line.includes("will retry after")))];
  return said.filter((line) => !said.some((other) => other !== line && other.includes(line)));
}
