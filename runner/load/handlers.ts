import { errorAt } from "../diagnostic.ts";
import { hintFor } from "../nearest.ts";
import { handlersFor } from "../notices.ts";
import { isNull, keyAt, kindName, textOf } from "../value.ts";
import { type EntryContext, type Inherited, readImported, readTask } from "./entries.ts";
import { readNotices } from "./entry-fields.ts";
import { HANDLER_KEYWORDS } from "./keywords.ts";
import type { Entry, Handler, Notice, Value } from "./model.ts";
import type { Problems } from "./problems.ts";

/** Reads `handlers:` of a play: tasks and imports of them, each with a name of its own. */
export function readHandlers(context: EntryContext, list: Value, inherited: Inherited): Handler[] {
  const found = readList(context, list, inherited, "handlers");
  const first = new Map<string, Handler>();
  for (const handler of found) {
    const known = first.get(handler.name);
    if (known === undefined) first.set(handler.name, handler);
    else {
      const problem = errorAt(
        handler.task.at,
        "duplicate-handler",
        `two handlers of this play have the name ${handler.name}`,
        "rename one; with listen one text notifies both",
      );
      context.intake.problems.report({ ...problem, related: [{ message: "the first one", at: known.task.at }] });
    }
  }
  return [...first.values()];
}

function readList(context: EntryContext, list: Value, inherited: Inherited, what: string): Handler[] {
  const { problems } = context.intake;
  if (isNull(list)) return [];
  if (list.kind !== "list") {
    problems.report(errorAt(list.at, "wrong-type", `${what} is a list of tasks, not ${kindName(list)}`));
    return [];
  }
  return list.items.flatMap((item) => {
    if (item.kind !== "map") {
      problems.report(errorAt(item.at, "wrong-type", `a handler is a task, not ${kindName(item)}`));
      return [];
    }
    if (item.entries.has("import_tasks")) {
      const imported = readImported(context, item, inherited);
      return imported === undefined ? [] : readList(context, imported.list, imported.inherited, imported.name);
    }
    for (const key of ["block", "meta"]) {
      if (!item.entries.has(key)) continue;
      const hint = "write one handler for each task, with the same listen";
      problems.report(errorAt(keyAt(item, key), "misplaced-keyword", `a handler is a single task, not a ${key}`, hint));
      return [];
    }
    return readHandler(context, item, inherited);
  });
}

function readHandler(context: EntryContext, map: Extract<Value, { kind: "map" }>, inherited: Inherited): Handler[] {
  const listen = readNotices(context.intake, map, "listen").map(({ text }) => text);
  const [task] = readTask(context, map, inherited, HANDLER_KEYWORDS);
  const name = textOf(map.entries.get("name"));
  if (name === undefined || name === "") {
    const at = map.entries.get("name")?.at ?? map.at;
    const message = "a handler needs a name, written out: notify finds it by that";
    context.intake.problems.report(errorAt(at, "missing-key", message, "example: - name: Restart the pods"));
    return [];
  }
  return task === undefined ? [] : [{ name, listen, task }];
}

/** Reports what is notified and no handler, and handlers that notify each other in a circle: they would never end. */
export function checkNotices(problems: Problems, entries: readonly Entry[], handlers: readonly Handler[]): void {
  const known = handlers.flatMap(({ name, listen }) => [name, ...listen]);
  for (const { text, at } of [...noticesOf(entries), ...noticesOf(handlers.map(({ task }) => task))]) {
    if (known.includes(text)) continue;
    const hint = known.length === 0 ? "the play has no handlers: write them below handlers:" : hintFor(text, new Set(known));
    problems.report(errorAt(at, "unknown-handler", `no handler of this play is named ${text} or listens to it`, hint));
  }
  const done = new Set<Handler>();
  for (const handler of handlers) reportCircle(problems, handlers, handler, [], done);
}

function noticesOf(entries: readonly Entry[]): readonly Notice[] {
  return entries.flatMap((entry) => {
    if (entry.kind === "flush") return [];
    return entry.kind === "task"
      ? entry.notify
      : [...entry.notify, ...noticesOf([...entry.block, ...entry.rescue, ...entry.always])];
  });
}

/** Follows the notices of a handler; `done` are handlers that were followed already. */
function reportCircle(
  problems: Problems,
  handlers: readonly Handler[],
  handler: Handler,
  chain: readonly Handler[],
  done: Set<Handler>,
): void {
  if (done.has(handler)) return;
  for (const notice of handler.task.notify) {
    for (const next of handlersFor(notice.text, handlers)) {
      const path = [...chain, handler];
      if (!path.includes(next)) reportCircle(problems, handlers, next, path, done);
      else {
        const circle = [...path.slice(path.indexOf(next)), next].map(({ name }) => name).join(" → ");
        problems.report(errorAt(notice.at, "cyclic-notify", `handlers notify each other without end: ${circle}`));
      }
    }
  }
  done.add(handler);
}
