import type { Play } from "../load/model.ts";

/** The part of a play's hosts that is at work: it goes through the whole play before the next begins (`serial`). */
export interface Batch {
  readonly play: Play;
  /** From 0, among `play.batches`. */
  readonly index: number;
  /** Those that were still in the run when the batch began, in inventory order. */
  readonly hosts: readonly string[];
}
