import { findRun, newestRun, type PastRun, RUNS } from "../journal/past-run.ts";
import type { ReporterKind } from "../report/reporter.ts";
import type { TaskRegistry } from "../task-type.ts";
import { carryOut } from "./carry-out.ts";
import { resumedFrom } from "./earlier-run.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { loadOptions } from "./input-options.ts";
import { pastFlags } from "./past-options.ts";
import type { RunFlags } from "./run.ts";

/** Flags of `underlay resume`, as commander gives them; what is not given is as it was. */
export interface ResumeFlags {
  /** Added to those of the run, and stronger. */
  readonly extraVars?: readonly string[];
  readonly vaultPasswordFile?: string;
  readonly diff?: boolean;
  readonly forks?: number;
  readonly output?: ReporterKind;
  readonly yes?: boolean;
  readonly verbose?: boolean;
}

/**
 * `underlay resume [id]`: goes on with a run that was interrupted or killed, or has failed: with the same input, loaded again, from the first batch of the first
 * play that was not finished. Without an id with the last one that was interrupted or killed.
 */
export async function resume(id: string | undefined, flags: ResumeFlags, registry: TaskRegistry): Promise<ExitCode> {
  const chosen = id === undefined ? lastInterrupted() : findRun(RUNS, id);
  if (!chosen.ok) return refuse(chosen.problem);
  const { run } = chosen;
  const against = whyNot(run) ?? missingSecret(run, flags.extraVars ?? []);
  if (against !== undefined) return refuse(against);

  const { input, flags: before } = run.record;
  const past = pastFlags(input);
  const vaultPasswordFile = flags.vaultPasswordFile ?? past.vaultPasswordFile;
  const diff = flags.diff ?? before.diff;
  const verbose = flags.verbose ?? before.verbose;
  const all: RunFlags = {
    ...past,
    extraVars: [...(past.extraVars ?? []), ...(flags.extraVars ?? [])],
    forks: flags.forks ?? before.forks,
    ...(vaultPasswordFile === undefined ? {} : { vaultPasswordFile }),
    ...(diff === undefined ? {} : { diff }),
    ...(verbose === undefined ? {} : { verbose }),
    ...(flags.output === undefined ? {} : { output: flags.output }),
    ...(flags.yes === undefined ? {} : { yes: flags.yes }),
  };
  return carryOut({
    playbook: input.playbook,
    options: loadOptions(input.playbook, all, registry),
    flags: all,
    earlier: (loaded) => resumedFrom(run, loaded),
  });
}

function lastInterrupted(): ReturnType<typeof findRun> {
  const run = newestRun(
    RUNS,
    ({ state, settledBy }) => settledBy === undefined && (state === "interrupted" || state === "killed"),
  );
  if (run !== undefined) return { ok: true, run };
  const failed = newestRun(RUNS, ({ state, settledBy }) => settledBy === undefined && state === "failed");
  const hint =
    failed === undefined ? "" : `; the last one that failed is ${failed.record.id}: underlay resume ${failed.record.id}`;
  return { ok: false, problem: `no run in ${RUNS} was interrupted or killed${hint}` };
}

/** Why a run cannot be gone on with, whatever the playbook is now. */
function whyNot({ record, state, settledBy }: PastRun): string | undefined {
  if (state === "running")
    return `run ${record.id} is still going on (process ${record.process.pid}): wait for it, or end it with Ctrl-C`;
  if (state === "done")
    return `run ${record.id} is done: there is nothing left of it; underlay run ${record.input.playbook} looks at everything again`;
  if (settledBy !== undefined) return `run ${settledBy} has gone on with run ${record.id}: see underlay runs show ${settledBy}`;
  return undefined;
}

/** A `-e` that was not kept has to be given again: as `name=…`, or in a file. */
function missingSecret({ record }: PastRun, given: readonly string[]): string | undefined {
  if (given.some((text) => text.startsWith("@"))) return undefined;
  const names = new Set(given.map((text) => text.split("=")[0]?.trim()));
  const missing = [
    ...new Set(record.input.extraVars.flatMap((one) => ("name" in one && !names.has(one.name) ? [one.name] : []))),
  ];
  if (missing.length === 0) return undefined;
  const again = missing.map((name) => `-e ${name}=…`).join(" ");
  return `secrets are not kept, give ${missing.join(", ")} again: underlay resume ${record.id} ${again}`;
}

function refuse(message: string): ExitCode {
  console.error(`underlay: ${message}`);
  return exitCodes.refused;
}
