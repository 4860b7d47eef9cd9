import { Type } from "typebox";
import { ok } from "../../runner/result.ts";
import { Secret } from "../../runner/secret.ts";
import { localTask } from "../../runner/task-type.ts";

/** Shows a text or a value while the playbook runs. */
export const debug = localTask({
  name: "debug",
  summary: "Show a text or the value of an expression",
  steps: [],
  args: Type.Object(
    { msg: Type.Unknown({ description: "Text, or any value; anything but text is shown as JSON" }) },
    { additionalProperties: false },
  ),
  notes: ['Ansible\'s `var: name` is `msg: "{{ name }}"` here.', "Secrets are shown as ‹secret›, also inside a longer text."],
  example: `
- name: Which leaves are anchors
  debug:
    msg: "{{ groups.leaves }}"`.trim(),
  observe: async ({ args }) => {
    const { msg } = args;
    return ok({
      unmet: [],
      message: typeof msg === "string" || msg instanceof Secret ? String(msg) : JSON.stringify(msg, undefined, 2),
    });
  },
});
