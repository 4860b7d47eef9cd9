import type { HostKind } from "../load/model.ts";
import type { TaskType } from "../task-type.ts";

/** Inventory group that makes a host of this kind, as a user would write it in `hosts:`. */
const groupOf: Readonly<Record<Exclude<HostKind, "other">, string>> = {
  apic: "apics",
  leaf: "leaves",
  node: "nodes",
  localhost: "localhost",
};

/**
 * Why a task type cannot run on a host of this kind, as one sentence without a full stop; undefined when it can. The loader asks before
 * the run for every host of a play, the engine asks again for what only a run knows (a rendered `delegate_to`).
 */
export function placeProblem(type: Pick<TaskType, "name" | "on">, hostKind: HostKind): string | undefined {
  if (type.on === "any" || type.on === hostKind) return undefined;
  const found = hostKind === "other" ? "is in none of the groups apics, leaves and nodes" : `is in ${groupOf[hostKind]}`;
  return `${type.name} runs on hosts of ${groupOf[type.on]}, but the host ${found}`;
}
