import type { LabObject } from "../parts.ts";
import { good, type Outcome, refused } from "./answer.ts";
import { abstractClasses, classTable } from "./class-table.ts";

/** A parsed filter: whether an object passes. */
export type Filter = (object: LabObject) => boolean;

type Broken = ReturnType<typeof refused>;
type Argument =
  | { readonly kind: "filter"; readonly test: Filter }
  | { readonly kind: "property"; readonly className: string; readonly property: string }
  | { readonly kind: "value"; readonly value: string };

/**
 * Reads a filter such as `and(eq(bgpPeerEntry.operSt,"established"),wcard(bgpPeerEntry.dn,"dom-T:V/"))` (aci-objects 1.4). A
 * comparison holds for objects of the class it names and for no other.
 */
export function parseFilter(text: string): Outcome<Filter> {
  const reader = new Reader(text);
  const parsed = reader.call();
  if ("error" in parsed) return parsed;
  if (!reader.atEnd()) return malformed(text);
  return good(parsed.test);
}

function malformed(text: string): Broken {
  return refused("301", `Incorrect filter format, '${text}' is not valid`);
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#text.slice(this.#at).trim() === "";
  }

  call(): { readonly test: Filter } | Broken {
    const name = this.#take(/\s*([a-z]+)\s*\(/y);
    if (name === undefined) return malformed(this.#text);
    const args: Argument[] = [];
    if (this.#take(/\s*(\))/y) !== undefined) return operation(name, args, this.#text);
    for (;;) {
      const argument = this.#argument();
      if ("error" in argument) return argument;
      args.push(argument);
      if (this.#take(/\s*(,)/y) !== undefined) continue;
      if (this.#take(/\s*(\))/y) === undefined) return malformed(this.#text);
      return operation(name, args, this.#text);
    }
  }

  #argument(): Argument | Broken {
    const quoted = this.#take(/\s*"((?:[^"\\]|\\.)*)"/y) ?? this.#take(/\s*'([^']*)'/y);
    if (quoted !== undefined) return { kind: "value", value: quoted.replace(/\\"/g, '"') };
    const before = this.#at;
    if (this.#take(/\s*([a-z]+)\s*\(/y) !== undefined) {
      this.#at = before;
      const inner = this.call();
      return "error" in inner ? inner : { kind: "filter", test: inner.test };
    }
    const word = this.#take(/\s*([^,()"\s]+)/y);
    if (word === undefined) return malformed(this.#text);
    const property = /^([a-zA-Z][a-zA-Z0-9]*)\.([a-zA-Z_]\w*)$/.exec(word);
    if (property === null) return { kind: "value", value: word };
    return { kind: "property", className: property[1] ?? "", property: property[2] ?? "" };
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match[1];
  }
}

function operation(name: string, args: readonly Argument[], text: string): { readonly test: Filter } | Broken {
  const tests = args.flatMap((argument) => (argument.kind === "filter" ? [argument.test] : []));
  const onlyTests = tests.length === args.length;
  switch (name) {
    case "true":
    case "false":
      return args.length === 0 ? { test: () => name === "true" } : malformed(text);
    case "and":
      return onlyTests && tests.length > 0 ? { test: (object) => tests.every((test) => test(object)) } : malformed(text);
    case "or":
      return onlyTests && tests.length > 0 ? { test: (object) => tests.some((test) => test(object)) } : malformed(text);
    case "xor":
      return onlyTests && tests.length > 1
        ? { test: (object) => tests.filter((test) => test(object)).length % 2 === 1 }
        : malformed(text);
    case "not": {
      const [test, ...others] = tests;
      return test === undefined || others.length > 0 || !onlyTests ? malformed(text) : { test: (object) => !test(object) };
    }
    default:
      return comparison(name, args, text);
  }
}

type Compare = (found: string, values: readonly string[]) => boolean;

const COMPARISONS: Readonly<Record<string, { readonly values: number; readonly holds: Compare }>> = {
  eq: { values: 1, holds: (found, [value = ""]) => found === value },
  ne: { values: 1, holds: (found, [value = ""]) => found !== value },
  lt: { values: 1, holds: (found, [value = ""]) => compareValues(found, value) < 0 },
  gt: { values: 1, holds: (found, [value = ""]) => compareValues(found, value) > 0 },
  le: { values: 1, holds: (found, [value = ""]) => compareValues(found, value) <= 0 },
  ge: { values: 1, holds: (found, [value = ""]) => compareValues(found, value) >= 0 },
  bw: { values: 2, holds: (found, [low = "", high = ""]) => compareValues(found, low) >= 0 && compareValues(found, high) <= 0 },
  anybit: { values: 1, holds: (found, [value = ""]) => bits(value).some((bit) => bits(found).includes(bit)) },
  allbits: { values: 1, holds: (found, [value = ""]) => bits(value).every((bit) => bits(found).includes(bit)) },
};

function bits(value: string): readonly string[] {
  return value.split(",").filter((bit) => bit !== "");
}

/** Numbers by size, everything else as text. */
export function compareValues(a: string, b: string): number {
  const both = /^-?\d+$/.test(a) && /^-?\d+$/.test(b);
  if (both) return Number(a) - Number(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparison(name: string, args: readonly Argument[], text: string): { readonly test: Filter } | Broken {
  const [left, ...rest] = args;
  if (left?.kind !== "property") return malformed(text);
  const values = rest.flatMap((argument) => (argument.kind === "value" ? [argument.value] : []));
  const { className, property } = left;
  const classes = abstractClasses.get(className) ?? [className];
  for (const one of classes) {
    const model = classTable.get(one);
    if (model === undefined) return refused("122", `class ${className} not found`);
    if (!model.defaults.has(property)) {
      return refused("121", `Prop '${property}' not found in class '${className}' property table`);
    }
  }
  const wrong = values.find((value) => name !== "wcard" && !fits(classes, property, value));
  if (wrong !== undefined) {
    return refused("301", `Incorrect filter format for ${className}.${property}, value '${wrong}' is not valid`);
  }
  let holds: Compare;
  if (name === "wcard" && values.length === 1 && rest.length === 1) {
    const pattern = readPattern(values[0] ?? "");
    if (pattern === undefined) {
      return refused("301", `Incorrect filter format for ${className}.${property}, value '${values[0]}' is not valid`);
    }
    holds = (found) => pattern.test(found);
  } else {
    const known = Object.hasOwn(COMPARISONS, name) ? COMPARISONS[name] : undefined;
    if (known === undefined || known.values !== values.length || values.length !== rest.length) return malformed(text);
    holds = known.holds;
  }
  return { test: (object) => classes.includes(object.className) && holds(object.attributes[property] ?? "", values) };
}

function readPattern(text: string): RegExp | undefined {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}

function fits(classes: readonly string[], property: string, value: string): boolean {
  return classes.some((className) => {
    const rule = classTable.get(className)?.settable.get(property);
    switch (rule?.kind) {
      case "choice":
        return rule.values.includes(value);
      case "yesNo":
        return ["yes", "no", "true", "false"].includes(value);
      case "flags":
        return bits(value).every((bit) => rule.values.includes(bit));
      case "number":
        return /^-?\d+$/.test(value) || Object.hasOwn(rule.names, value);
      default:
        return true;
    }
  });
}
