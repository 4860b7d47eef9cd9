import { Type } from "#typebox";

/** Whether the objects should exist. */
export const State = Type.Union([Type.Literal("present"), Type.Literal("absent")], {
  default: "present",
  description: "`absent` deletes what this task would make",
});
