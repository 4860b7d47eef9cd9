import type { Change } from "../../runner/change.ts";
import type { Connections } from "../../runner/connect/connections.ts";
import { registry } from "../../tasks/index.ts";
import type { PaperTask } from "./paper-fabric.ts";
import { quiet } from "./progress.ts";

/** Runs tasks in order like the engine does, or plans them like check mode does; gives the changes of each. Throws what failed. */
export async function runTasks(
  connections: Connections,
  tasks: readonly PaperTask[],
  options: { readonly check: boolean; readonly state: "present" | "absent" },
): Promise<Change[][]> {
  const changes: Change[][] = [];
  for (const { task, args } of tasks) {
    const prepared = registry.get(task)?.prepare({ ...args, state: options.state }, "apic1", options.check);
    if (!prepared?.ok || prepared.value.form !== "declared") throw new Error(`${task}: bad arguments`);
    const planned = await prepared.value.plan(connections);
    if (!planned.ok) throw new Error(`${task}: ${planned.failure.doing}: ${planned.failure.message}`);
    changes.push([...planned.value.changes]);
    if (planned.value.changes.length === 0) continue;
    if (options.check) {
      planned.value.project();
      continue;
    }
    const applied = await planned.value.apply(quiet);
    if (!applied.ok) throw new Error(`${task}: ${applied.failure.doing}: ${applied.failure.message}`);
  }
  return changes;
}
