import { createHash } from "node:crypto";
import { type Static, Type } from "#typebox";
import type { Entry, EntryBase, Play, Playbook, Value } from "../load/model.ts";

/** A play as a journal's numbers mean it. */
export const KeptPlay = Type.Object({
  /** Its place among all plays of the playbook, from 0. */
  number: Type.Integer(),
  name: Type.String(),
  /** Its hosts, in the batches that go through it one after the other. */
  batches: Type.Array(Type.Array(Type.String())),
  /** Names of its tasks as written, those of blocks included. */
  tasks: Type.Array(Type.String()),
  /** Of everything that decides which tasks run in which order; not of their arguments, which may be put right. */
  fingerprint: Type.String(),
});
export type KeptPlay = Static<typeof KeptPlay>;

/**
 * The plays of a playbook that have something to do, in order, with what tells whether they are still the same later. The `index` of events counts
 * them, `number` counts all plays.
 */
export function keptPlays(playbook: Playbook): readonly KeptPlay[] {
  const plays = playbook.plays.filter((play) => play.entries.length > 0 && play.hosts.length > 0);
  return plays.map((play) => ({
    number: play.number,
    name: play.name,
    batches: play.batches.map((hosts) => [...hosts]),
    tasks: play.entries.flatMap(taskNames),
    fingerprint: fingerprintOf(play),
  }));
}

/**
 * Why the numbers of an earlier run do not fit a playbook as it is now, such as `play 2 "Nodes" has other hosts now`; undefined when they do.
 * Only the plays that the earlier run says something about (`numbers`) have to be the same.
 */
export function whatChanged(
  before: readonly KeptPlay[],
  now: readonly KeptPlay[],
  numbers: Iterable<number>,
): string | undefined {
  const was = new Map(before.map((play) => [play.number, play]));
  const is = new Map(now.map((play) => [play.number, play]));
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const old = was.get(number);
    const same = is.get(number);
    const which = `play ${number + 1} "${old?.name ?? ""}"`;
    if (old === undefined || same === undefined) return `${which} is gone`;
    if (old.name !== same.name) return `${which} is "${same.name}" now`;
    if (JSON.stringify(old.batches) !== JSON.stringify(same.batches)) return `${which} has other hosts or batches now`;
    if (old.fingerprint !== same.fingerprint) return `${which} has other tasks or handlers now`;
  }
  return undefined;
}

function fingerprintOf(play: Play): string {
  const handlers = play.handlers.map(({ name, listen, task }) => ({ name, listen, type: task.type.name }));
  const structure = { pattern: play.pattern, entries: play.entries.map(shapeOf), handlers };
  return createHash("sha256").update(JSON.stringify(structure)).digest("hex").slice(0, 16);
}

/** What an entry does to order and names; blocks with all their parts. */
function shapeOf(entry: Entry): unknown {
  switch (entry.kind) {
    case "flush":
      return "flush";
    case "task":
      return { name: written(entry.name), type: entry.type.name, register: entry.register, notify: noticesOf(entry) };
    case "block": {
      const { block, rescue, always } = entry;
      return { notify: noticesOf(entry), block: block.map(shapeOf), rescue: rescue.map(shapeOf), always: always.map(shapeOf) };
    }
    default:
      return entry satisfies never;
  }
}

function noticesOf({ notify }: EntryBase): readonly string[] {
  return notify.map(({ text }) => text);
}

function taskNames(entry: Entry): string[] {
  if (entry.kind === "flush") return [];
  return entry.kind === "task" ? [written(entry.name)] : [...entry.block, ...entry.rescue, ...entry.always].flatMap(taskNames);
}

/** A name as it stands in the file. */
function written(name: Value): string {
  if (name.kind === "template") return name.text;
  return name.kind === "literal" ? String(name.value) : "";
}
