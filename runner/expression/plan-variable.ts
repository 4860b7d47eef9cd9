import type { Underlay } from "./evaluator.ts";
import type { Code, Explainer } from "./explain.ts";
import type { Missing, Plain, Tokens } from "./tokens.ts";

/** The variable `underlay`. */
export interface PlanVariable {
  /** Undefined when there is no plan. */
  readonly value: Plain | undefined;
  /** What using it comes to where there is no plan; undefined when there is one, and while plans are not made yet. `code`: where it is used. */
  missing(code?: Code, start?: number): Missing | undefined;
}

/** @param problem says that a part of some code is wrong */
export function createPlanVariable(underlay: Underlay | undefined, tokens: Tokens, problem: Explainer["problem"]): PlanVariable {
  return {
    value: underlay?.kind === "value" ? tokens.conceal(underlay.value) : undefined,
    missing(code, start = 0) {
      if (underlay === undefined || underlay.kind === "value") return undefined;
      if (underlay.kind === "unknown") return underlay;
      const rule = "no-address-plan";
      const message = `there is no address plan: ${underlay.reason}`;
      if (code !== undefined) return problem(code, start, "underlay".length, rule, message);
      return { kind: "error", diagnostic: { severity: "error", rule, message } };
    },
  };
}
