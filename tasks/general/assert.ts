import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { localTask } from "../../runner/task-type.ts";

/** Stops a host when something that the rest of the playbook builds on does not hold. */
export const assertThat = localTask({
  name: "assert",
  summary: "Fail unless all conditions hold",
  steps: [],
  args: Type.Object(
    {
      that: Type.Union([Type.Boolean(), Type.Array(Type.Boolean(), { minItems: 1 })], {
        description: "A condition or a list of them, each an expression in {{ }}",
      }),
      fail_msg: Type.Optional(Type.String({ description: "What to say instead of which condition does not hold" })),
      success_msg: Type.Optional(Type.String({ description: "What to say when all hold" })),
    },
    { additionalProperties: false },
  ),
  notes: [
    'Unlike in Ansible a condition stands in braces, as every computed argument does: `"{{ groups.leaves | length >= 2 }}"`.',
    "In check mode a condition that hangs on a change not made yet is unknown.",
  ],
  example: `
- name: Two leaves in every rack
  assert:
    that:
      - "{{ groups.leaves | length >= 2 }}"
      - "{{ cluster.asn != fabric.asn }}"
    fail_msg: The design needs two leaves and an AS of its own for the cluster`.trim(),
  observe: async ({ args }) => {
    const that = Array.isArray(args.that) ? args.that : [args.that];
    const broken = that.flatMap((holds, index) => (holds ? [] : [index + 1]));
    if (broken.length === 0) {
      return ok({ unmet: [], ...(args.success_msg === undefined ? {} : { message: args.success_msg }) });
    }
    const conditions = broken.map((number) => `condition ${number} of ${that.length} does not hold`);
    return ok({ unmet: args.fail_msg === undefined ? conditions : [args.fail_msg] });
  },
});
