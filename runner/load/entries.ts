import path from "node:path";
import { errorAt } from "../diagnostic.ts";
import { hintFor } from "../nearest.ts";
import type { TaskRegistry } from "../task-type.ts";
import { entriesOf, isNull, keyAt, kindName, textOf } from "../value.ts";
import {
  badName,
  checkKeywords,
  isVariableName,
  readConditions,
  readCount,
  readFlag,
  readNotices,
  readTags,
  readText,
  readVars,
  refuseKeyword,
} from "./entry-fields.ts";
import { displayName, type Intake } from "./intake.ts";
import {
  BLOCK_KEYWORDS,
  type HANDLER_KEYWORDS,
  IMPORT_TASKS_KEYWORDS,
  META_KEYWORDS,
  REFUSED,
  REFUSED_META,
  TASK_KEYWORDS,
} from "./keywords.ts";
import type { BlockEntry, Entry, EntryBase, Expression, FlushEntry, TaskEntry, Value, Variables } from "./model.ts";
import { readYaml } from "./read-yaml.ts";

/** What the entries of a list get from around them: tags from everything, conditions and variables from imports only. */
export interface Inherited {
  readonly tags: readonly string[];
  readonly when: readonly Expression[];
  readonly vars: Variables;
  /** Files that are being imported, outermost first. */
  readonly chain: readonly string[];
}

/** What reading entries needs. */
export interface EntryContext {
  readonly intake: Intake;
  readonly registry: TaskRegistry;
}

/** Reads a list of tasks, blocks and imports. Imports are put in their place. */
export function readEntries(context: EntryContext, list: Value, inherited: Inherited, what: string): Entry[] {
  if (isNull(list)) return [];
  if (list.kind !== "list") {
    context.intake.problems.report(errorAt(list.at, "wrong-type", `${what} is a list of tasks, not ${kindName(list)}`));
    return [];
  }
  return list.items.flatMap((item) => readEntry(context, item, inherited));
}

function readEntry(context: EntryContext, item: Value, inherited: Inherited): Entry[] {
  if (item.kind !== "map") {
    context.intake.problems.report(errorAt(item.at, "wrong-type", `a task is a map, not ${kindName(item)}`));
    return [];
  }
  if (item.entries.has("import_tasks")) return readImport(context, item, inherited);
  if (item.entries.has("block")) return readBlock(context, item, inherited);
  if (item.entries.has("meta")) return readMeta(context, item, inherited);
  return readTask(context, item, inherited, TASK_KEYWORDS);
}

function readBase(context: EntryContext, map: Value, inherited: Inherited, fallbackName: string): EntryBase {
  const { intake } = context;
  return {
    name: readText(intake, map, "name") ?? { kind: "literal", value: fallbackName, at: map.at },
    when: [...inherited.when, ...readConditions(intake, map, "when")],
    tags: [...new Set([...inherited.tags, ...readTags(intake, map)])],
    vars: new Map([...inherited.vars, ...readVars(intake, map, "task", `task at line ${map.at.line}`)]),
    ignoreErrors: readFlag(intake, map, "ignore_errors"),
    anyErrorsFatal: readFlag(intake, map, "any_errors_fatal"),
    runOnce: readFlag(intake, map, "run_once"),
    delegateTo: readText(intake, map, "delegate_to"),
    notify: readNotices(intake, map, "notify"),
    at: map.at,
  };
}

/** Of Ansible's `meta` only `flush_handlers`. It takes no condition there either. */
function readMeta({ intake }: EntryContext, map: Extract<Value, { kind: "map" }>, inherited: Inherited): FlushEntry[] {
  checkKeywords(intake, map, META_KEYWORDS, "meta");
  readText(intake, map, "name");
  const value = map.entries.get("meta");
  const text = textOf(value);
  if (text === "flush_handlers") {
    return [{ kind: "flush", tags: [...new Set([...inherited.tags, ...readTags(intake, map)])], at: map.at }];
  }
  const at = value?.at ?? map.at;
  const refused = text !== undefined && Object.hasOwn(REFUSED_META, text) ? REFUSED_META[text] : undefined;
  intake.problems.report(
    refused === undefined
      ? errorAt(at, "unknown-meta", `meta has no action ${text ?? "of this kind"}`, "meta: flush_handlers is the only one")
      : errorAt(at, "unsupported-keyword", `meta: ${text} is not supported`, refused),
  );
  return [];
}

