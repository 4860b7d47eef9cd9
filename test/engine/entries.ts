import type { SourceRange } from "../../runner/diagnostic.ts";
import type {
  BlockEntry,
  Entry,
  Expression,
  Handler,
  Notice,
  Play,
  TaskEntry,
  Value,
  Variable,
} from "../../runner/load/model.ts";
import { Secret } from "../../runner/secret.ts";
import type { TaskType } from "../../runner/task-type.ts";

/** Where everything in these tests is written. */
export const at: SourceRange = { file: "site.yaml", line: 7, column: 5, length: 4 };

/** A literal, a list or a map as YAML would give it; text with braces is a template, and a Secret a secret. */
export function value(of: unknown): Value {
  if (of instanceof Secret) return { kind: "secret", secret: of, at };
  if (typeof of === "string" && of.includes("{{")) return { kind: "template", text: of, at };
  if (Array.isArray(of)) return { kind: "list", items: of.map(value), at };
  if (typeof of === "object" && of !== null) {
    return { kind: "map", entries: new Map(Object.entries(of).map(([key, inner]) => [key, value(inner)])), at };
  }
  if (of === null || typeof of === "boolean" || typeof of === "number" || typeof of === "string")
    return { kind: "literal", value: of, at };
  throw new TypeError("not a YAML value");
}

export const expression = (text: string): Expression => ({ text, at });

export const variables = (of: Readonly<Record<string, unknown>>): ReadonlyMap<string, Variable> =>
  new Map(Object.entries(of).map(([name, inner]) => [name, { value: value(inner), origin: "task", source: "test" }]));

const base = {
  when: [],
  tags: [],
  vars: new Map(),
  ignoreErrors: false,
  anyErrorsFatal: false,
  runOnce: false,
  delegateTo: undefined,
  notify: [],
  at,
} as const;

/** A task with the defaults of the loader. */
export function task(name: string, type: TaskType, more: Partial<Omit<TaskEntry, "kind" | "type" | "name">> = {}): TaskEntry {
  const own = { args: value({}), loop: undefined, loopLabel: undefined, register: undefined, until: [], retries: 3, delay: 5 };
  return { ...base, ...own, kind: "task", name: value(name), type, ...more };
}

/** A block. */
export function block(parts: Partial<Omit<BlockEntry, "kind">>): BlockEntry {
  return { ...base, kind: "block", name: value(""), block: [], rescue: [], always: [], ...parts };
}

/** A play on hosts. */
export function play(hosts: readonly string[], entries: readonly Entry[], more: Partial<Play> = {}): Play {
  return {
    name: "play",
    number: 0,
    hosts,
    pattern: "all",
    vars: new Map(),
    anyErrorsFatal: false,
    maxFailPercentage: undefined,
    serial: undefined,
    batches: [hosts],
    importedWhen: [],
    entries,
    handlers: [],
    at,
    ...more,
  };
}

/** A handler. */
export function handler(task: TaskEntry, name: string, listen: readonly string[] = []): Handler {
  return { name, listen, task };
}

/** What a task notifies. */
export const notify = (...texts: readonly string[]): readonly Notice[] => texts.map((text) => ({ text, at }));
