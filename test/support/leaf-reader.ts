import type { Connections, ConnectionTo, Place } from "../../runner/connect/connections.ts";
import type { FoundObject, LeafReader } from "../../runner/connect/managed-object.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import type { Observation } from "../../runner/task.ts";
import type { TaskType } from "../../runner/task-type.ts";

/** An object as a leaf reports it. */
export function reported(
  className: string,
  dn: string,
  attributes: Record<string, string> = {},
  children: FoundObject[] = [],
): FoundObject {
  return { className, dn, attributes: { dn, ...attributes }, children };
}

/** A leaf that reports these objects, by the class that is asked for or the DN, and notes what was asked. */
function leafWith(objects: readonly FoundObject[]): { readonly connections: Connections; readonly asked: string[] } {
  const asked: string[] = [];
  const reader: LeafReader = {
    nodeDn: "topology/pod-1/node-201",
    class: async (className) => {
      asked.push(className);
      return ok(objects.filter((object) => object.className === className));
    },
    object: async (dn) => {
      asked.push(dn);
      return ok(objects.find((object) => object.dn === dn));
    },
  };
  const connection: ConnectionTo<"leaf"> = {
    reader,
    writer: undefined,
    plan: async () => ok({ changes: [], unknown: [], project: () => {}, apply: async () => ok(undefined) }),
  };
  const none = (): Result<never> => failed({ kind: "failed", doing: "open", message: "not in this test" });
  const places: { readonly [P in Place]: () => Result<ConnectionTo<P>> } = {
    apic: none,
    leaf: () => ok(connection),
    node: none,
    localhost: none,
  };
  return {
    asked,
    connections: {
      open: async <P extends Place>(place: P): Promise<Result<ConnectionTo<P>>> => places[place](),
      counts: () => ({}),
      close: async () => {},
    },
  };
}

/** What a probe sees on such a leaf. */
export async function observeOn(
  task: TaskType,
  args: Readonly<Record<string, unknown>>,
  objects: readonly FoundObject[],
): Promise<{ readonly seen: Observation; readonly asked: readonly string[] }> {
  const { connections, asked } = leafWith(objects);
  const prepared = task.prepare({ ...args }, "leaf201", false);
  if (!prepared.ok || prepared.value.form !== "probe") throw new Error(`bad arguments: ${JSON.stringify(prepared)}`);
  const seen = await prepared.value.observe(connections);
  if (!seen.ok) throw new Error(seen.failure.message);
  return { seen: seen.value, asked };
}