function readBlock(context: EntryContext, map: Value, inherited: Inherited): BlockEntry[] {
  checkKeywords(context.intake, map, BLOCK_KEYWORDS, "a block");
  const base = readBase(context, map, inherited, "block");
  // Conditions and variables of a block stand on the block; its entries inherit its tags only.
  const inner: Inherited = { tags: base.tags, when: [], vars: new Map(), chain: inherited.chain };
  const part = (key: "block" | "rescue" | "always"): Entry[] => {
    const list = entriesOf(map).get(key);
    return list === undefined ? [] : readEntries(context, list, inner, key);
  };
  const entry: BlockEntry = { ...base, kind: "block", block: part("block"), rescue: part("rescue"), always: part("always") };
  const list = entriesOf(map).get("block");
  if (list?.kind === "list" ? list.items.length === 0 : isNull(list)) {
    context.intake.problems.report(errorAt(keyAt(map, "block"), "empty-block", "a block needs at least one task"));
  }
  return [entry];
}

function readImport(context: EntryContext, map: Value, inherited: Inherited): Entry[] {
  const imported = readImported(context, map, inherited);
  return imported === undefined ? [] : readEntries(context, imported.list, imported.inherited, imported.name);
}

/** The file that an `import_tasks` names, with what its entries get from around them. */
export function readImported(
  { intake }: EntryContext,
  map: Value,
  inherited: Inherited,
): { readonly list: Value; readonly inherited: Inherited; readonly name: string } | undefined {
  checkKeywords(intake, map, IMPORT_TASKS_KEYWORDS, "import_tasks");
  const target = entriesOf(map).get("import_tasks");
  const file = importedFile(intake, target, map, inherited.chain, "import_tasks");
  if (file === undefined || target === undefined) return undefined;
  const list = readYaml(intake, file, "missing-import", target.at);
  if (list === undefined) return undefined;
  const inner: Inherited = {
    tags: [...new Set([...inherited.tags, ...readTags(intake, map)])],
    when: [...inherited.when, ...readConditions(intake, map, "when")],
    vars: new Map([...inherited.vars, ...readVars(intake, map, "task", `import of ${displayName(file)}`)]),
    chain: [...inherited.chain, path.resolve(file)],
  };
  return { list, inherited: inner, name: displayName(file) };
}

/** The path an import names, relative to the file that holds it. A file that is being read already is a cycle. */
export function importedFile(
  intake: Intake,
  target: Value | undefined,
  map: Value,
  chain: readonly string[],
  keyword: string,
): string | undefined {
  const text = textOf(target);
  if (target === undefined || text === undefined || text === "") {
    const hint = target?.kind === "template" ? "imports are read before variables are known: write the path itself" : undefined;
    intake.problems.report(errorAt(target?.at ?? map.at, "wrong-type", `${keyword} is the path of a file`, hint));
    return undefined;
  }
  const file = path.resolve(path.dirname(target.at.file), text);
  if (!chain.includes(file)) return file;
  const cycle = [...chain.slice(chain.indexOf(file)), file].map(displayName).join(" → ");
  intake.problems.report(errorAt(target.at, "cyclic-import", `${text} imports itself: ${cycle}`));
  return undefined;
}

/** Reads a task; none when it cannot be told what it does. */
export function readTask(
  context: EntryContext,
  map: Extract<Value, { kind: "map" }>,
  inherited: Inherited,
  keywords: typeof TASK_KEYWORDS | typeof HANDLER_KEYWORDS,
): TaskEntry[] {
  const { intake, registry } = context;
  const typeName = taskTypeName(context, map, keywords);
  const type = typeName === undefined ? undefined : registry.get(typeName);
  const base = readBase(context, map, inherited, typeName ?? "task");
  const loopControl = map.entries.get("loop_control");
  if (loopControl !== undefined && loopControl.kind !== "map") {
    intake.problems.report(errorAt(loopControl.at, "wrong-type", `loop_control is a map, not ${kindName(loopControl)}`));
  } else if (loopControl !== undefined) checkKeywords(intake, loopControl, ["label"], "loop_control");
  const until = readConditions(intake, map, "until");
  const fields = {
    loop: readLoop(intake, map),
    loopLabel: loopControl?.kind === "map" ? readText(intake, loopControl, "label") : undefined,
    register: readRegister(intake, map),
    until,
    retries: readCount(intake, map, "retries", until.length > 0 ? 3 : 0),
    delay: readCount(intake, map, "delay", 5),
  };
  if (type === undefined || typeName === undefined) return [];
  // An old loop was reported already; without its item nothing in the task can be checked.
  if ([...map.entries.keys()].some((key) => key.startsWith("with_"))) return [];
  const args = argumentsOf(intake, map, typeName);
  if (args === undefined) return [];
  if (type.setsVariables) {
    for (const name of entriesOf(args).keys()) if (!isVariableName(name)) badName(intake, keyAt(args, name), name);
  }
  const tags = [...new Set([...base.tags, ...type.steps.map((step) => `step-${step}`)])];
  return [{ ...base, ...fields, tags, kind: "task", type, args }];
}

