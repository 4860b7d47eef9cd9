import path from "node:path";
import { errorAt } from "../diagnostic.ts";
import { entriesOf, isNull, keyAt, kindName, textOf } from "../value.ts";
import { type EntryContext, type Inherited, importedFile, readEntries } from "./entries.ts";
import {
  checkKeywords,
  readConditions,
  readFlag,
  readPercentage,
  readTags,
  readText,
  readVars,
  refuseKeyword,
} from "./entry-fields.ts";
import { checkNotices, readHandlers } from "./handlers.ts";
import { IMPORT_PLAYBOOK_KEYWORDS, PLAY_KEYWORDS } from "./keywords.ts";
import type { Inventory, Play, Value } from "./model.ts";
import { selectHosts } from "./pattern.ts";
import { readYaml } from "./read-yaml.ts";

/** What reading plays needs. */
export interface PlayContext extends EntryContext {
  readonly inventory: Inventory;
}

/** Reads a playbook with everything it imports: all plays in order, before `--limit` and tags. */
export function readPlaybook(context: PlayContext, file: string): Play[] {
  const resolved = path.resolve(file);
  const plays = readPlays(context, resolved, undefined, { tags: [], when: [], vars: new Map(), chain: [resolved] });
  return plays.map((play, number) => ({ ...play, number }));
}

function readPlays(context: PlayContext, file: string, from: Value | undefined, inherited: Inherited): Play[] {
  const { problems } = context.intake;
  const root = readYaml(context.intake, file, from === undefined ? "missing-playbook" : "missing-import", from?.at);
  if (root === undefined) return [];
  if (root.kind !== "list") {
    const hint = "start each play with - name:";
    problems.report(errorAt(root.at, "not-a-playbook", `a playbook is a list of plays, not ${kindName(root)}`, hint));
    return [];
  }
  if (root.items.length === 0) problems.report(errorAt(root.at, "not-a-playbook", "this playbook has no plays"));
  return root.items.flatMap((item) => {
    if (item.kind !== "map") {
      problems.report(errorAt(item.at, "wrong-type", `a play is a map, not ${kindName(item)}`));
      return [];
    }
    return item.entries.has("import_playbook") ? readImport(context, item, inherited) : [readPlay(context, item, inherited)];
  });
}

function readImport(context: PlayContext, map: Value, inherited: Inherited): Play[] {
  const { intake } = context;
  checkKeywords(intake, map, IMPORT_PLAYBOOK_KEYWORDS, "import_playbook");
  const target = entriesOf(map).get("import_playbook");
  const file = importedFile(intake, target, map, inherited.chain, "import_playbook");
  if (file === undefined) return [];
  return readPlays(context, file, target, {
    tags: [...inherited.tags, ...readTags(intake, map)],
    when: [...inherited.when, ...readConditions(intake, map, "when")],
    vars: new Map([...inherited.vars, ...readVars(intake, map, "play", `import of ${textOf(target)}`)]),
    chain: [...inherited.chain, file],
  });
}

function readPlay(context: PlayContext, map: Extract<Value, { kind: "map" }>, inherited: Inherited): Play {
  const { intake } = context;
  checkPlayKeywords(context, map);
  const pattern = readPattern(context, map);
  const name = textOf(readText(intake, map, "name")) ?? pattern.text;
  const tasks = map.entries.get("tasks");
  const tags = [...inherited.tags, ...readTags(intake, map)];
  const entries =
    tasks === undefined
      ? []
      : readEntries(context, tasks, { tags, when: inherited.when, vars: new Map(), chain: inherited.chain }, "tasks");
  if (tasks === undefined || isNull(tasks) || (tasks.kind === "list" && tasks.items.length === 0)) {
    const at = tasks === undefined ? map.at : keyAt(map, "tasks");
    intake.problems.report(errorAt(at, "empty-play", `play ${name} has no tasks`));
  }
  const handlerList = map.entries.get("handlers");
  const around = { tags: [], when: inherited.when, vars: new Map(), chain: inherited.chain };
  const handlers = handlerList === undefined ? [] : readHandlers(context, handlerList, around);
  checkNotices(intake.problems, entries, handlers);
  return {
    name,
    number: 0,
    hosts: pattern.hosts,
    pattern: pattern.text,
    vars: new Map([...inherited.vars, ...readVars(intake, map, "play", `play ${name}`)]),
    anyErrorsFatal: readFlag(intake, map, "any_errors_fatal"),
    maxFailPercentage: readPercentage(intake, map, "max_fail_percentage"),
    serial: map.entries.get("serial"),
    batches: [pattern.hosts],
    importedWhen: inherited.when,
    entries,
    handlers,
    at: map.at,
  };
}

function checkPlayKeywords({ intake, registry }: PlayContext, map: Extract<Value, { kind: "map" }>): void {
  for (const key of map.entries.keys()) {
    if (PLAY_KEYWORDS.some((keyword) => keyword === key)) continue;
    if (registry.has(key)) {
      intake.problems.report(
        errorAt(keyAt(map, key), "misplaced-keyword", `task ${key} stands outside of tasks:`, "indent it below tasks:"),
      );
    } else refuseKeyword(intake, map, key, PLAY_KEYWORDS, "a play");
  }
  const facts = map.entries.get("gather_facts");
  if (facts !== undefined && !(facts.kind === "literal" && facts.value === false)) {
    const hint = "remove gather_facts, or say gather_facts: false";
    intake.problems.report(errorAt(keyAt(map, "gather_facts"), "unsupported-keyword", "facts are not gathered", hint));
  }
}

function readPattern(
  { intake, inventory }: PlayContext,
  map: Value,
): { readonly text: string; readonly hosts: readonly string[] } {
  const value = entriesOf(map).get("hosts");
  if (value === undefined) {
    intake.problems.report(errorAt(map.at, "missing-key", "a play needs hosts", "example: hosts: leaves"));
    return { text: "", hosts: [] };
  }
  const texts = value.kind === "list" ? value.items.map(textOf) : [textOf(value)];
  if (texts.length === 0 || texts.some((text) => text === undefined)) {
    const hint = value.kind === "template" ? "hosts are chosen before variables are known: use --limit or a group" : undefined;
    intake.problems.report(
      errorAt(value.at, "wrong-type", `hosts is a pattern of groups and hosts, not ${kindName(value)}`, hint),
    );
    return { text: "", hosts: [] };
  }
  const text = texts.join(",");
  const selected = selectHosts(text, inventory);
  if (selected.ok) return { text, hosts: selected.hosts };
  const index = value.kind === "literal" ? text.indexOf(selected.part) : -1;
  const quoted = intake.sources.get(value.at.file)?.split("\n")[value.at.line - 1]?.[value.at.column - 1];
  const column = value.at.column + Math.max(0, index) + (quoted === '"' || quoted === "'" ? 1 : 0);
  const at = index >= 0 ? { ...value.at, column, length: selected.part.length } : value.at;
  intake.problems.report(errorAt(at, selected.rule, selected.message, selected.hint));
  return { text, hosts: [] };
}
