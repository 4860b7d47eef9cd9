import type { Change } from "../change.ts";
import type { SourceRange } from "../diagnostic.ts";
import type { TaskStatus } from "../event.ts";
import type { Rendered } from "../expression/evaluator.ts";
import type { Json } from "../json.ts";
import type { Failure } from "../result.ts";

/** What came of a task on a host, or of one pass of its loop. */
export interface Outcome {
  readonly status: TaskStatus;
  /** Changes carried out; in check mode those planned. A change whose writing failed is not among them. */
  readonly changes: readonly Change[];
  /** What the task type found, for `register`. */
  readonly facts: Readonly<Record<string, Json>>;
  /** What becomes a variable of the host. */
  readonly hostFacts: Readonly<Record<string, Rendered>>;
  readonly message: string | undefined;
  /** Why it was skipped, or why it cannot be known. */
  readonly reason: string | undefined;
  readonly failure: Failure | undefined;
  /** Where in the playbook, when it is more exact than the task's own place. */
  readonly at: SourceRange | undefined;
}

const nothing: Outcome = {
  status: "ok",
  changes: [],
  facts: {},
  hostFacts: {},
  message: undefined,
  reason: undefined,
  failure: undefined,
  at: undefined,
};

/** Done, with or without changes. */
export function done(details: Partial<Omit<Outcome, "status">> = {}): Outcome {
  const changed = (details.changes ?? []).length > 0;
  return { ...nothing, ...details, status: changed ? "changed" : "ok" };
}

/** A condition did not hold. */
export function skipped(reason: string): Outcome {
  return { ...nothing, status: "skipped", reason };
}

/** Check mode cannot say. */
export function unknown(reason: string, details: Partial<Omit<Outcome, "status" | "reason">> = {}): Outcome {
  return { ...nothing, ...details, status: "unknown", reason };
}

/** Not done. */
export function failing(failure: Failure, details: Partial<Omit<Outcome, "status" | "failure">> = {}): Outcome {
  return { ...nothing, ...details, status: failure.kind, failure };
}

/** Whether the host has to leave the play for it, unless errors are ignored. */
export function isBad(outcome: Pick<Outcome, "status">): boolean {
  return outcome.status === "failed" || outcome.status === "unreachable";
}

/**
 * What `register` stores: `status`, `changed`, `failed`, `skipped`, `changes`, `facts`, `message`, and for a loop `results`, one of the
 * same for each item, with `item`.
 */
export function registered(outcome: Outcome, results?: readonly Rendered[]): { readonly [key: string]: Rendered } {
  return {
    status: outcome.status,
    changed: outcome.changes.length > 0,
    failed: isBad(outcome),
    skipped: outcome.status === "skipped",
    changes: outcome.changes.map(({ target, action, before, after }) => ({ target, action, before, after })),
    facts: outcome.facts,
    message: outcome.failure?.message ?? outcome.message ?? outcome.reason ?? "",
    ...(results === undefined ? {} : { results }),
  };
}
