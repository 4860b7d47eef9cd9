import { tasksOf } from "./entries.ts";
import type { Playbook } from "./model.ts";

/** Whether nothing in a playbook could change anything: probes and what needs no connection (playbooks/day2/verify.yaml). */
export function onlyLooks({ plays }: Playbook): boolean {
  return plays.every(({ entries, handlers }) =>
    [...tasksOf(entries), ...handlers.map(({ task }) => task)].every(
      ({ type }) => type.form === "probe" || type.form === "local",
    ),
  );
}
