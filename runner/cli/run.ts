import type { RunSummary } from "../engine/run.ts";
import type { Emit } from "../event.ts";
import type { Loaded } from "../load/load.ts";
import type { ReporterKind } from "../report/reporter.ts";
import { wrap } from "../report/wrap.ts";
import { mask } from "../secret.ts";
import type { TaskRegistry } from "../task-type.ts";
import { confirm } from "./confirm.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { type InputFlags, loadOptions } from "./input-options.ts";
import { type Interruption, onInterruption } from "./interruption.ts";
import { loadInput } from "./load-input.ts";
import { maskedError } from "./masked-error.ts";
import { planSize } from "./plan-size.ts";

/** Flags of `underlay run`, as commander gives them. */
export interface RunFlags extends InputFlags {
  readonly check?: boolean;
  /** Undefined: on in check mode. */
  readonly diff?: boolean;
  readonly forks: number;
  readonly output?: ReporterKind;
  readonly exitCode?: boolean;
  readonly yes?: boolean;
  readonly verbose?: boolean;
  /** Faults of the lab, `name=value`. */
  readonly fault?: readonly string[];
}

/** `underlay run`: loads, joins or starts the lab when the inventory is the lab's, asks before the first write to a real one, and runs. */
export async function run(playbook: string, flags: RunFlags, registry: TaskRegistry): Promise<ExitCode> {
  const options = loadOptions(playbook, flags, registry);
  const loaded = await loadInput(options);
  if (loaded === undefined) return exitCodes.refused;
  try {
    return await (loaded.inventory.lab ? runInLab(loaded, flags) : runForReal(loaded, flags, () => loadInput(options)));
  } catch (error) {
    throw maskedError(error, loaded.secrets);
  }
}

async function runInLab(loaded: Loaded, flags: RunFlags): Promise<ExitCode> {
  const { joinLab } = await import("./join-lab.ts");
  const joined = await joinLab(loaded, { faults: flags.fault ?? [] });
  if (!joined.ok) return refuse(joined.problems.join("\nunderlay: "));
  try {
    return await report(joined.loaded, flags);
  } finally {
    await joined.close();
  }
}

async function runForReal(loaded: Loaded, flags: RunFlags, reload: () => Promise<Loaded | undefined>): Promise<ExitCode> {
  if (flags.fault !== undefined) return refuse("--fault is for the lab: add --lab, or leave it out");
  if (flags.check === true || flags.yes === true) return report(loaded, flags);
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    return refuse("this writes to a real inventory, and there is no terminal to ask on: look at it with --check, then add --yes");
  }
  const answer = await askFirst(loaded, flags);
  if (answer !== undefined) return answer;
  // What the check registered must not be taken for what the run finds: it starts from the files again.
  const fresh = await reload();
  return fresh === undefined ? exitCodes.refused : report(fresh, flags);
}

/** Runs with a reporter. */
async function report(loaded: Loaded, flags: RunFlags): Promise<ExitCode> {
  const { createReporter } = await import("../report/reporter.ts");
  const check = flags.check ?? false;
  // The last line of defence: whatever a connection let through (design section 7). Secrets can be added while the run goes on.
  const conceal = (text: string) => mask(text, loaded.secrets);
  const reporter = await createReporter(reporterKind(flags.output), {
    diff: flags.diff ?? check,
    color: process.env.NO_COLOR === undefined || process.env.NO_COLOR === "",
    columns: () => process.stdout.columns ?? 80,
    write: (text) => process.stdout.write(conceal(text)),
    conceal,
  });
  const interruption = onInterruption(() => {
    const message = "interrupted: running tasks are finished first; Ctrl-C again ends at once";
    reporter.emit({ event: "warning", message });
  });
  try {
    const summary = await execute(loaded, flags, check, reporter.emit, interruption);
    const found = check && flags.exitCode === true && summary.exitCode === exitCodes.done && summary.changes > 0;
    return found ? exitCodes.changesFound : summary.exitCode;
  } finally {
    interruption.release();
    await reporter.finish();
  }
}

/** Looks at what a run would change and asks. Undefined: go on. */
async function askFirst(loaded: Loaded, flags: RunFlags): Promise<ExitCode | undefined> {
  const size = planSize();
  const interruption = onInterruption(() => {});
  try {
    console.error("Looking at what would change; nothing is written yet.");
    const { exitCode } = await execute(loaded, flags, true, size.emit, interruption);
    if (interruption.signal.aborted) return exitCodes.interrupted;
    if (!size.any() && !size.failed()) return undefined;
    const width = process.stderr.columns ?? 80;
    for (const line of size.lines()) console.error(wrap(mask(line, loaded.secrets), width, 12).join("\n"));
    if (!size.any()) return exitCode;
  } finally {
    interruption.release();
  }
  const answer = await confirm("Make these changes? (--check lists them)");
  if (answer === "yes") return undefined;
  console.error("Nothing was written.");
  return exitCodes.interrupted;
}

/** Opens the connections, runs the playbook, closes them again. */
async function execute(
  loaded: Loaded,
  flags: RunFlags,
  check: boolean,
  emit: Emit,
  interruption: Interruption,
): Promise<RunSummary> {
  const [{ openConnections }, { runPlaybook }] = await Promise.all([import("../connect/open.ts"), import("../engine/run.ts")]);
  const connections = openConnections(loaded, { check, warn: (message) => emit({ event: "warning", message }) });
  try {
    return await runPlaybook({
      loaded,
      connections,
      check,
      forks: flags.forks,
      emit,
      signal: interruption.signal,
      countRequests: flags.verbose ?? false,
    });
  } finally {
    await connections.close();
  }
}

/** Live on a terminal, lines elsewhere. A live display needs a terminal: without one, `tty` is plain lines too. */
function reporterKind(wanted: ReporterKind | undefined): ReporterKind {
  const live = process.stdout.isTTY === true && process.env.TERM !== "dumb";
  if (wanted === undefined || wanted === "tty") return live ? "tty" : "plain";
  return wanted;
}

function refuse(message: string): ExitCode {
  console.error(`underlay: ${message}`);
  return exitCodes.refused;
}
