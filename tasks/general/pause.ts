import { setTimeout as sleep } from "node:timers/promises";
import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { localTask } from "../../runner/task-type.ts";

/** Waits, for what cannot be observed. Where it can be, a `verify` task that waits for it is better. */
export const pause = localTask({
  name: "pause",
  summary: "Wait for a number of seconds",
  steps: [],
  args: Type.Object(
    { seconds: Type.Number({ minimum: 0, maximum: 86400, description: "How long to wait, in seconds" }) },
    { additionalProperties: false },
  ),
  notes: ["Does not ask anything, unlike Ansible's.", "Check mode does not wait."],
  example: `
- name: Let the sessions settle
  pause: { seconds: 10 }
  run_once: true`.trim(),
  observe: async ({ args, check }) => {
    if (!check) await sleep(args.seconds * 1000);
    return ok({ unmet: [] });
  },
});
