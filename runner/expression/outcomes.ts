import type { Evaluated, Rendered } from "./evaluator.ts";
import type { Missing } from "./tokens.ts";

/** An error weighs more than something unknown. */
export function firstBad(outcomes: readonly Evaluated<Rendered>[]): Missing | undefined {
  const error = outcomes.find((outcome) => outcome.kind === "error");
  if (error?.kind === "error") return error;
  const unknown = outcomes.find((outcome) => outcome.kind === "unknown");
  return unknown?.kind === "unknown" ? unknown : undefined;
}

/** Truth as in Jinja2: empty texts, lists and maps, zero and none are false. */
export function isTrue(value: Rendered): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.keys(value).length > 0;
  return Boolean(value);
}
