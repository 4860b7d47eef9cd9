import type { Diagnostic } from "../diagnostic.ts";
import type { Evaluator, Scope } from "../expression/evaluator.ts";
import type { Expression } from "../load/model.ts";

/** What a list of conditions comes to. */
export type Verdict =
  | { readonly kind: "holds" }
  | { readonly kind: "fails"; readonly expression: Expression }
  | { readonly kind: "unknown"; readonly reason: string }
  | { readonly kind: "error"; readonly diagnostic: Diagnostic };

/**
 * Whether all conditions hold, taken in order as `and` does. One that is known not to hold decides, even after one that check mode
 * cannot know; an error after an unknown does not, because the unknown one may guard it.
 */
export function verdictOf(evaluator: Evaluator, conditions: readonly Expression[], scope: Scope): Verdict {
  let reason: string | undefined;
  for (const expression of conditions) {
    const tested = evaluator.test(expression, scope);
    if (tested.kind === "value" && !tested.value) return { kind: "fails", expression };
    if (tested.kind === "unknown") reason ??= tested.reason;
    if (tested.kind === "error" && reason === undefined) return tested;
  }
  return reason === undefined ? { kind: "holds" } : { kind: "unknown", reason };
}
