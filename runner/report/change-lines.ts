import { structuredPatch } from "diff";
import type { Change, ChangeAction } from "../change.ts";
import type { Json } from "../json.ts";
import { oneLine, printable } from "./printable.ts";

/** What a line of a shown change is, for colouring. */
export interface ChangeLine {
  readonly kind: ChangeAction | "removed" | "added" | "context";
  readonly text: string;
  /** A line of a text of several lines, or its name: its indentation means something. */
  readonly inText?: true;
}

/** What stands before an action. */
export const marks: Readonly<Record<ChangeAction, string>> = { create: "+", modify: "~", delete: "-", run: "!" };

/** One line: mark, action and target. */
export function changeTitle(change: Pick<Change, "action" | "target">): ChangeLine {
  return { kind: change.action, text: `${marks[change.action]} ${change.action} ${oneLine(change.target)}` };
}

/**
 * Before and after of a change: a line `name: before → after` for each small value that differs, a unified diff for text of
 * several lines (files, manifests).
 */
export function changeDetails({ before, after }: Pick<Change, "before" | "after">): readonly ChangeLine[] {
  const pairs = leaves("", before, after);
  return pairs.flatMap(({ path, was, is }) => {
    const name = path === "" ? "" : `${oneLine(path)}: `;
    if (isLong(was) || isLong(is)) return [...(path === "" ? [] : [inText("context", oneLine(path))]), ...textDiff(was, is)];
    if (was === undefined) return [line("added", `${name}${value(is)}`)];
    if (is === undefined) return [line("removed", `${name}${value(was)}`)];
    return [line("modify", `${name}${value(was)} → ${value(is)}`)];
  });
}

/** A change on one line, for logs: `maxEcmp: 16 → 64, …`. */
export function changeSummary(change: Pick<Change, "before" | "after">): string {
  return leaves("", change.before, change.after)
    .map(({ path, was, is }) => {
      const name = path === "" ? "" : `${oneLine(path)}: `;
      if (isLong(was) || isLong(is)) return `${name}${linesChanged(was, is)}`;
      if (was === undefined) return `${name}${value(is)}`;
      return is === undefined ? `${name}${value(was)} → nothing` : `${name}${value(was)} → ${value(is)}`;
    })
    .join(", ");
}

interface Leaf {
  readonly path: string;
  /** Undefined: there was none. */
  readonly was: Json | undefined;
  readonly is: Json | undefined;
}

/** What differs, value by value. `null` for the whole stands for nothing there. */
function leaves(path: string, before: Json | undefined, after: Json | undefined): readonly Leaf[] {
  const was = path === "" && before === null ? undefined : before;
  const is = path === "" && after === null ? undefined : after;
  if (was === undefined && is === undefined) return [];
  const left = isMap(was) ? was : undefined;
  const right = isMap(is) ? is : undefined;
  const open =
    (left ?? right) !== undefined && (left !== undefined || was === undefined) && (right !== undefined || is === undefined);
  if (!open) return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ path, was, is }];
  const keys = new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})]);
  return [...keys].flatMap((key) => leaves(path === "" ? key : `${path}.${key}`, left?.[key], right?.[key]));
}

function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLong(value: Json | undefined): value is string {
  return typeof value === "string" && value.includes("\n");
}

function textDiff(was: Json | undefined, is: Json | undefined): readonly ChangeLine[] {
  const patch = structuredPatch("", "", text(was), text(is), "", "", { context: 2 });
  return patch.hunks.flatMap((hunk, index) => [
    ...(index === 0 ? [] : [inText("context", "  ⋮")]),
    ...hunk.lines
      .filter((content) => !content.startsWith("\\"))
      .map((content) =>
        inText(content.startsWith("+") ? "added" : content.startsWith("-") ? "removed" : "context", printable(content)),
      ),
  ]);
}

/** `+2 -1 lines`: a text of several lines in a log of one line each. */
function linesChanged(was: Json | undefined, is: Json | undefined): string {
  const lines = textDiff(was, is);
  const count = (kind: ChangeLine["kind"]) => lines.filter((each) => each.kind === kind).length;
  return `+${count("added")} -${count("removed")} lines`;
}

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function value(of: Json | undefined): string {
  if (of === undefined) return "nothing";
  return typeof of === "string" && of !== "" ? oneLine(of) : JSON.stringify(of);
}

function line(kind: ChangeLine["kind"], content: string): ChangeLine {
  return { kind, text: content };
}

function inText(kind: ChangeLine["kind"], content: string): ChangeLine {
  return { kind, text: content, inText: true };
}
