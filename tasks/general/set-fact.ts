import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { localTask } from "../../runner/task-type.ts";

/** Gives names to values that later tasks of the host use. */
export const setFact = localTask({
  name: "set_fact",
  summary: "Set variables of the host for the rest of the run",
  steps: [],
  setsVariables: true,
  args: Type.Object({}, { additionalProperties: true, minProperties: 1 }),
  notes: [
    "Takes any names; they win over all variables but those given with -e.",
    "With run_once they are set on all hosts of the play.",
  ],
  example: `
- name: Peers of this rack
  set_fact:
    rack_peers: "{{ groups.nodes | map('extract', hostvars) | selectattr('rack_id', 'eq', rack_id) | list }}"`.trim(),
  observe: async () => ok({ unmet: [] }),
});
