import type { TaskType } from "../task-type.ts";

/** Where a task type's tasks run, and on which hosts a play must be. */
export const places: Readonly<Record<TaskType["on"], string>> = {
  apic: "the controller cluster (hosts: apics)",
  leaf: "each leaf, through the controllers (hosts: leaves)",
  node: "each Kubernetes node, over SSH (hosts: nodes)",
  localhost: "the cluster, with kubectl and helm (hosts: localhost)",
  any: "any host, without a connection",
};

/** What a task of each form does to the world. */
export const forms: Readonly<Record<TaskType["form"], string>> = {
  declared: "says what should exist; only differences are written",
  action: "looks what there is to do, then does it",
  probe: "only looks, and waits when it has an argument timeout",
  local: "touches nothing outside the run",
};

/** `8, 9 of the white paper (tags step-8, step-9)`; undefined when the paper has no such step. */
export function stepText({ steps }: Pick<TaskType, "steps">): string | undefined {
  if (steps.length === 0) return undefined;
  return `${steps.join(", ")} of the white paper (tags ${steps.map((step) => `step-${step}`).join(", ")})`;
}
