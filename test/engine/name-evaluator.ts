import type { Evaluated, Evaluator, Rendered, Scope } from "../../runner/expression/evaluator.ts";
import type { Value } from "../../runner/load/model.ts";
import { at } from "./entries.ts";

/**
 * Knows names, `not name` and dotted paths, looks them up in facts and layers as the real one does, and nothing else: expressions have tests
 * of their own.
 */
export function nameEvaluator(): Evaluator {
  const lookUp = (text: string, scope: Scope): Evaluated<Rendered> => {
    const [name = "", ...path] = text.trim().split(".");
    const fact = scope.facts[name];
    const reason = scope.unknown[name];
    if (fact === undefined && reason !== undefined) return { kind: "unknown", reason };
    const layer = [...scope.layers].reverse().find((each) => each.has(name));
    const found = fact ?? (layer === undefined ? undefined : plain(layer.get(name)?.value));
    const inner = path.reduce<unknown>(
      (of, key) => (typeof of === "object" && of !== null ? Reflect.get(of, key) : undefined),
      found,
    );
    return isRendered(inner) ? { kind: "value", value: inner } : undefinedName(text);
  };
  const render = (of: Value, scope: Scope): Evaluated<Rendered> => {
    if (of.kind === "template") {
      const whole = /^\{\{([^{}]*)\}\}$/.exec(of.text)?.[1];
      if (whole !== undefined) return lookUp(whole, scope);
      return {
        kind: "value",
        value: of.text.replace(/\{\{([^{}]*)\}\}/g, (_, name: string) => String(settled(lookUp(name, scope)))),
      };
    }
    if (of.kind === "list")
      return together(
        of.items.map((item, index) => [String(index), render(item, scope)] as const),
        true,
      );
    if (of.kind === "map")
      return together(
        [...of.entries].map(([key, inner]) => [key, render(inner, scope)] as const),
        false,
      );
    return { kind: "value", value: plain(of) };
  };
  const evaluator: Evaluator = {
    render,
    variable: lookUp,
    test: ({ text }, scope) => {
      const negated = text.startsWith("not ");
      const found = lookUp(negated ? text.slice(4) : text, scope);
      return found.kind === "value" ? { kind: "value", value: Boolean(found.value) !== negated } : found;
    },
    learn: () => {},
    learnUnknown: () => {},
    over: () => evaluator,
  };
  return evaluator;
}

function together(parts: readonly (readonly [string, Evaluated<Rendered>])[], list: boolean): Evaluated<Rendered> {
  const bad = parts.find(([, part]) => part.kind !== "value");
  if (bad !== undefined) return bad[1];
  const entries = parts.map(([key, part]) => [key, settled(part)] as const);
  return { kind: "value", value: list ? entries.map(([, inner]) => inner) : Object.fromEntries(entries) };
}

function settled(of: Evaluated<Rendered>): Rendered {
  return of.kind === "value" ? of.value : null;
}

function plain(of: Value | undefined): Rendered {
  if (of === undefined) return null;
  if (of.kind === "literal") return of.value;
  if (of.kind === "secret") return of.secret;
  if (of.kind === "list") return of.items.map(plain);
  if (of.kind === "map") return Object.fromEntries([...of.entries].map(([key, inner]) => [key, plain(inner)]));
  return of.text;
}

function isRendered(of: unknown): of is Rendered {
  return of !== undefined;
}

function undefinedName(name: string): Evaluated<never> {
  const diagnostic = { severity: "error", rule: "undefined", message: `${name} is undefined`, hint: "define it", at } as const;
  return { kind: "error", diagnostic };
}
