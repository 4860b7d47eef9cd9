import type { Json, JsonObject } from "../../../runner/json.ts";
import { isJsonObject, isList, type KubeObject } from "../objects/kube-object.ts";
import { type FieldSet, join } from "./field-set.ts";
import { childrenOf, type Shape } from "./shape.ts";

/**
 * Lays an applied configuration over a value: objects by field, associative lists by key, everything else replaced. Elements that were
 * there keep their place, new ones follow.
 */
export function mergeValue(live: Json | undefined, applied: Json, shape: Shape): Json {
  if (isList(applied) && isList(live)) return mergeList(live, applied, shape);
  if (!isJsonObject(applied) || !isJsonObject(live) || shape.atomic) return applied;
  const merged: Record<string, Json> = { ...live };
  for (const [name, value] of Object.entries(applied)) merged[name] = mergeValue(live[name], value, shape.field(name));
  return merged;
}

function mergeList(live: readonly Json[], applied: readonly Json[], shape: Shape): readonly Json[] {
  // An empty list is a leaf to ownership, but an associative one still merges.
  const associative = shape.set || shape.keys !== undefined;
  const before = associative && live.length === 0 ? [] : childrenOf(live, shape);
  const wanted = associative && applied.length === 0 ? [] : childrenOf(applied, shape);
  if (before === undefined || wanted === undefined) return applied;
  const changes = new Map(wanted.map((child) => [child.element, child.value]));
  const kept = before.map(({ element, value }) => {
    const change = changes.get(element);
    changes.delete(element);
    return change === undefined ? value : mergeValue(value, change, shape.item());
  });
  return [...kept, ...changes.values()];
}

/**
 * Takes out what a manager applied before and no longer does, unless another manager owns it or something below it.
 * All three sets must hold the parents of their fields too.
 */
export function prune(object: KubeObject, shape: Shape, sets: { last: FieldSet; next: FieldSet; others: FieldSet }): JsonObject {
  const walk = (value: Json, at: Shape, path: string): Json => {
    const children = childrenOf(value, at);
    if (children === undefined) return value;
    const kept = children.flatMap(({ element, value: child, shape: inner }) => {
      const childPath = join(path, element);
      if (!sets.last.has(childPath)) return [{ element, child }];
      if (!sets.next.has(childPath) && !sets.others.has(childPath)) return [];
      return [{ element, child: walk(child, inner, childPath) }];
    });
    if (isList(value)) return kept.map(({ child }) => child);
    return Object.fromEntries(kept.map(({ element, child }) => [element.slice(2), child]));
  };
  const entries = Object.entries(object).flatMap(([name, value]): [string, Json][] => {
    const path = `f:${name}`;
    if (name === "apiVersion" || name === "kind") return [[name, value]];
    const gone = sets.last.has(path) && !sets.next.has(path) && !sets.others.has(path);
    if (gone && name !== "metadata") return [];
    return [[name, walk(value, shape.field(name), path)]];
  });
  return Object.fromEntries(entries);
}
