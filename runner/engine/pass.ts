import type { Scope } from "../expression/evaluator.ts";
import type { Play, TaskEntry } from "../load/model.ts";

/** One task on one host, for one item of its loop if it has one. */
export interface Pass {
  readonly entry: TaskEntry;
  readonly id: number;
  /** The task's name as shown. */
  readonly task: string;
  /** The host that results count for. */
  readonly host: string;
  /** The host that is spoken to: another one with `delegate_to`. */
  readonly target: string;
  readonly play: Play;
  /** What is notified of a change, also by the blocks around. */
  readonly notify: readonly string[];
  readonly scope: Scope;
}
