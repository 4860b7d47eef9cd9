import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { SecretText } from "../../runner/schema.ts";
import { declareTask, localTask, type TaskRegistry, type TaskType } from "../../runner/task-type.ts";

/** A few task types of each shape, so that the loader's tests do not hang on the real ones. */
const words = { summary: "For tests", notes: [], example: "" };

const types: readonly TaskType[] = [
  declareTask({
    ...words,
    name: "test.vlan",
    steps: [4],
    on: "apic",
    args: Type.Object(
      {
        tenant: Type.String({ minLength: 1, description: "Name of the tenant" }),
        vlan: Type.Integer({ minimum: 1, maximum: 4094 }),
        address: Type.Optional(Type.String({ format: "interface-address" })),
        subnet: Type.Optional(Type.String({ format: "network" })),
        leaves: Type.Optional(
          Type.Array(
            Type.Object({ node_id: Type.Integer(), router_id: Type.String({ format: "ip" }) }, { additionalProperties: false }),
          ),
        ),
        password: Type.Optional(SecretText({ description: "BGP password" })),
        state: Type.Union([Type.Literal("present"), Type.Literal("absent")], { default: "present" }),
      },
      { additionalProperties: false },
    ),
    refuse: ({ leaves = [] }) =>
      leaves.flatMap(({ node_id: id }, index) =>
        id > 100
          ? []
          : [{ argument: ["leaves", String(index), "node_id"], message: "is a controller's", hint: "leaves start at 101" }],
      ),
    desired: () => [],
  }),
  declareTask({
    ...words,
    name: "test.link",
    steps: [],
    on: "node",
    args: Type.Object({ mtu: Type.Integer({ minimum: 576, maximum: 9216 }) }, { additionalProperties: false }),
    desired: () => [],
  }),
  localTask({
    ...words,
    name: "test.note",
    steps: [],
    args: Type.Object({ text: Type.String() }, { additionalProperties: false }),
    observe: async () => ok({ unmet: [] }),
  }),
  localTask({
    ...words,
    name: "test.set",
    steps: [],
    setsVariables: true,
    args: Type.Object({}, { additionalProperties: true }),
    observe: async () => ok({ unmet: [] }),
  }),
];

export const testRegistry: TaskRegistry = new Map(types.map((type) => [type.name, type]));
