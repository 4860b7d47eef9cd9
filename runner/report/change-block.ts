import type { Change } from "../change.ts";
import { type ChangeLine, changeDetails, marks } from "./change-lines.ts";
import { hostsText, onHosts } from "./failure-lines.ts";
import type { Paint } from "./paint.ts";
import { oneLine } from "./printable.ts";
import { wrap } from "./wrap.ts";

/** A planned or made change and its host. */
export interface HostChange {
  readonly host: string;
  readonly change: Pick<Change, "target" | "action" | "before" | "after">;
}

/** How wide, for how many hosts, in which colours. */
export interface BlockStyle {
  readonly columns: number;
  /** Of the task: a change on all of them says so in few words. */
  readonly hosts: number;
  readonly paint: Paint;
}

/** A line of details that hosts have in common, or one host's own. */
interface SharedLine extends ChangeLine {
  /** Empty: all hosts of the change. */
  readonly hosts: readonly string[];
}

/** Where the first line starts; what belongs to a change stands further in. */
const INDENT = 4;
/** Values of one line that differ from host to host, before the others are only counted. */
const VARIANTS = 8;

/**
 * The changes of a task. The same object on several hosts is one entry, in which only the lines that differ name their host; an object below
 * another of the same list is written below it, with the end of its name; the values of a new object share a line.
 */
export function changeBlock(changes: readonly HostChange[], style: BlockStyle): readonly string[] {
  const lines: string[] = [];
  let above: readonly string[] = [];
  for (const entry of entriesOf(changes)) {
    const { target } = entry.change;
    above = above.slice(0, above.findLastIndex((name) => target.startsWith(`${name}/`)) + 1);
    const parent = above.at(-1);
    const name = parent === undefined ? target : `…${target.slice(parent.length)}`;
    lines.push(...entryLines(entry, oneLine(name), INDENT + 2 * above.length, style));
    above = [...above, target];
  }
  return lines;
}

interface Entry {
  readonly change: HostChange["change"];
  readonly hosts: readonly string[];
  readonly details: readonly SharedLine[];
}

/** Changes with the same action, target and form of details, whatever their values. */
function entriesOf(changes: readonly HostChange[]): readonly Entry[] {
  const groups = new Map<
    string,
    { readonly host: string; readonly change: HostChange["change"]; readonly details: readonly ChangeLine[] }[]
  >();
  for (const { host, change } of changes) {
    const details = changeDetails(change);
    const key = JSON.stringify([change.action, change.target, details.map(({ kind, inText }) => [kind, inText])]);
    groups.set(key, [...(groups.get(key) ?? []), { host, change, details }]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const hosts = group.map(({ host }) => host);
    const details = first.details.flatMap((line, index) =>
      variantsOf(
        line,
        group.map(({ host, details: own }) => ({ host, text: own[index]?.text ?? "" })),
      ),
    );
    return [{ change: first.change, hosts, details }];
  });
}

function variantsOf(line: ChangeLine, own: readonly { readonly host: string; readonly text: string }[]): readonly SharedLine[] {
  const texts = [...new Set(own.map(({ text }) => text))];
  if (texts.length === 1) return [{ ...line, hosts: [] }];
  const shown = texts.length > VARIANTS ? texts.slice(0, VARIANTS - 1) : texts;
  const lines = shown.map((text) => ({ ...line, text, hosts: own.filter((each) => each.text === text).map(({ host }) => host) }));
  const more = `… and ${texts.length - shown.length} more values on other hosts`;
  return shown.length === texts.length ? lines : [...lines, { kind: "context", text: more, inText: true, hosts: [] }];
}

function entryLines({ change, hosts, details }: Entry, name: string, indent: number, style: BlockStyle): readonly string[] {
  const { columns, paint } = style;
  const on = onHosts(hosts, style.hosts);
  const { action: kind } = change;
  const title = { kind, text: `${marks[kind]} ${kind} ${name}` };
  const rest = joined(details);
  const [only] = rest;
  const beside =
    rest.length === 1 && only !== undefined && only.hosts.length === 0 && only.inText !== true ? `  ${only.text}` : undefined;
  const pad = " ".repeat(indent);
  if (beside !== undefined && only !== undefined && indent + title.text.length + beside.length + on.length <= columns) {
    return [`${pad}${paint.change(title)}${paint.change({ ...only, text: beside })}${paint.dim(on)}`];
  }
  const fits = indent + title.text.length + on.length <= columns;
  return [
    `${pad}${paint.change(title)}${fits ? paint.dim(on) : ""}`,
    ...(fits || on === "" ? [] : [`${pad}  ${paint.dim(on)}`]),
    ...rest.flatMap((line) => detailLines(line, indent + 4, style)),
  ];
}

/** Text is cut at the width, since its indentation means something; values are wrapped. */
function detailLines(line: SharedLine, indent: number, { columns, paint }: BlockStyle): readonly string[] {
  const pad = " ".repeat(indent);
  const on = line.hosts.length === 0 ? "" : `  on ${hostsText(line.hosts)}`;
  const room = Math.max(20, columns - indent - on.length);
  if (line.inText === true) {
    const text = line.text.length <= room ? line.text : `${line.text.slice(0, room - 1)}…`;
    return [`${pad}${paint.change({ ...line, text })}${paint.dim(on)}`];
  }
  const [head = "", ...more] = wrap(line.text, room, 2);
  return [
    `${pad}${paint.change({ ...line, text: head })}${paint.dim(on)}`,
    ...more.map((text) => `${pad}${paint.change({ ...line, text })}`),
  ];
}

/** Neighbouring values that were only added, or only removed, on one line. */
function joined(lines: readonly SharedLine[]): readonly SharedLine[] {
  const all: SharedLine[] = [];
  for (const line of lines) {
    const last = all.at(-1);
    if (last !== undefined && last.kind === line.kind && joins(last) && joins(line)) {
      all[all.length - 1] = { ...last, text: `${last.text}, ${line.text}` };
    } else all.push(line);
  }
  return all;
}

function joins({ kind, inText, hosts }: SharedLine): boolean {
  return (kind === "added" || kind === "removed") && inText !== true && hosts.length === 0;
}
