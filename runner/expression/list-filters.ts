import { isDeepStrictEqual } from "node:util";
import { isObject } from "../json.ts";
import { type Filter, Refusal } from "./refusal.ts";
import type { Plain } from "./tokens.ts";

/** A map and not a list or nothing. */
export function isPlainMap(value: Plain | undefined): value is { [key: string]: Plain } {
  return isObject(value);
}

/** Two lists as sets, in the order of the first; Ansible's set filters. Each item once. */
function ofTwo(name: string, choose: (left: readonly Plain[], right: readonly Plain[]) => readonly Plain[]): Filter {
  return (left, [right]) => {
    if (!Array.isArray(left) || !Array.isArray(right)) return new Refusal(`filter ${name} needs two lists`);
    return once(choose(left, right));
  };
}

function has(list: readonly Plain[], item: Plain): boolean {
  return list.some((other) => isDeepStrictEqual(other, item));
}

function once(items: readonly Plain[]): Plain[] {
  const kept: Plain[] = [];
  for (const item of items) if (!has(kept, item)) kept.push(item);
  return kept;
}

/** Lists within a list are opened, `levels` deep or all of them. */
function flat(items: readonly Plain[], levels: number): Plain[] {
  return items.flatMap((item) => (Array.isArray(item) && levels > 0 ? flat(item, levels - 1) : [item]));
}

/** Ansible: pairs of each map in a list and each item of the list in one of its keys; `skip_missing` passes over maps without the key. */
const subelements: Filter = (input, [key], named) => {
  if (!Array.isArray(input) || typeof key !== "string") return new Refusal("filter subelements needs a list of maps and a key");
  const pairs: Plain[] = [];
  for (const item of input) {
    if (!isPlainMap(item)) return new Refusal("filter subelements needs a list of maps");
    const inner = item[key];
    if (inner === undefined && named.skip_missing === true) continue;
    if (!Array.isArray(inner))
      return new Refusal(`filter subelements: an item has no list ${key} (skip_missing=true passes over it)`);
    pairs.push(...inner.map((one) => [item, one]));
  }
  return pairs;
};

/** Ansible's filters on lists that Jinja2 does not have. */
export const listFilters: Readonly<Record<string, Filter>> = {
  difference: ofTwo("difference", (left, right) => left.filter((item) => !has(right, item))),
  intersect: ofTwo("intersect", (left, right) => left.filter((item) => has(right, item))),
  union: ofTwo("union", (left, right) => [...left, ...right]),
  symmetric_difference: ofTwo("symmetric_difference", (left, right) => [
    ...left.filter((item) => !has(right, item)),
    ...right.filter((item) => !has(left, item)),
  ]),
  flatten: (input, args, named) => {
    const levels = named.levels ?? args[0] ?? Number.POSITIVE_INFINITY;
    if (!Array.isArray(input) || typeof levels !== "number") return new Refusal("filter flatten needs a list");
    return flat(input, levels);
  },
  subelements,
};
