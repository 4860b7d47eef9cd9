import type { Diagnostic } from "../diagnostic.ts";
import type { Evaluator, Rendered, Scope } from "../expression/evaluator.ts";
import { Secret } from "../secret.ts";
import type { Value } from "./model.ts";

/** Data that may still be changed: the schema check fills in defaults. */
export type Data = null | boolean | number | string | Secret | Hole | Data[] | { [key: string]: Data };

/** Stands where a value cannot be known before the run. */
export class Hole {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A rendered tree: what could not be known is a hole, what is wrong is a hole and an error. */
export interface RenderedTree {
  readonly data: Data;
  readonly errors: readonly Diagnostic[];
  /** Whether a place, or something above it, is a hole. */
  readonly isHole: (path: readonly string[]) => boolean;
  readonly complete: boolean;
}

/** Renders each template of a value on its own, so that all mistakes are found and not only the first. */
export function renderTree(value: Value, evaluate: (template: Value) => ReturnType<Evaluator["render"]>): RenderedTree {
  const errors: Diagnostic[] = [];
  const holes = new Set<string>();
  const walk = (item: Value, path: readonly string[]): Data => {
    switch (item.kind) {
      case "literal":
        return item.value;
      case "secret":
        return item.secret;
      case "list":
        return item.items.map((inner, index) => walk(inner, [...path, String(index)]));
      case "map":
        return Object.fromEntries([...item.entries].map(([key, inner]) => [key, walk(inner, [...path, key])]));
      case "template": {
        const outcome = evaluate(item);
        if (outcome.kind === "value") return copy(outcome.value);
        if (outcome.kind === "error") errors.push(outcome.diagnostic);
        holes.add(path.join("/"));
        return new Hole(outcome.kind === "unknown" ? outcome.reason : "wrong");
      }
      default:
        return item satisfies never;
    }
  };
  const data = walk(value, []);
  const isHole = (path: readonly string[]): boolean =>
    path.some((_, index) => holes.has(path.slice(0, index + 1).join("/"))) || holes.has("");
  return { data, errors, isHole, complete: holes.size === 0 };
}

/** A tree in which no template is rendered. */
export function unrenderedTree(value: Value): RenderedTree {
  return renderTree(value, () => ({ kind: "unknown", reason: "not rendered" }));
}

/** A tree for one scope. */
export function renderedFor(value: Value, evaluator: Evaluator, scope: Scope): RenderedTree {
  return renderTree(value, (template) => evaluator.render(template, scope));
}

/** A copy that may be changed; secrets stay the same objects. */
export function copy(value: Rendered): Data {
  if (isList(value)) return value.map(copy);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}

function isList(value: Rendered): value is readonly Rendered[] {
  return Array.isArray(value);
}

function isMap(value: Rendered): value is { readonly [key: string]: Rendered } {
  return typeof value === "object" && value !== null && !(value instanceof Secret);
}