function argumentsOf(intake: Intake, map: Value, typeName: string): Value | undefined {
  const args = entriesOf(map).get(typeName);
  const at = keyAt(map, typeName);
  if (args !== undefined && args.kind !== "map" && !isNull(args)) {
    const hint = `write them below ${typeName}: as key: value`;
    intake.problems.report(errorAt(args.at, "wrong-type", `arguments are a map, not ${kindName(args)}`, hint));
    return undefined;
  }
  return args?.kind === "map" ? { ...args, at } : { kind: "map", entries: new Map(), at };
}

/** Keywords of blocks and of handlers. */
const ELSEWHERE: readonly string[] = ["rescue", "always", "listen"];

/** The one key of a task that names its type; everything else that is not a keyword is reported. */
function taskTypeName(
  { intake, registry }: EntryContext,
  map: Extract<Value, { kind: "map" }>,
  keywords: readonly string[],
): string | undefined {
  const others = [...map.entries.keys()].filter((key) => !keywords.includes(key));
  const types = others.filter((key) => registry.has(key));
  const [first, second] = types;
  if (first !== undefined && second !== undefined) {
    const problem = errorAt(
      keyAt(map, second),
      "two-task-types",
      `a task has one type, this one has ${first} and ${second}`,
      "make it two tasks",
    );
    intake.problems.report({ ...problem, related: [{ message: "the first one", at: keyAt(map, first) }] });
  }
  const known = [...registry.keys()];
  let unknownType = false;
  for (const key of others.filter((other) => !registry.has(other))) {
    const refused = Object.hasOwn(REFUSED, key) || ELSEWHERE.includes(key);
    if (!refused && (key.includes(".") || first === undefined) && hintFor(key, keywords)?.startsWith("did") !== true) {
      unknownType = true;
      intake.problems.report(errorAt(keyAt(map, key), "unknown-task-type", `there is no task type ${key}`, hintFor(key, known)));
    } else refuseKeyword(intake, map, key, [...keywords, ...ELSEWHERE], "a task");
  }
  if (first === undefined && !unknownType && !others.some((key) => Object.hasOwn(REFUSED, key))) {
    intake.problems.report(errorAt(map.at, "no-task-type", "this task has no task type", "see: underlay doc"));
  }
  return first;
}

function readLoop(intake: Intake, map: Value): Value | undefined {
  const value = entriesOf(map).get("loop");
  if (value === undefined || value.kind === "list" || value.kind === "template") return value;
  const hint = textOf(value) === undefined ? undefined : 'write loop: "{{ … }}"';
  intake.problems.report(
    errorAt(value.at, "wrong-type", `loop is a list or a template that gives one, not ${kindName(value)}`, hint),
  );
  return undefined;
}

function readRegister(intake: Intake, map: Value): string | undefined {
  const value = entriesOf(map).get("register");
  if (value === undefined) return undefined;
  const name = textOf(value);
  if (name !== undefined && isVariableName(name)) return name;
  badName(intake, value.at, name ?? "this");
  return undefined;
}

/** Every task of some entries, blocks opened, in order. */
export function tasksOf(entries: readonly Entry[]): TaskEntry[] {
  return entries.flatMap((entry) => {
    if (entry.kind === "task") return [entry];
    return entry.kind === "flush" ? [] : [...tasksOf(entry.block), ...tasksOf(entry.rescue), ...tasksOf(entry.always)];
  });
}
