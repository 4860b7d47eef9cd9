import type { Value } from "./load/model.ts";

/** The text of a literal text; undefined for everything else. */
export function textOf(value: Value | undefined): string | undefined {
  return value?.kind === "literal" && typeof value.value === "string" ? value.value : undefined;
}

/** The entries of a map; none for everything else. */
export function entriesOf(value: Value | undefined): ReadonlyMap<string, Value> {
  return value?.kind === "map" ? value.entries : new Map<string, Value>();
}

/** Where a key of a map is written; the map's place when that is not known. */
export function keyAt(value: Value, key: string): Value["at"] {
  return (value.kind === "map" ? value.keys?.get(key) : undefined) ?? value.at;
}

/** Whether a value is "nothing": an empty YAML value. */
export function isNull(value: Value | undefined): boolean {
  return value?.kind === "literal" && value.value === null;
}

/** What a value is, in words: for "expected a map, not …". Never its content. */
export function kindName(value: Value): string {
  switch (value.kind) {
    case "literal":
      return value.value === null ? "nothing" : typeof value.value === "string" ? "a text" : `a ${typeof value.value}`;
    case "secret":
      return "a secret";
    case "template":
      return "a template";
    case "list":
      return "a list";
    case "map":
      return "a map";
    default:
      return value satisfies never;
  }
}

/** A value tree of literals for plain data that came from no file, such as the lab's endpoints. */
export function valueFrom(data: unknown, at: Value["at"]): Value {
  if (data === null || typeof data === "boolean" || typeof data === "number" || typeof data === "string") {
    return { kind: "literal", value: data, at };
  }
  if (Array.isArray(data)) return { kind: "list", items: data.map((item) => valueFrom(item, at)), at };
  if (typeof data === "object") {
    return { kind: "map", entries: new Map(Object.entries(data).map(([key, item]) => [key, valueFrom(item, at)])), at };
  }
  return { kind: "literal", value: null, at };
}
