import { assertThat } from "./general/assert.ts";
import { debug } from "./general/debug.ts";
import { pause } from "./general/pause.ts";
import { setFact } from "./general/set-fact.ts";
import type { TaskRegistry, TaskType } from "../runner/task-type.ts";

/** Every task type there is. Adding one: its file, a line here, its fixtures (CONTRIBUTING.md). */
const taskTypes: readonly TaskType[] = [
  assertThat,
  debug,
  pause,
  setFact,
];

/** The registry handed to the loader and the engine. */
export const registry: TaskRegistry = new Map(taskTypes.map((type) => [type.name, type]));
