import type { Scope } from "../expression/evaluator.ts";
import { playVariables, RESCUE_VARIABLES } from "../play-variables.ts";
import { unplannedNames } from "./computed-variables.ts";
import { tasksOf } from "./entries.ts";
import type { Inventory, Play, Variables } from "./model.ts";

/** Names that get their value during the run, by host. */
export type LateNames = ReadonlyMap<string, ReadonlySet<string>>;

/** Variables of every play that only the run knows. */
const LATE_IN_PLAY = ["ansible_check_mode", "ansible_play_hosts", "ansible_play_batch", "play_hosts", ...RESCUE_VARIABLES];

/** Why such a name has no value yet. */
export function reasonFor(name: string): string {
  return `${name} is known when the run gets there`;
}

/**
 * Registered results, and what a task type that sets variables sets. They belong to the hosts of the play, with `run_once` and
 * `delegate_to` too.
 */
export function lateNames(plays: readonly Play[]): LateNames {
  const late = new Map<string, Set<string>>();
  for (const play of plays) {
    const tasks = [...tasksOf(play.entries), ...play.handlers.map(({ task }) => task)];
    const names = tasks.flatMap(({ register, type, args }) => [
      ...(register === undefined ? [] : [register]),
      ...(type.setsVariables === true && args.kind === "map" ? args.entries.keys() : []),
    ]);
    for (const host of play.hosts) {
      const known = late.get(host) ?? new Set<string>();
      for (const name of names) known.add(name);
      late.set(host, known);
    }
  }
  return late;
}

/** With the names that the address plan would have given, when there is none. */
export function withUnplanned(late: LateNames, inventory: Inventory, extraVars: Variables): LateNames {
  const all = [...inventory.hosts.values()].map((host) => {
    const missing = Object.keys(unplannedNames(host, extraVars));
    return [host.name, new Set([...(late.get(host.name) ?? []), ...missing])] as const;
  });
  return new Map(all);
}

/** What names mean on a host of a play before the run: late ones are unknown. `layers`: variables of blocks and the task, outermost first. */
export function scopeBeforeRun(
  play: Play,
  name: string,
  layers: readonly Variables[],
  known: { readonly inventory: Inventory; readonly extraVars: Variables; readonly late: LateNames },
): Scope {
  const host = known.inventory.hosts.get(name);
  const names = [...(known.late.get(name) ?? []), ...LATE_IN_PLAY];
  return {
    host: name,
    layers: [host?.vars ?? new Map(), play.vars, ...layers, known.extraVars],
    facts: playVariables(play, host, { play: play.hosts, batch: play.hosts }, false),
    unknown: Object.fromEntries(names.map((late) => [late, reasonFor(late)])),
  };
}

/** What names mean for a play as a whole, before the run: variables of the group `all`, of the play, and `-e`. */
export function scopeOfPlay(play: Play, known: { readonly inventory: Inventory; readonly extraVars: Variables }): Scope {
  const { inventory, extraVars } = known;
  const shared = [...inventory.hosts.values()].flatMap(({ vars }) => [...vars].filter(([, { origin }]) => origin === "all"));
  return {
    host: "localhost",
    layers: [new Map(shared), play.vars, extraVars],
    facts: playVariables(play, inventory.hosts.get("localhost"), { play: play.hosts, batch: play.hosts }, false),
    unknown: Object.fromEntries(LATE_IN_PLAY.map((late) => [late, reasonFor(late)])),
  };
}
