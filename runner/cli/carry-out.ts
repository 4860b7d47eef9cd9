import type { Loaded, LoadOptions } from "../load/load.ts";
import { onlyLooks } from "../load/only-looks.ts";
import { wrap } from "../report/wrap.ts";
import { mask } from "../secret.ts";
import { columnsOf } from "./columns.ts";
import { confirm } from "./confirm.ts";
import type { EarlierRun } from "./earlier-run.ts";
import { execute, type Job } from "./execute.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { onInterruption } from "./interruption.ts";
import { loadInput } from "./load-input.ts";
import { maskedError } from "./masked-error.ts";
import { planSize } from "./plan-size.ts";
import { reportRun } from "./report-run.ts";
import type { RunFlags } from "./run.ts";

/** What a run goes on with, once its input is loaded; or why it must not begin. */
export type Earlier =
  | { readonly ok: true; readonly earlier: EarlierRun | undefined }
  | { readonly ok: false; readonly problem: string };

/** A playbook to be carried out, or to be checked. */
export interface Order {
  /** As given on the command line. */
  readonly playbook: string;
  readonly options: LoadOptions;
  readonly flags: RunFlags;
  readonly earlier: (loaded: Loaded) => Earlier;
  /** `underlay drift`: ends with a line that says whether there is any. */
  readonly verdict?: true;
}

/** Loads, joins or starts the lab when the inventory is the lab's, asks before the first write to a real one, and runs. */
export async function carryOut(order: Order): Promise<ExitCode> {
  const loaded = await loadInput(order.options);
  if (loaded === undefined) return exitCodes.refused;
  const found = order.earlier(loaded);
  if (!found.ok) return refuse(found.problem);
  const job: Job = { ...order, loaded, earlier: found.earlier };
  try {
    return await (loaded.inventory.lab ? inLab(job) : forReal(job, () => loadInput(order.options)));
  } catch (error) {
    throw maskedError(error, loaded.secrets);
  }
}

async function inLab(job: Job): Promise<ExitCode> {
  const { joinLab } = await import("./join-lab.ts");
  const joined = await joinLab(job.loaded, { faults: job.flags.fault ?? [] });
  if (!joined.ok) return refuse(joined.problems.join("\nunderlay: "));
  try {
    return await reportRun({ ...job, loaded: joined.loaded });
  } finally {
    await joined.close();
  }
}

async function forReal(job: Job, reload: () => Promise<Loaded | undefined>): Promise<ExitCode> {
  const { flags } = job;
  if (flags.fault !== undefined) return refuse("--fault is for the lab: add --lab, or leave it out");
  if (flags.check === true || flags.yes === true || onlyLooks(job.loaded.playbook)) return reportRun(job);
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    return refuse("this writes to a real inventory, and there is no terminal to ask on: look at it with --check, then add --yes");
  }
  const answer = await askFirst(job);
  if (answer !== undefined) return answer;
  // What the check registered must not be taken for what the run finds: it starts from the files again.
  const fresh = await reload();
  return fresh === undefined ? exitCodes.refused : reportRun({ ...job, loaded: fresh });
}

/** Looks at what a run would change and asks. Undefined: go on. */
async function askFirst(job: Job): Promise<ExitCode | undefined> {
  const size = planSize();
  const interruption = onInterruption({
    first: () => console.error("Interrupted: nothing was written. Ctrl-C again ends at once."),
  });
  try {
    console.error("Looking at what would change; nothing is written yet.");
    const { exitCode } = await execute(job, { check: true, emit: size.emit, signal: interruption.signal });
    if (interruption.signal.aborted) return exitCodes.interrupted;
    const handlers = job.earlier?.left.notified.length ?? 0;
    if (!size.any() && !size.failed() && handlers === 0) return undefined;
    const width = columnsOf(process.stderr, 80);
    for (const line of size.lines()) console.error(wrap(mask(line, job.loaded.secrets), width, 12).join("\n"));
    if (!size.any() && handlers === 0) return exitCode;
  } finally {
    interruption.release();
  }
  const answer = await confirm("Make these changes? (--check lists them)");
  if (answer === "yes") return undefined;
  console.error("Nothing was written.");
  return exitCodes.interrupted;
}

function refuse(message: string): ExitCode {
  console.error(`underlay: ${message}`);
  return exitCodes.refused;
}
