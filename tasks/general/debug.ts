import { Type } from "#typebox";
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
  observe: async ({ args }) => ok({ unmet: [], message: textOf(args.msg) }),
});

/** Longer values than this are shown over several lines. */
const ONE_LINE = 100;

function textOf(value: unknown): string {
  if (typeof value === "string" || value instanceof Secret) return String(value);
  const short = JSON.stringify(value);
  return short.length <= ONE_LINE ? short : JSON.stringify(value, undefined, 2);
}
