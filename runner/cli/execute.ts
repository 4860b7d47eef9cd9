import type { Journal } from "../engine/journal.ts";
import type { RunSummary } from "../engine/run.ts";
import type { Emit } from "../event.ts";
import type { Loaded } from "../load/load.ts";
import type { EarlierRun } from "./earlier-run.ts";
import type { RunFlags } from "./run.ts";

/** A loaded playbook to be carried out, or to be checked. */
export interface Job {
  /** As given on the command line. */
  readonly playbook: string;
  readonly loaded: Loaded;
  readonly flags: RunFlags;
  readonly earlier: EarlierRun | undefined;
  /** `underlay drift`: ends with a line that says whether there is any. */
  readonly verdict?: true;
}

/** Opens the connections, runs the playbook, closes them again. */
export async function execute(
  { loaded, flags, earlier }: Job,
  how: { readonly check: boolean; readonly emit: Emit; readonly signal: AbortSignal; readonly journal?: Journal | undefined },
): Promise<RunSummary> {
  const { check, emit, signal, journal } = how;
  const [{ openConnections }, { runPlaybook }] = await Promise.all([import("../connect/open.ts"), import("../engine/run.ts")]);
  const connections = openConnections(loaded, { check, warn: (message) => emit({ event: "warning", message }) });
  try {
    return await runPlaybook({
      loaded,
      connections,
      check,
      forks: flags.forks,
      emit,
      signal,
      countRequests: flags.verbose ?? false,
      ...(journal === undefined ? {} : { journal }),
      ...(earlier === undefined ? {} : { resumed: earlier.left }),
    });
  } finally {
    await connections.close();
  }
}
