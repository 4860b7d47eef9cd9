import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../../../runner/json.ts";
import { isJsonObject, isList, type KubeObject } from "../objects/kube-object.ts";
import { childrenOf, type Shape } from "./shape.ts";

/** Field paths; elements (`f:spec`, `k:{"name":"a"}`) are joined with line ends, which none of them can contain. */
export type FieldSet = ReadonlySet<string>;

const SEPARATOR = "\n";

/** The path of a child. */
export function join(path: string, element: string): string {
  return path === "" ? element : path + SEPARATOR + element;
}

/** Metadata that belongs to the server or is identity: nobody manages it. */
const UNMANAGED: readonly string[] = [
  ...["name", "namespace", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "generation", "managedFields"],
  ...["selfLink", "generateName"],
];

/** An object's fields with their values, each of which a manager can own: the leaves, and the elements of associative lists. */
export function fieldsOf(
  object: KubeObject | undefined,
  shape: Shape,
  options: { readonly only?: string; readonly leave?: string } = {},
) {
  const found = new Map<string, Json>();
  if (object === undefined) return found;
  for (const [name, value] of Object.entries(object)) {
    if (name === "apiVersion" || name === "kind" || name === options.leave) continue;
    if (options.only !== undefined && name !== options.only) continue;
    if (name !== "metadata") collect(value, shape.field(name), `f:${name}`, found);
    else {
      for (const [key, entry] of Object.entries(object.metadata)) {
        if (!UNMANAGED.includes(key)) collect(entry, shape.field(name).field(key), join("f:metadata", `f:${key}`), found);
      }
    }
  }
  return found;
}

function collect(value: Json, shape: Shape, path: string, found: Map<string, Json>): void {
  const children = childrenOf(value, shape);
  if (children === undefined) {
    found.set(path, value);
    return;
  }
  for (const child of children) {
    const childPath = join(path, child.element);
    if (child.element.startsWith("f:")) {
      collect(child.value, child.shape, childPath, found);
      continue;
    }
    // An element of a list is owned by itself, beside its fields; its value is its key, which is in the path.
    found.set(childPath, null);
    if (child.element.startsWith("k:")) collect(child.value, child.shape, childPath, found);
  }
}

/** What differs between two versions of an object: fields that are new or have another value, and fields that are gone. */
export function compareFields(before: ReadonlyMap<string, Json>, after: ReadonlyMap<string, Json>) {
  const changed = new Set<string>();
  const removed = new Set<string>();
  for (const [path, value] of after) if (!before.has(path) || !isDeepStrictEqual(before.get(path), value)) changed.add(path);
  for (const path of before.keys()) if (!after.has(path)) removed.add(path);
  return { changed, removed };
}

/** Whether a field that is no leaf any more was an empty object or list that has got content: nothing of it was lost. */
export function isFilled(field: string, before: Json | undefined, changed: FieldSet): boolean {
  if (typeof before !== "object" || before === null || Object.keys(before).length > 0) return false;
  const named = !isList(before);
  return [...changed].some((path) => path.startsWith(field + SEPARATOR) && path.startsWith("f:", field.length + 1) === named);
}

/** The paths and all paths above them. */
export function withParents(fields: Iterable<string>): FieldSet {
  const all = new Set<string>();
  for (const field of fields) {
    let end = field.length;
    while (end > 0 && !all.has(field.slice(0, end))) {
      all.add(field.slice(0, end));
      end = field.lastIndexOf(SEPARATOR, end - 1);
    }
  }
  return all;
}

/** Fields of the first set that none of the others holds. */
export function subtract(fields: Iterable<string>, ...others: readonly FieldSet[]): FieldSet {
  return new Set([...fields].filter((field) => others.every((other) => !other.has(field))));
}

/** The FieldsV1 form: nested objects keyed by path element, `.` where an inner path is itself a member. */
export function toFieldsV1(fields: FieldSet): JsonObject {
  type Node = { [element: string]: Node };
  const root: Node = {};
  for (const field of [...fields].sort()) {
    let node = root;
    for (const element of field.split(SEPARATOR)) node = node[element] ??= {};
  }
  for (const field of fields) {
    let node = root;
    for (const element of field.split(SEPARATOR)) node = node[element] ?? {};
    if (Object.keys(node).length > 0) node["."] = {};
  }
  return root;
}

/** Reads FieldsV1. */
export function fromFieldsV1(value: Json | undefined): FieldSet {
  const found = new Set<string>();
  const walk = (node: JsonObject, path: string): void => {
    const inner = Object.entries(node).filter(([element]) => element !== ".");
    if (path !== "" && (inner.length === 0 || "." in node)) found.add(path);
    for (const [element, child] of inner) if (isJsonObject(child)) walk(child, join(path, element));
  };
  if (isJsonObject(value)) walk(value, "");
  return found;
}

/** A path as messages show it: `.spec.containers[name="a"].image`. */
export function pathText(path: string): string {
  return path
    .split(SEPARATOR)
    .map((element) => {
      if (element.startsWith("f:")) return `.${element.slice(2)}`;
      const inner: Json = JSON.parse(element.slice(2));
      if (!isJsonObject(inner)) return `[=${JSON.stringify(inner)}]`;
      return `[${Object.entries(inner)
        .map(([name, key]) => `${name}=${JSON.stringify(key)}`)
        .join(",")}]`;
    })
    .join("");
}
