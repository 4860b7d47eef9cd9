import type { EntryBase, Expression, Play, Value, Variables } from "../load/model.ts";

/** What a task gets from its play and the blocks around it, and adds its own to. */
export interface Inherited {
  readonly when: readonly Expression[];
  /** Variables, outermost first. */
  readonly layers: readonly Variables[];
  readonly ignoreErrors: boolean;
  readonly anyErrorsFatal: boolean;
  readonly runOnce: boolean;
  readonly delegateTo: Value | undefined;
  /** What is notified of a change. */
  readonly notify: readonly string[];
  /** A `rescue` stands ready for what fails here. */
  readonly guarded: boolean;
}

/** What the entries of a play start with. */
export function inheritedFrom(play: Play): Inherited {
  return {
    when: [],
    layers: [],
    ignoreErrors: false,
    anyErrorsFatal: play.anyErrorsFatal,
    runOnce: false,
    delegateTo: undefined,
    notify: [],
    guarded: false,
  };
}

/** With what a block or a task adds: conditions are joined by `and`, variables laid on top, the nearest `delegate_to` wins. */
export function within(inherited: Inherited, entry: EntryBase): Inherited {
  return {
    when: [...inherited.when, ...entry.when],
    layers: [...inherited.layers, entry.vars],
    ignoreErrors: inherited.ignoreErrors || entry.ignoreErrors,
    anyErrorsFatal: inherited.anyErrorsFatal || entry.anyErrorsFatal,
    runOnce: inherited.runOnce || entry.runOnce,
    delegateTo: entry.delegateTo ?? inherited.delegateTo,
    notify: [...inherited.notify, ...entry.notify.map(({ text }) => text)],
    guarded: inherited.guarded,
  };
}
