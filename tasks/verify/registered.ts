import { type Static, Type } from "#typebox";
import { isObject } from "../../runner/json.ts";
import { check } from "../../runner/schema.ts";

const outcome = {
  failed: Type.Boolean(),
  skipped: Type.Boolean(),
  message: Type.String(),
  facts: Type.Record(Type.String(), Type.Unknown()),
};

/** What `register` keeps of a probe, as far as a report needs it. Of a loop, `results` has the same for each item. */
export const Registered = Type.Object({ ...outcome, results: Type.Optional(Type.Array(Type.Object(outcome))) });

type Registered = Static<typeof Registered>;

/** A value that a host registered; undefined when it registered nothing. */
export function registeredOf(value: unknown): Registered | undefined {
  const checked = check(Registered, value);
  return checked.ok ? checked.value : undefined;
}

/** How much of what was asked for was found. */
export interface Count {
  readonly found: number;
  readonly expected: number;
}

/** Counts by the facts of the proof that it is; of one without such facts, whether it was met. */
export function countOf(result: Registered | undefined): Count {
  if (result === undefined) return { found: 0, expected: 1 };
  const passes = result.results?.filter(({ skipped }) => !skipped) ?? [result];
  return passes
    .map(({ failed, facts }) => countIn(facts) ?? { found: failed ? 0 : 1, expected: 1 })
    .reduce((total, one) => ({ found: total.found + one.found, expected: total.expected + one.expected }), {
      found: 0,
      expected: 0,
    });
}

function countIn({ expected, established, ready, sessions, routes, by_node: byNode }: Registered["facts"]): Count | undefined {
  const found = established ?? ready;
  if (typeof expected === "number" && typeof found === "number") return { found, expected };
  const list = objects(sessions);
  if (list !== undefined) return { found: list.filter(({ state }) => state === "established").length, expected: list.length };
  const table = objects(routes);
  if (table !== undefined) {
    return {
      found: table.filter(({ next_hops: hops }) => Array.isArray(hops) && hops.length > 0).length,
      expected: table.length,
    };
  }
  if (!isObject(byNode)) return undefined;
  const nodes = Object.values(byNode);
  return { found: nodes.filter((own) => Array.isArray(own) && own.length > 0).length, expected: nodes.length };
}

/** A fact that is a list of objects. */
export function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] | undefined {
  return Array.isArray(value) && value.every(isObject) ? value : undefined;
}

/** What was not met, line by line; empty: all was. */
export function reasonsOf(result: Registered | undefined): readonly string[] {
  if (result === undefined) return ["was not asked: the host could not be reached, or an earlier task stopped it"];
  const passes = result.results ?? [result];
  return passes.filter(({ failed }) => failed).flatMap(({ message }) => message.split("\n").filter((line) => line.trim() !== ""));
}
