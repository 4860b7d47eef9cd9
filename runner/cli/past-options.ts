import { type PastRun, RUNS } from "../journal/past-run.ts";
import type { KeptInput } from "../journal/record.ts";
import type { Loaded, LoadOptions } from "../load/load.ts";
import type { TaskRegistry } from "../task-type.ts";
import type { Earlier } from "./carry-out.ts";
import { earlierHandlers } from "./earlier-run.ts";
import { type InputFlags, loadOptions } from "./input-options.ts";

/** The flags that an earlier run was given, as far as they were kept: a secret `-e` is missing. */
export function pastFlags({ extraVars, inventory, limit, tags, skipTags, vaultPasswordFile, lab }: KeptInput): InputFlags {
  return {
    extraVars: extraVars.flatMap((one) => ("text" in one ? [one.text] : [])),
    lab,
    ...(inventory === undefined ? {} : { inventory }),
    ...(limit === undefined ? {} : { limit }),
    ...(tags === undefined ? {} : { tags }),
    ...(skipTags === undefined ? {} : { skipTags }),
    ...(vaultPasswordFile === undefined ? {} : { vaultPasswordFile }),
  };
}

/** The options that an earlier run was loaded with. */
export function pastOptions({ record }: PastRun, registry: TaskRegistry): LoadOptions {
  return loadOptions(record.input.playbook, pastFlags(record.input), registry);
}

/** What a plain run of a playbook takes over. */
export function handlersOfEarlierRun(loaded: Loaded, options: LoadOptions): Earlier {
  return { ok: true, earlier: earlierHandlers(RUNS, loaded, options, (run) => pastOptions(run, options.registry)) };
}
