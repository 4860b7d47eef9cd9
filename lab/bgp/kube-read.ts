import { isObject } from "../../runner/json.ts";
import type { LabCluster, LabKubeObject } from "../parts.ts";

/** The cluster as far as the BGP model reads it: each kind listed and sorted once. */
export class ClusterReader {
  readonly #cluster: Pick<LabCluster, "list">;
  readonly #lists = new Map<string, readonly LabKubeObject[]>();
  readonly #byName = new Map<string, ReadonlyMap<string, LabKubeObject>>();

  constructor(cluster: Pick<LabCluster, "list">) {
    this.#cluster = cluster;
  }

  /** Objects of a kind in order of name and namespace, so that nothing depends on the order of the store. */
  list(kind: string): readonly LabKubeObject[] {
    const known = this.#lists.get(kind);
    if (known !== undefined) return known;
    const key = ({ metadata }: LabKubeObject) => `${metadata.name} ${metadata.namespace ?? ""}`;
    const sorted = [...this.#cluster.list(kind)].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    this.#lists.set(kind, sorted);
    return sorted;
  }

  /** An object by name; the first of them when no namespace is given. */
  find(kind: string, name: string, namespace?: string): LabKubeObject | undefined {
    let byName = this.#byName.get(kind);
    if (byName === undefined) {
      const entries = [...this.list(kind)].reverse().flatMap((object) => {
        const entry = (key: string): [string, LabKubeObject] => [key, object];
        return [entry(object.metadata.name), entry(`${object.metadata.namespace ?? ""}/${object.metadata.name}`)];
      });
      byName = new Map(entries);
      this.#byName.set(kind, byName);
    }
    return byName.get(namespace === undefined ? name : `${namespace}/${name}`);
  }
}

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

/** A Secret's value under a key, decoded; undefined when it is missing or empty. */
export function secretText(secret: LabKubeObject | undefined, key: string): string | undefined {
  const encoded = textAt(secret, "data", key);
  const text = encoded === undefined ? textAt(secret, "stringData", key) : Buffer.from(encoded, "base64").toString();
  return text === "" ? undefined : text;
}
