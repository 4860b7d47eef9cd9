import type { TaskEntry } from "../load/model.ts";
import type { Inherited } from "./inherited.ts";
import type { Surroundings } from "./run-state.ts";

/** A task that has been started, the same for all its hosts. */
export interface StartedTask extends Surroundings {
  readonly entry: TaskEntry;
  /** With the task's own conditions and variables. */
  readonly inherited: Inherited;
  readonly id: number;
  /** The name as shown. */
  readonly name: string;
}
