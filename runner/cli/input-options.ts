import type { InventoryOptions, LoadOptions } from "../load/load.ts";
import type { TaskRegistry } from "../task-type.ts";
import { defaultInventory, playbookPath } from "./playbook-path.ts";

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

/** What the loader needs, from the command line. Tags may be given as `a,b` and repeated; without an inventory it is the playbook's own in the lab. */
export function loadOptions(playbook: string, flags: InputFlags, registry: TaskRegistry): LoadOptions {
  return {
    ...inventoryOptions(flags),
    inventories: flags.inventory ?? defaultInventory(playbook),
    playbook: playbookPath(playbook),
    limit: flags.limit,
    tags: split(flags.tags),
    skipTags: split(flags.skipTags),
    registry,
  };
}

/** The same for verbs that read only the inventory. */
export function inventoryOptions(flags: InputFlags): InventoryOptions {
  return {
    inventories: flags.inventory ?? [],
    extraVars: flags.extraVars ?? [],
    vaultPasswordFile: flags.vaultPasswordFile,
    lab: flags.lab ?? false,
  };
}

function split(tags: readonly string[] | undefined): readonly string[] {
  return (tags ?? [])
    .flatMap((text) => text.split(","))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}
