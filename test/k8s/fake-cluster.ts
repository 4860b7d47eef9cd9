import type {
  ClusterReader,
  ClusterResource,
  ClusterWriter,
  KubeObject,
  Manifest,
  ObjectReference,
} from "../../runner/connect/cluster.ts";
import type { Connection } from "../../runner/connect/connection.ts";
import type { Connections, ConnectionTo, Place } from "../../runner/connect/connections.ts";
import { keyOf } from "../../runner/connect/kube/object-name.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import type { Observation } from "../../runner/task.ts";
import type { PreparedTask, TaskType } from "../../runner/task-type.ts";

/** A cluster of plain objects: reads them, remembers what is applied, knows the resources it is given. */
export interface FakeCluster {
  readonly connection: Connection<ClusterResource, ClusterReader, ClusterWriter>;
  readonly applied: Manifest[];
  readonly deleted: ObjectReference[];
  /** What a declared task type asked for. */
  readonly wanted: ClusterResource[];
}

/** `lists` are the served resources with their objects; objects() looks through all of them. */
export function fakeCluster(
  lists: Readonly<Record<string, readonly KubeObject[]>>,
  programs: Partial<Pick<ClusterReader, "exec"> & Pick<ClusterWriter, "drain">> = {},
): FakeCluster {
  const applied: Manifest[] = [];
  const deleted: ObjectReference[] = [];
  const wanted: ClusterResource[] = [];
  const all = new Map(Object.values(lists).flatMap((objects) => objects.map((object) => [keyOf(object), object] as const)));
  const reader: ClusterReader = {
    objects: async (references) => ok(references.flatMap((reference) => all.get(keyOf(reference)) ?? [])),
    list: async (resource) => ok(lists[resource]),
    serves: async (resource) => ok(resource in lists),
    exec: programs.exec ?? (async () => ok("")),
    release: async () => ok(undefined),
  };
  const writer: ClusterWriter = {
    apply: async (manifests) => {
      applied.push(...manifests);
      for (const { object } of manifests) all.set(keyOf(object), object);
      return ok(undefined);
    },
    delete: async (references) => {
      deleted.push(...references);
      return ok(undefined);
    },
    removeLabel: async (references, label) => {
      for (const reference of references) {
        const object = all.get(keyOf(reference));
        if (object === undefined) continue;
        const { [label]: _gone, ...labels } = object.metadata.labels ?? {};
        all.set(keyOf(object), { ...object, metadata: { ...object.metadata, labels } });
      }
      return ok(undefined);
    },
    exec: programs.exec ?? (async () => ok("")),
    patch: missing,
    removeTaint: missing,
    drain: programs.drain ?? missing,
    install: async () => ok(undefined),
    uninstall: async () => ok(undefined),
  };
  const plan: FakeCluster["connection"]["plan"] = async (resources) => {
    wanted.push(...resources);
    return ok({ changes: [], unknown: [], project: () => {}, apply: async () => ok(undefined) });
  };
  return { connection: { reader, writer, plan }, applied, deleted, wanted };
}

/** Binds a task type to its arguments; throws ajv's words when they are refused. */
export function prepare(type: TaskType, args: unknown, check = false): PreparedTask {
  const prepared = type.prepare(args, "localhost", check);
  if (!prepared.ok) throw new Error(prepared.errors.map(({ instancePath, message }) => `${instancePath} ${message}`).join("; "));
  return prepared.value;
}

/** What a probe sees in a fake cluster. */
export async function observe(type: TaskType, args: unknown, cluster: FakeCluster, check = false): Promise<Observation> {
  const task = prepare(type, args, check);
  if (task.form !== "probe") throw new Error(`${type.name} is no probe`);
  const seen = await task.observe(connectionsTo(cluster));
  if (!seen.ok) throw new Error(seen.failure.message);
  return seen.value;
}

/** What a declared task type wants to exist. */
export async function desired(type: TaskType, args: unknown): Promise<readonly ClusterResource[]> {
  const cluster = fakeCluster({});
  const task = prepare(type, args);
  if (task.form !== "declared") throw new Error(`${type.name} declares nothing`);
  await task.plan(connectionsTo(cluster));
  return cluster.wanted;
}

/** What a fake does not do. */
async function missing(): Promise<Result<never>> {
  return failed({ kind: "failed", doing: "open", message: "not in this test" });
}

/** Hands out the one connection; the other places are not there. */
export function connectionsTo(cluster: Pick<FakeCluster, "connection">): Connections {
  const open: { [P in Place]: () => Promise<Result<ConnectionTo<P>>> } = {
    apic: missing,
    leaf: missing,
    node: missing,
    localhost: async () => ok(cluster.connection),
  };
  return { open: async <P extends Place>(place: P) => open[place](), counts: () => ({}), close: async () => {} };
}
