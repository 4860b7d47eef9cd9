import type { LoadOptions } from "../load/load.ts";
import type { TaskRegistry } from "../task-type.ts";
import { playbookPath } from "./playbook-path.ts";

/** Flags of every verb that reads a playbook, as commander gives them. */
export interface InputFlags {
  readonly inventory?: readonly string[];
  readonly limit?: string;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly extraVars?: readonly string[];
  readonly vaultPasswordFile?: string;
  readonly lab?: boolean;
}

/** What the loader needs, from the command line. Tags may be given as `a,b` and repeated. */
export function loadOptions(playbook: string, flags: InputFlags, registry: TaskRegistry): LoadOptions {
  return {
    playbook: playbookPath(playbook),
    inventories: flags.inventory ?? [],
    limit: flags.limit,
    tags: split(flags.tags),
    skipTags: split(flags.skipTags),
    extraVars: flags.extraVars ?? [],
    vaultPasswordFile: flags.vaultPasswordFile,
    lab: flags.lab ?? false,
    registry,
  };
}

function split(tags: readonly string[] | undefined): readonly string[] {
  return (tags ?? [])
    .flatMap((text) => text.split(","))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}
