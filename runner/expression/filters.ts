import { addressFilter } from "./address-filter.ts";
import { isPlainMap, listFilters } from "./list-filters.ts";
import { type Filter, Refusal } from "./refusal.ts";
import { regexFilters } from "./regex.ts";
import { subnetFilters } from "./subnet-filters.ts";
import { holdsToken, type Plain } from "./tokens.ts";

function kindOf(value: Plain | undefined): string {
  if (value === null || value === undefined) return "nothing (undefined or null)";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : `a ${typeof value === "string" ? "text" : typeof value}`;
}

/** A text filter of Jinja2 that would change a secret's token instead of the secret: works on everything else. */
function onText(name: string, change: (text: string, args: readonly Plain[]) => Plain | Refusal): Filter {
  return (input, args) => {
    const text = typeof input === "string" ? input : String(input);
    if (holdsToken(text) || args.some((arg) => typeof arg === "string" && holdsToken(arg))) {
      return new Refusal(`filter ${name} cannot be used on a secret`);
    }
    return change(text, args);
  };
}

const length: Filter = (input) => {
  if (typeof input === "string") {
    return holdsToken(input) ? new Refusal("filter length cannot be used on a secret") : [...input].length;
  }
  if (Array.isArray(input)) return input.length;
  return isPlainMap(input)
    ? Object.keys(input).length
    : new Refusal(`filter length needs a text, list or map, not ${kindOf(input)}`);
};

/** Ansible: `yes`, `on`, `1`, `true` in any case are true, everything else is false. */
const bool: Filter = (input) => {
  if (typeof input === "boolean") return input;
  if (typeof input === "number") return input === 1;
  return typeof input === "string" && ["yes", "on", "1", "true"].includes(input.toLowerCase());
};

/** Keeps the named keys of each map in a list (or of one map); a missing key is refused. */
const pick: Filter = (input, args) => {
  const keys = args.filter((arg) => typeof arg === "string");
  if (keys.length === 0) return new Refusal("filter pick needs the names of the keys to keep");
  const one = (item: Plain): { [key: string]: Plain } | Refusal => {
    if (!isPlainMap(item)) return new Refusal(`filter pick needs maps, not ${kindOf(item)}`);
    const missing = keys.find((key) => !Object.hasOwn(item, key));
    if (missing === undefined) return Object.fromEntries(keys.map((key) => [key, item[key] ?? null]));
    const host = item.inventory_hostname;
    return new Refusal(`${typeof host === "string" ? `${host} has` : "an item has"} no ${missing}`);
  };
  if (!Array.isArray(input)) return one(input);
  const picked: Plain[] = [];
  for (const item of input) {
    const result = one(item);
    if (result instanceof Refusal) return result;
    picked.push(result);
  }
  return picked;
};

const dictToItems: Filter = (input, args, named) => {
  if (!isPlainMap(input)) return new Refusal(`filter dict2items needs a map, not ${kindOf(input)}`);
  const keyName = String(named.key_name ?? args[0] ?? "key");
  const valueName = String(named.value_name ?? args[1] ?? "value");
  return Object.entries(input).map(([key, value]) => ({ [keyName]: key, [valueName]: value }));
};

const itemsToDict: Filter = (input, args, named) => {
  if (!Array.isArray(input)) return new Refusal(`filter items2dict needs a list of maps, not ${kindOf(input)}`);
  const keyName = String(named.key_name ?? args[0] ?? "key");
  const valueName = String(named.value_name ?? args[1] ?? "value");
  const made: { [key: string]: Plain } = {};
  for (const item of input) {
    if (!isPlainMap(item)) return new Refusal(`filter items2dict needs a list of maps, not of ${kindOf(item)}`);
    const host = item.inventory_hostname;
    for (const name of [keyName, valueName]) {
      if (!Object.hasOwn(item, name))
        return new Refusal(`${typeof host === "string" ? `${host} has` : "an item has"} no ${name}`);
    }
    const key = item[keyName];
    if (typeof key !== "string" && typeof key !== "number")
      return new Refusal(`${keyName} is ${kindOf(key)}: it cannot be a key`);
    if (Object.hasOwn(made, String(key))) return new Refusal(`two items have ${keyName} ${key}`);
    made[String(key)] = item[valueName] ?? null;
  }
  return made;
};

function merge(below: { [key: string]: Plain }, above: { [key: string]: Plain }, recursive: boolean): { [key: string]: Plain } {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    merged[key] = recursive && isPlainMap(old) && isPlainMap(value) ? merge(old, value, true) : value;
  }
  return merged;
}

const combine: Filter = (input, args, named) => {
  const parts = [input, ...args].flat();
  let merged: { [key: string]: Plain } = {};
  for (const part of parts) {
    if (!isPlainMap(part)) return new Refusal(`filter combine needs maps, not ${kindOf(part)}`);
    merged = merge(merged, part, named.recursive === true);
  }
  return merged;
};

const mandatory: Filter = (input, args) =>
  input === null ? new Refusal(typeof args[0] === "string" ? args[0] : "a mandatory value is not set") : input;

const toJson: Filter = (input) => JSON.stringify(input);

/** `condition | ternary('yes', 'no')`, and with a third value for none. */
const ternary: Filter = (input, [yes = null, no = null, unset]) => {
  if (input === null && unset !== undefined) return unset;
  const empty = Array.isArray(input) ? input.length === 0 : isPlainMap(input) ? Object.keys(input).length === 0 : !input;
  return empty ? no : yes;
};

const fromJson = onText("from_json", (text) => {
  try {
    const data: Plain = JSON.parse(text);
    return data;
  } catch {
    return new Refusal("filter from_json: this is not JSON");
  }
});

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}

/** Filters in Ansible's spelling, and those of Jinja2 that have to keep their hands off secrets. `extract` is made with the hosts' variables. */
export const filters: Readonly<Record<string, Filter>> = {
  bool,
  pick,
  dict2items: dictToItems,
  items2dict: itemsToDict,
  combine,
  ...listFilters,
  ...regexFilters,
  mandatory,
  ternary,
  from_json: fromJson,
  to_json: toJson,
  ...subnetFilters,
  ipaddr: (input, args) => addressFilter(input, args[0] ?? null),
  length,
  count: length,
  upper: onText("upper", (text) => text.toUpperCase()),
  lower: onText("lower", (text) => text.toLowerCase()),
  capitalize: onText("capitalize", capitalize),
  title: onText("title", (text) => text.replace(/\p{L}[\p{L}\p{N}]*/gu, capitalize)),
  replace: onText("replace", (text, [from, to]) =>
    typeof from === "string" && typeof to === "string"
      ? text.replaceAll(from, to)
      : new Refusal("filter replace needs two texts"),
  ),
};

/** Takes the values of `container` at `key` and, when given, `more` keys below: `map('extract', hostvars, 'address')`. */
export function extract(key: Plain, container: Plain, more: readonly Plain[]): Plain | Refusal {
  let value: Plain = container;
  for (const step of [key, ...more.flat()]) {
    if (typeof step !== "string" && typeof step !== "number")
      return new Refusal(`filter extract needs a key, not ${kindOf(step)}`);
    const next: Plain | undefined = Array.isArray(value) ? value[Number(step)] : isPlainMap(value) ? value[step] : undefined;
    if (next === undefined) return new Refusal(`filter extract finds no ${step}`);
    value = next;
  }
  return value;
}
