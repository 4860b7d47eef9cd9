import type { Rendered } from "../expression/evaluator.ts";
import type { Leaving } from "./task-run.ts";

/**
 * What a run writes down as it goes, so that an interrupted one can be resumed (`.underlay/runs/<id>/`). Each call has been kept for good when
 * it returns: the process may be killed right after it.
 */
export interface Journal {
  /** `20261123-081502-3f2a`. */
  readonly id: string;
  /** A host has learned something: a registered result, a set fact. */
  remembered(host: string, name: string, value: Rendered): void;
  /** A changed task has notified these handlers of its play (its number in the playbook, from 0) on a host. */
  notified(play: number, host: string, handlers: readonly string[]): void;
  /** A handler has run on a host without failing. */
  handled(play: number, host: string, handler: string): void;
  /** All tasks of a batch (from 0) of a play have run on its hosts, and `left` are those that dropped out of the run. */
  finished(play: number, batch: number, left: ReadonlyMap<string, Leaving>): void;
}

/** What an earlier run has left behind, for the one that goes on with it. */
export interface Resumed {
  /** Batches that need not be run again, as `play` and `batch` numbers. */
  readonly finished: readonly { readonly play: number; readonly batch: number }[];
  /** Registered results and set facts, in the order in which they were learned. */
  readonly remembered: readonly { readonly host: string; readonly name: string; readonly value: Rendered }[];
  /** Handlers that were notified and have not run. */
  readonly notified: readonly { readonly play: number; readonly host: string; readonly handler: string }[];
}
