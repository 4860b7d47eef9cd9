import type { Diagnostic } from "../diagnostic.ts";
import type { Expression, Inventory, Value, Variables } from "../load/model.ts";
import type { Secret } from "../secret.ts";

/** A rendered value: plain data in which secrets are `Secret`. */
export type Rendered = null | boolean | number | string | Secret | readonly Rendered[] | { readonly [key: string]: Rendered };

/** What names mean for one evaluation: variables of one host, in precedence order, with what was registered so far. */
export interface Scope {
  readonly host: string;
  /** Layers, lowest precedence first: inventory vars, play, block and task vars, registered and set facts, extra vars. */
  readonly layers: readonly Variables[];
  /** Plain values, higher than every layer but `extra`: registered results, set facts, the loop's `item`. */
  readonly facts: Readonly<Record<string, Rendered>>;
  /** Names that check mode cannot know, with the reason; using one makes the outcome unknown. */
  readonly unknown: Readonly<Record<string, string>>;
}

/** The outcome of an evaluation. `unknown` is only for check mode: something used hangs on a change that was not made. */
export type Evaluated<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "unknown"; readonly reason: string }
  | { readonly kind: "error"; readonly diagnostic: Diagnostic };

/**
 * Evaluates Jinja2 in a sandbox with a fuel limit (design section 9). Undefined names are errors. Variables are templates
 * themselves and are resolved on use; a cycle is an error that prints the chain. A value that is one expression keeps its type. A Secret
 * never enters the engine.
 */
export interface Evaluator {
  /** Renders a whole value tree. */
  render(value: Value, scope: Scope): Evaluated<Rendered>;
  /** Whether a condition holds (Jinja2 truth). */
  test(expression: Expression, scope: Scope): Evaluated<boolean>;
  /** One variable by name, resolved; an error when it is not defined. */
  variable(name: string, scope: Scope): Evaluated<Rendered>;
  /** Tells the evaluator what `hostvars[host]` gained (registered results, set facts). */
  learn(host: string, name: string, value: Rendered): void;
  /** Check mode: tells that `hostvars[host][name]` hangs on a change that was not made; using it gives `unknown`. */
  learnUnknown(host: string, name: string, reason: string): void;
  /** An evaluator over other variables (computed ones, the lab's laid over). What this one has learned is not taken along. */
  over(inventory: Inventory, extraVars: Variables, underlay: Underlay): Evaluator;
}

/** The variable `underlay`: the address plan as plain data, or why there is none. */
export type Underlay =
  | { readonly kind: "value"; readonly value: Rendered }
  | { readonly kind: "unknown"; readonly reason: string }
  | { readonly kind: "absent"; readonly reason: string };
