import type { Environment } from "minijinja-js";
import { isObject } from "../json.ts";
import { extract, filters } from "./filters.ts";
import { type Filter, Refusal } from "./refusal.ts";
import { regexTests } from "./regex.ts";
import { resultTests } from "./result-tests.ts";
import { scalarAt } from "./scalar-path.ts";
import type { Plain } from "./tokens.ts";

/** Instructions one evaluation may take: far more than any real template, far less than a minute. */
const FUEL = 1_000_000;

/** Stands for the whole of `hostvars` in `map('extract', hostvars)`; as long as that word, so that positions stay right. */
const EXTRACT_SOURCE = "_hostvar";

/** What the engine did not like; line and column count from 1 within the text that was evaluated. Never holds a value. */
export interface EngineProblem {
  readonly rule:
    | "undefined-variable"
    | "expression-syntax"
    | "unknown-filter"
    | "unknown-function"
    | "expression-endless"
    | "expression";
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export type EngineOutcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: EngineProblem };

/** minijinja with the project's filters, strict undefined and a fuel limit. Nothing in here knows of secrets or files. */
export interface Engine {
  /** The value of one expression. */
  evaluate(expression: string, context: Readonly<Record<string, Plain>>): EngineOutcome<Plain>;
  /** The text of a whole template. */
  text(template: string, context: Readonly<Record<string, Plain>>): EngineOutcome<string>;
  /** What is wrong with a template's syntax, without evaluating it. */
  syntax(template: string): EngineProblem | undefined;
  setGlobal(name: string, value: Plain): void;
  /** Hosts' variables for `map('extract', hostvars)`, looked up one host at a time: the engine copies every argument of a filter. */
  setHosts(hosts: { readonly [host: string]: Plain }): void;
  /** A function for expressions, `env('X')`. */
  addFunction(name: string, call: (argument: Plain) => Plain | Refusal): void;
  readonly filterNames: ReadonlySet<string>;
  readonly testNames: ReadonlySet<string>;
}

/** Loads the library (30 ms that `--help` does not pay) and gives the way to make engines. */
export async function loadEngine(): Promise<() => Engine> {
  const { Environment } = await import("minijinja-js");
  return () => createEngine(() => new Environment());
}

function createEngine(newEnvironment: () => Environment): Engine {
  const globals = new Map<string, unknown>([[EXTRACT_SOURCE, EXTRACT_SOURCE]]);
  let refusal: string | undefined;
  let hosts: { readonly [host: string]: Plain } = {};
  const answer = (result: Plain | Refusal): Plain | undefined => {
    if (!(result instanceof Refusal)) return result;
    refusal ??= result.message;
    return undefined;
  };
  const extractFilter: Filter = (key, [container, ...more]) =>
    extract(key, container === EXTRACT_SOURCE ? hosts : (container ?? null), more);
  const addFilter = (environment: Environment, name: string, filter: Filter): void => {
    environment.addFilter(name, (input: unknown, ...rest: unknown[]) => {
      const last = rest.at(-1);
      const options = last instanceof Map && hasOptions(name, last) ? fromEngine(last) : {};
      const positional = last instanceof Map && hasOptions(name, last) ? rest.slice(0, -1) : rest;
      const named = isPlainMap(options) ? options : {};
      return answer(filter(fromEngine(input), positional.map(fromEngine), named));
    });
  };
  const build = (): Environment => {
    const made = newEnvironment();
    made.undefinedBehavior = "strict";
    made.debug = true;
    made.fuel = FUEL;
    made.enablePyCompat();
    for (const [name, filter] of Object.entries({ ...filters, extract: extractFilter })) addFilter(made, name, filter);
    for (const [name, holds] of Object.entries({ ...resultTests, ...regexTests })) {
      made.addTest(name, (input: unknown, ...rest: unknown[]) => answer(holds(fromEngine(input), rest.map(fromEngine), {})));
    }
    for (const [name, value] of globals) made.addGlobal(name, value);
    return made;
  };
  let environment = build();

  const attempt = <T>(length: number, run: () => T): EngineOutcome<T> => {
    refusal = undefined;
    try {
      const value = run();
      return refusal === undefined ? { ok: true, value } : { ok: false, problem: { ...whole("expression", refusal), length } };
    } catch (error) {
      if (error instanceof Error && error.name === "RuntimeError") {
        // The library broke down (a bug of its own) and is of no use any more.
        environment = build();
        return { ok: false, problem: { ...whole("expression", "the template engine cannot evaluate this"), length } };
      }
      const problem = problemOf(error);
      return { ok: false, problem: refusal === undefined ? problem : { ...problem, rule: "expression", message: refusal } };
    }
  };
  const checked = new Map<string, EngineProblem | undefined>();
  const known = namesOf(environment);

  return {
    filterNames: known.filters,
    testNames: known.tests,
    evaluate(expression, context) {
      const scalar = scalarAt(expression, context);
      if (scalar !== undefined) return { ok: true, value: scalar };
      const text = shortcut(expression);
      const outcome = attempt<unknown>(text.trim().length, () => environment.evalExpr(text, context));
      if (!outcome.ok) return outcome;
      if (!hasHole(outcome.value)) return { ok: true, value: fromEngine(outcome.value) };
      // None and undefined both come back as undefined: only the engine's own print tells them apart.
      const shown = attempt(text.trim().length, () => environment.renderStr(`{{ [(${text})] }}`, context));
      if (!shown.ok) return shown;
      if (!/\bundefined\b/.test(shown.value.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, ""))) {
        return { ok: true, value: fromEngine(outcome.value) };
      }
      return { ok: false, problem: { ...whole("undefined-variable", "undefined value"), length: expression.trim().length } };
    },
    text(template, context) {
      return attempt(template.length, () => environment.renderStr(shortcut(template), context));
    },
    syntax(template) {
      if (!checked.has(template)) {
        const outcome = attempt(template.length, () => environment.addTemplate("template", template));
        checked.set(template, outcome.ok ? undefined : outcome.problem);
      }
      return checked.get(template);
    },
    setGlobal(name, value) {
      globals.set(name, value);
      environment.addGlobal(name, value);
    },
    setHosts: (all) => {
      hosts = all;
    },
    addFunction(name, call) {
      const called = (argument: unknown): Plain | undefined => answer(call(fromEngine(argument)));
      globals.set(name, called);
      environment.addGlobal(name, called);
    },
  };
}

