import { type Static, Type } from "#typebox";
import { Check } from "#typebox/value";
import type { RunEvent } from "../event.ts";
import { isObject, type Json } from "../json.ts";

/** How a run ended; one that was killed could not say so. */
export const EndState = Type.Enum(["done", "failed", "interrupted"]);
export type EndState = Static<typeof EndState>;

const Batch = Type.Object({ play: Type.Integer(), batch: Type.Integer() });
/** Whatever `JSON.parse` gave. */
const AnyJson = Type.Unsafe<Json>(Type.Unknown());
const Remembered = Type.Object({ host: Type.String(), name: Type.String(), value: AnyJson });
const Handler = Type.Object({ play: Type.Integer(), host: Type.String(), handler: Type.String() });

/** What stands in `journal.jsonl` beside the events. Numbers of plays and batches count from 0, as in `runner/engine/journal.ts`. */
export const Note = Type.Union([
  /** First line of a run that goes on with an earlier one: what it got from there. */
  Type.Object({
    line: Type.Literal("carried"),
    finished: Type.Array(Batch),
    remembered: Type.Array(Remembered),
    notified: Type.Array(Handler),
  }),
  Type.Object({ line: Type.Literal("remembered"), host: Type.String(), name: Type.String(), value: AnyJson }),
  /** Something was learned that holds a secret, and was not kept. */
  Type.Object({ line: Type.Literal("not kept"), host: Type.String(), name: Type.String() }),
  Type.Object({ line: Type.Literal("notified"), play: Type.Integer(), host: Type.String(), handlers: Type.Array(Type.String()) }),
  Type.Object({ line: Type.Literal("handled"), play: Type.Integer(), host: Type.String(), handler: Type.String() }),
  Type.Object({
    line: Type.Literal("finished"),
    play: Type.Integer(),
    batch: Type.Integer(),
    left: Type.Record(Type.String(), Type.String()),
  }),
  Type.Object({ line: Type.Literal("ended"), state: EndState, at: Type.String() }),
  /** A later run has taken over: there is nothing left to go on with here. */
  Type.Object({ line: Type.Literal("settled"), by: Type.String() }),
]);
export type Note = Static<typeof Note>;

/** One line of a journal. */
export type JournalLine = Note | RunEvent;

/** The lines of a journal. What cannot be read is left out: the last one of a run that ran out of disk, a line of a later version. */
export function parseLines(text: string): readonly JournalLine[] {
  return text.split("\n").flatMap((line) => {
    const parsed = parse(line);
    return Check(Note, parsed) || isRunEvent(parsed) ? [parsed] : [];
  });
}

/** Whether a line is an event; they are written as they are, so what was ours is trusted to have its fields. */
function isRunEvent(value: unknown): value is RunEvent {
  return isObject(value) && typeof value.event === "string";
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
