import { randomUUID } from "node:crypto";
import type { Json, JsonObject } from "../../../runner/json.ts";
import { isJsonObject, isKubeObject, isList, type KubeObject, timestamp } from "./kube-object.ts";
import { groupVersion, type ResourceType } from "./resource-type.ts";

/** What happened to an object, as a watch tells it. */
export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly storage: string;
  readonly object: KubeObject;
  readonly version: number;
}

/** Events kept for watches that start from an older resourceVersion. */
const HISTORY = 2000;

/** All objects of the cluster, with resource versions and the events that watches and controllers live on. */
export class ObjectStore {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  /** Sorted lists by resource and namespace, until something in the resource changes. */
  readonly #lists = new Map<string, Map<string | undefined, readonly KubeObject[]>>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  #history: StoreEvent[] = [];
  #version = 1;

  /** resourceVersion of the whole store. */
  get version(): number {
    return this.#version;
  }

  get(storage: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(storage)?.get(key(namespace, name));
  }

  /** Objects of a resource by namespace and name; of all namespaces when none is given. */
  list(storage: string, namespace?: string): readonly KubeObject[] {
    const lists = this.#lists.get(storage) ?? new Map<string | undefined, readonly KubeObject[]>();
    this.#lists.set(storage, lists);
    const known = lists.get(namespace);
    if (known !== undefined) return known;
    const list =
      namespace === undefined
        ? [...(this.#objects.get(storage) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object)
        : this.list(storage).filter((object) => object.metadata.namespace === namespace);
    lists.set(namespace, list);
    return list;
  }

  /** Stores an object under its name with the next resourceVersion; identity and kind are filled in. */
  put(resource: ResourceType, object: KubeObject): KubeObject {
    const found = this.get(resource.storage, object.metadata.namespace, object.metadata.name);
    this.#version += 1;
    const stored: KubeObject = {
      ...object,
      apiVersion: groupVersion(resource),
      kind: resource.kind,
      metadata: {
        ...object.metadata,
        uid: found?.metadata.uid ?? object.metadata.uid ?? randomUUID(),
        creationTimestamp: found?.metadata.creationTimestamp ?? timestamp(),
        resourceVersion: String(this.#version),
      },
    };
    this.#place(resource.storage, stored);
    this.#emit(found === undefined ? "ADDED" : "MODIFIED", resource.storage, stored);
    return stored;
  }

  /** Removes an object and tells the watches with a version of its own. */
  remove(storage: string, object: KubeObject): void {
    const deleted = this.#objects.get(storage)?.delete(key(object.metadata.namespace, object.metadata.name)) ?? false;
    if (!deleted) return;
    this.#lists.delete(storage);
    this.#version += 1;
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    this.#emit("DELETED", storage, last);
  }

  /** Removes every namespaced object of a namespace. */
  removeNamespace(namespace: string): void {
    for (const [storage, objects] of this.#objects) {
      for (const object of [...objects.values()]) if (object.metadata.namespace === namespace) this.remove(storage, object);
    }
  }

  /** Events after a version; undefined when they are no longer known (HTTP 410, reason Expired). */
  since(version: number): readonly StoreEvent[] | undefined {
    const oldest = this.#history[0];
    if (version < this.#version && (oldest === undefined || oldest.version > version + 1)) return undefined;
    return this.#history.filter((event) => event.version > version);
  }

  /** Called at once after every change. Returns how to stop. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Everything, for the state file. */
  snapshot(): JsonObject {
    const objects = Object.fromEntries([...this.#objects].map(([storage, map]) => [storage, [...map.values()]]));
    return { version: this.#version, objects };
  }

  /** Fills an empty store from a snapshot; false when it is not one. */
  restore(snapshot: Json | undefined): boolean {
    if (!isJsonObject(snapshot) || typeof snapshot.version !== "number" || !isJsonObject(snapshot.objects)) return false;
    this.#version = snapshot.version;
    for (const [storage, objects] of Object.entries(snapshot.objects)) {
      for (const object of isList(objects) ? objects : []) if (isKubeObject(object)) this.#place(storage, object);
    }
    return true;
  }

  #place(storage: string, object: KubeObject): void {
    const objects = this.#objects.get(storage) ?? new Map<string, KubeObject>();
    objects.set(key(object.metadata.namespace, object.metadata.name), object);
    this.#objects.set(storage, objects);
    this.#lists.delete(storage);
  }

  #emit(type: StoreEvent["type"], storage: string, object: KubeObject): void {
    const event = { type, storage, object, version: this.#version };
    this.#history.push(event);
    if (this.#history.length > HISTORY * 2) this.#history = this.#history.slice(-HISTORY);
    for (const listener of [...this.#listeners]) listener(event);
  }
}

function key(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}
