import path from "node:path";
import type { Host, Play } from "./load/model.ts";

/** A variable by name; every value is plain data. */
type PlayVariables = Readonly<Record<string, boolean | string | readonly string[]>>;

/** Hosts that have not left: those of the play, and those of the batch that is at work. */
export interface LiveHosts {
  readonly play: readonly string[];
  readonly batch: readonly string[];
}

/**
 * What Ansible calls magic variables, as far as they belong to a play: the check and the run give them the same meaning.
 */
export function playVariables(play: Play, host: Host | undefined, live: LiveHosts, checkMode: boolean): PlayVariables {
  const inventoryFile = host === undefined ? "" : path.resolve(host.at.file);
  return {
    ansible_check_mode: checkMode,
    ansible_play_name: play.name,
    ansible_play_batch: live.batch,
    ansible_play_hosts: live.play,
    ansible_play_hosts_all: play.hosts,
    play_hosts: live.batch,
    playbook_dir: path.resolve(path.dirname(play.at.file)),
    inventory_file: inventoryFile,
    inventory_dir: path.dirname(inventoryFile),
  };
}

/** What a `rescue` finds: the task that failed in the block (`name`, `action`) and what it registered. Set only after a failure. */
export const RESCUE_VARIABLES = ["ansible_failed_task", "ansible_failed_result"] as const;

/** Names that a playbook or an inventory cannot give a value. */
export const MAGIC_NAMES: ReadonlySet<string> = new Set([
  "hostvars",
  "underlay",
  "groups",
  "group_names",
  "inventory_hostname",
  "inventory_hostname_short",
  "item",
  "ansible_check_mode",
  "ansible_play_name",
  "ansible_play_batch",
  "ansible_play_hosts",
  "ansible_play_hosts_all",
  "play_hosts",
  "playbook_dir",
  "inventory_file",
  "inventory_dir",
  ...RESCUE_VARIABLES,
]);
