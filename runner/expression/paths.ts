import { isObject } from "../json.ts";
import type { Word } from "./scan.ts";

/** One step of a path. `text` is the attribute's name or what stands between the brackets; `end` is where the step ends in the expression. */
export interface Step {
  readonly kind: "attribute" | "index";
  readonly text: string;
  readonly end: number;
}

/** A variable and the way down from it, as written: `hostvars[item].address`. */
export interface Path {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly steps: readonly Step[];
}

/** Finds every path of an expression (or of a template, with words that have their offset in it). Calls end a path: `a.b.items()` is `a.b`. */
export function pathsOf(text: string, words: readonly Word[]): Path[] {
  return words.flatMap((word) => {
    const first = word.start + word.text.length;
    if (word.kind !== "name" || text[first] === "(") return [];
    const steps: Step[] = [];
    let end = first;
    for (let step = stepAt(text, end); step !== undefined; step = stepAt(text, end)) {
      steps.push(step);
      end = step.end;
    }
    return [{ name: word.text, start: word.start, end, steps }];
  });
}

function stepAt(text: string, at: number): Step | undefined {
  const attribute = /^\.([\p{L}_][\p{L}\p{N}_]*)(?!\s*\()/u.exec(text.slice(at));
  const [all = "", name = ""] = attribute ?? [];
  // A call's name must not be taken in part: `.items(` is no `.item`.
  if (attribute !== null)
    return /^[\p{L}\p{N}_]/u.test(text.slice(at + all.length))
      ? undefined
      : { kind: "attribute", text: name, end: at + all.length };
  if (text[at] !== "[") return undefined;
  let depth = 0;
  for (const match of text.slice(at).matchAll(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[[\]:]/gs)) {
    if (match[0] === ":" && depth === 1) return undefined;
    if (match[0] === "[") depth += 1;
    if (match[0] !== "]") continue;
    depth -= 1;
    if (depth === 0) return { kind: "index", text: text.slice(at + 1, at + match.index).trim(), end: at + match.index + 1 };
  }
  return undefined;
}

/** Where a path leads. `missing` is the first step that is not there: -1 the variable itself, undefined when all are. */
export interface Destination {
  readonly value: unknown;
  readonly missing: number | undefined;
}

/**
 * Follows a path through values.
 *
 * @param index the value of what stands between brackets; undefined when it has none: then the path counts as leading somewhere
 */
export function follow(path: Path, start: unknown, index: (text: string) => unknown): Destination {
  if (start === undefined) return { value: undefined, missing: -1 };
  let value = start;
  for (const [position, step] of path.steps.entries()) {
    const key = step.kind === "attribute" ? step.text : keyOf(step.text, index);
    if (key === undefined) return { value: undefined, missing: undefined };
    const next: unknown = Array.isArray(value)
      ? value.at(Number(key))
      : isObject(value) && Object.hasOwn(value, String(key))
        ? value[String(key)]
        : undefined;
    if (next === undefined) return { value: undefined, missing: position };
    value = next;
  }
  return { value, missing: undefined };
}

function keyOf(text: string, index: (text: string) => unknown): string | number | undefined {
  const quoted = /^(['"])([^'"\\]*)\1$/.exec(text);
  if (quoted !== null) return quoted[2];
  const key = /^-?\d+$/.test(text) ? Number(text) : index(text);
  return typeof key === "string" || typeof key === "number" ? key : undefined;
}
