import type { Diagnostic, SourceRange } from "../diagnostic.ts";
import { hintFor } from "../nearest.ts";
import type { Engine, EngineProblem } from "./engine.ts";
import type { Scope } from "./evaluator.ts";
import { positionWithin } from "./position.ts";
import { segments, type Word } from "./scan.ts";
import type { Missing } from "./tokens.ts";
import { undefinedPaths } from "./undefined-path.ts";

/** Something to evaluate: a whole template, or a bare expression (`when`). */
export interface Code {
  readonly text: string;
  readonly at: SourceRange;
  readonly bare: boolean;
}

/** Puts what is wrong with code into the user's words and places. */
export interface Explainer {
  /** Where a part of some code is written. */
  place(code: Code, start: number, length: number): SourceRange;
  /** An error about a part of some code. */
  problem(code: Code, start: number, length: number, rule: string, message: string, hint?: string): Missing;
  /** Mistakes that can be seen without any value: syntax, unknown filters and tests. */
  misspelt(code: Code, used: readonly Word[]): Missing | undefined;
  /**
   * Turns the engine's words into the user's: which name is undefined, and what was probably meant.
   *
   * @param part what of the code was evaluated
   * @param value the value of a top-level name
   */
  explain(
    code: Code,
    used: readonly Word[],
    wrong: EngineProblem,
    part: { readonly text: string; readonly start: number },
    scope: Scope,
    value: (name: string) => unknown,
  ): Missing;
}

/** @param sources text of every file that was read, by its name in diagnostics */
export function createExplainer(engine: Engine, sources: ReadonlyMap<string, string>): Explainer {
  function place(code: Code, start: number, length: number): SourceRange {
    return positionWithin(sources.get(code.at.file), code.at, code.text, start, length);
  }

  function problem(code: Code, start: number, length: number, rule: string, message: string, hint?: string): Missing {
    const diagnostic: Diagnostic = { severity: "error", rule, message, at: place(code, start, length) };
    return { kind: "error", diagnostic: hint === undefined ? diagnostic : { ...diagnostic, hint } };
  }

  function misspelt(code: Code, used: readonly Word[]): Missing | undefined {
    if (code.bare && segments(`{{ ${code.text}\n}}`)[0]?.text.length !== code.text.length + 2) {
      // The engine's parser breaks down on this.
      return problem(code, 0, code.text.length, "expression-syntax", "a condition has no braces }} or %}");
    }
    const prefix = code.bare ? "{{ " : "";
    const syntax = engine.syntax(code.bare ? `{{ ${code.text}\n}}` : code.text);
    if (syntax !== undefined) {
      const start = Math.min(offsetIn(code.text, syntax, prefix.length), Math.max(0, code.text.length - 1));
      return problem(code, start, syntax.length, "expression-syntax", syntax.message);
    }
    for (const word of used) {
      const known = word.kind === "filter" ? engine.filterNames : word.kind === "test" ? engine.testNames : undefined;
      if (known === undefined || known.has(word.text)) continue;
      const message = `there is no ${word.kind} named ${word.text}`;
      return problem(code, word.start, word.text.length, `unknown-${word.kind}`, message, hintFor(word.text, known));
    }
    return undefined;
  }

  function explain(
    code: Code,
    used: readonly Word[],
    wrong: EngineProblem,
    part: { readonly text: string; readonly start: number },
    scope: Scope,
    value: (name: string) => unknown,
  ): Missing {
    const start = part.start + offsetIn(part.text, wrong, 0);
    const clean = wrong.message.replace(/[\uE000-\uE00B]+/g, "‹secret›");
    if (wrong.rule === "unknown-function") {
      const message = `there is no function named ${/: (\S+) is unknown/.exec(clean)?.[1] ?? "this"}`;
      return problem(code, start, wrong.length, wrong.rule, message, "functions: env('NAME'), file('path'), range(n), dict(…)");
    }
    const names = [
      "groups",
      "hostvars",
      "inventory_hostname",
      "inventory_hostname_short",
      "group_names",
      ...Object.keys(scope.facts),
    ];
    for (const layer of scope.layers) names.push(...layer.keys());
    const undefinedOnes = undefinedPaths(code.text, used, names, value);
    const end = start + wrong.length;
    const culprit = undefinedOnes.find((path) => path.start < end && start < path.start + path.length) ?? undefinedOnes[0];
    const aboutNames = wrong.rule === "undefined-variable" || /undefined|nothing|not set$/.test(clean);
    if (culprit === undefined || !aboutNames) {
      const message = wrong.rule === "undefined-variable" ? "a part of this expression is not defined" : clean;
      return problem(code, start, wrong.length, wrong.rule, message);
    }
    const message = `${culprit.path} is not defined`;
    return problem(code, culprit.start, culprit.length, "undefined-variable", message, hintFor(culprit.last, culprit.known));
  }

  return { place, problem, misspelt, explain };
}

function offsetIn(text: string, problem: EngineProblem, prefix: number): number {
  const lines = text.split("\n");
  let offset = problem.column - 1 - (problem.line === 1 ? prefix : 0);
  for (const line of lines.slice(0, problem.line - 1)) offset += line.length + 1;
  return Math.max(0, offset);
}
