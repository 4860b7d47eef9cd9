import type { ReporterKind } from "../report/reporter.ts";
import type { TaskRegistry } from "../task-type.ts";
import { carryOut } from "./carry-out.ts";
import type { ExitCode } from "./exit-codes.ts";
import { type InputFlags, loadOptions } from "./input-options.ts";
import { handlersOfEarlierRun } from "./past-options.ts";

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

/** `underlay run`: a playbook from its beginning, with what an earlier run of it has left to be done. */
export function run(playbook: string, flags: RunFlags, registry: TaskRegistry): Promise<ExitCode> {
  const options = loadOptions(playbook, flags, registry);
  return carryOut({ playbook, options, flags, earlier: (loaded) => handlersOfEarlierRun(loaded, options) });
}

/**
 * `underlay drift`: whether fabric, nodes and cluster are still as a playbook wants them. The check of the playbook, with one more line that says
 * so; exit code 5 when they are not.
 */
export function drift(playbook: string, flags: RunFlags, registry: TaskRegistry): Promise<ExitCode> {
  const options = loadOptions(playbook, flags, registry);
  const asked: RunFlags = { ...flags, check: true, exitCode: true };
  return carryOut({
    playbook,
    options,
    flags: asked,
    verdict: true,
    earlier: (loaded) => handlersOfEarlierRun(loaded, options),
  });
}
