import { isObject } from "../../runner/json.ts";
import type { LabCluster, LabKubeObject } from "../parts.ts";

/** The cluster as far as the BGP model reads it. */
export type ClusterReader = Pick<LabCluster, "list">;

/** A value deep inside an object, by keys; undefined when a step is missing. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) found = isObject(found) ? found[key] : undefined;
  return found;
}

/** Text inside an object. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === "string" ? found : undefined;
}

/** A list inside an object; empty when there is none. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** Texts of a list. */
export function textsAt(value: unknown, ...keys: readonly string[]): string[] {
  return listAt(value, ...keys).filter((item) => typeof item === "string");
}

/** Objects of a kind in order of their names, so that nothing depends on the order of the store. */
export function sortedList(cluster: ClusterReader, kind: string): LabKubeObject[] {
  return [...cluster.list(kind)].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** An object by kind and name. */
export function named(cluster: ClusterReader, kind: string, name: string, namespace?: string): LabKubeObject | undefined {
  return cluster
    .list(kind)
    .find(({ metadata }) => metadata.name === name && (namespace === undefined || metadata.namespace === namespace));
}