/** Keyword arguments arrive as a last map. `combine` takes maps as arguments too: there only its two options count. */
function hasOptions(filter: string, last: ReadonlyMap<unknown, unknown>): boolean {
  return filter !== "combine" || [...last.keys()].every((key) => key === "recursive" || key === "list_merge");
}

/** What the engine says in other words, at the same length so that positions stay right. */
function shortcut(text: string): string {
  return text
    .replace(/((?:['"]extract['"]\s*,|\bextract\s*\()\s*)hostvars\b/g, `$1${EXTRACT_SOURCE}`)
    .replace(
      /(\|\s*(?:default|d)\s*\([^()]*,\s*)(boolean\s*=)/g,
      (_all, before: string, name: string) => before + " ".repeat(name.length),
    );
}

function isPlainMap(value: Plain): value is { [key: string]: Plain } {
  return isObject(value);
}

/** Values as the engine gives them: maps are `Map`, none is undefined. */
function fromEngine(value: unknown): Plain {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(fromEngine);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), fromEngine(item)]));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromEngine(item)]));
  return null;
}

function hasHole(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.some(hasHole);
  return value instanceof Map && [...value.values()].some(hasHole);
}

function whole(rule: EngineProblem["rule"], message: string): EngineProblem {
  return { rule, message, line: 1, column: 1, length: 1 };
}

const RULES: readonly (readonly [string, EngineProblem["rule"]])[] = [
  ["undefined value", "undefined-variable"],
  ["unknown filter", "unknown-filter"],
  ["unknown test", "unknown-filter"],
  ["unknown function", "unknown-function"],
  ["syntax error", "expression-syntax"],
  ["engine ran out of fuel", "expression-endless"],
];

/**
 * Takes kind and place out of a debug error. The rest of it, which prints every referenced variable, is dropped; of an error's own
 * text only the first line is kept.
 */
function problemOf(error: unknown): EngineProblem {
  const lines = (error instanceof Error ? error.message : String(error)).split("\n");
  const first = (lines[0] ?? "").replace(/ \(in [^)]*\)$/, "");
  const rule = RULES.find(([start]) => first.startsWith(start))?.[1] ?? "expression";
  const index = lines.findIndex((line) => /^ *\d+ > /.test(line));
  const marked = lines[index]?.match(/^( *(\d+) > )/);
  const carets = lines[index + 1]?.match(/^( *i )( *)(\^+)/);
  if (!marked || !carets) return { ...whole(rule, first) };
  return {
    rule,
    message: first,
    line: Number(marked[2]),
    column: (carets[2]?.length ?? 0) + 1,
    length: carets[3]?.length ?? 1,
  };
}

/** The filters and tests that the engine knows, from its own description of itself. */
function namesOf(environment: Environment): { readonly filters: ReadonlySet<string>; readonly tests: ReadonlySet<string> } {
  const state = environment.renderStr("{{ debug() }}", {});
  const section = (name: string): ReadonlySet<string> => {
    const body = state.match(new RegExp(`${name}: \\[([^\\]]*)\\]`))?.[1] ?? "";
    return new Set([...body.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ""));
  };
  return { filters: section("filters"), tests: section("tests") };
}
