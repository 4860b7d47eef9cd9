import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../../../runner/json.ts";
import { nextGeneration } from "../api/prepare.ts";
import { trackUpdate } from "../apply/managers.ts";
import { shapeOf } from "../apply/shape.ts";
import { withDefaults } from "../objects/defaults.ts";
import { isKubeObject, type KubeObject, timestamp } from "../objects/kube-object.ts";
import { groupVersion, type ResourceType } from "../objects/resource-type.ts";
import type { ObjectStore } from "../objects/store.ts";
import type { Pace } from "../pace.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import type { Clock } from "./clock.ts";
import { Machines } from "./machines.ts";
import { PodStarts } from "./pod-starts.ts";

/** What controllers act on: the store, with writes that are no writes when nothing differs. */
export interface World {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly pace: Pace;
  /** Whose kubelets run. */
  readonly machines: Machines;
  readonly starts: PodStarts;
  /** Makes an object, or lays the given fields over the one that is there (null removes a field). */
  ensure(resource: ResourceType, name: ObjectName, fields: JsonObject, manager: string): void;
  /** Replaces an object's status. */
  setStatus(resource: ResourceType, object: KubeObject, status: JsonObject): void;
}

/** Name, and namespace of namespaced kinds. */
export interface ObjectName {
  readonly name: string;
  readonly namespace?: string;
}

/** Something that brings the cluster nearer to what its objects ask for. Called until nothing changes any more. */
export type Controller = (world: World) => void;

/** The world of a store. */
export function createWorld(store: ObjectStore, clock: Clock, pace: Pace): World {
  return {
    store,
    clock,
    pace,
    machines: new Machines(),
    starts: new PodStarts(pace),
    ensure(resource, name, fields, manager) {
      const before = store.get(resource.storage, name.namespace, name.name);
      const start: Json = before ?? { apiVersion: groupVersion(resource), kind: resource.kind, metadata: { ...name } };
      const merged = mergePatch(start, fields);
      if (!isKubeObject(merged)) throw new Error(`a controller wrote a ${resource.kind} without a name`);
      const wanted = resource.schema === undefined ? withDefaults(merged) : merged;
      if (before !== undefined && isDeepStrictEqual(before, wanted)) return;
      const writer = { manager, apiVersion: groupVersion(resource), subresource: "" };
      const tracked = trackUpdate(before, wanted, shapeOf(resource), writer);
      store.put(resource, nextGeneration(before, tracked, !isDeepStrictEqual(before?.spec, tracked.spec)));
    },
    setStatus(resource, object, status) {
      if (isDeepStrictEqual(object.status, status)) return;
      // The rest stays in the version that it was written in.
      const [version = resource.version, group = ""] = object.apiVersion.split("/").reverse();
      store.put({ ...resource, group, version }, { ...object, status });
    },
  };
}

/** A status condition. Its transition time moves only when its status does. */
export function condition(
  before: readonly Json[],
  wanted: { type: string; status: boolean | "Unknown"; reason: string; message?: string },
): JsonObject {
  const status = wanted.status === "Unknown" ? "Unknown" : wanted.status ? "True" : "False";
  const known = before.find((entry) => isCondition(entry) && entry.type === wanted.type && entry.status === status);
  const lastTransitionTime = isCondition(known) ? (known.lastTransitionTime ?? null) : timestamp();
  return { type: wanted.type, status, reason: wanted.reason, message: wanted.message ?? "", lastTransitionTime };
}

function isCondition(entry: Json | undefined): entry is JsonObject {
  return typeof entry === "object" && entry !== null && "type" in entry;
}

/** Times that controllers give up after: one that never settles is a bug. */
const ROUNDS = 50;

/** Runs all controllers until none of them changes anything. */
export function settle(world: World, controllers: readonly Controller[]): void {
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = world.store.version;
    for (const controller of controllers) controller(world);
    if (world.store.version === before) return;
  }
  throw new Error("the lab's controllers do not settle");
}
