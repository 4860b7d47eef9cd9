import type { Json } from "../../../runner/json.ts";
import { type KubeObject, listAt, textAt, timestamp, valueAt } from "../objects/kube-object.ts";
import { compareFields, type FieldSet, fieldsOf, fromFieldsV1, subtract, toFieldsV1 } from "./field-set.ts";
import type { Shape } from "./shape.ts";

/** An entry of `metadata.managedFields`. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string;
  readonly fields: FieldSet;
}

/** Who writes, for the bookkeeping of managed fields. */
export interface Writer {
  readonly manager: string;
  readonly apiVersion: string;
  /** `status`, or empty for the object itself. */
  readonly subresource: string;
}

/** Reads `metadata.managedFields`. */
export function managersOf(object: KubeObject | undefined): readonly Manager[] {
  return listAt(object, "metadata", "managedFields").map((entry) => ({
    name: textAt(entry, "manager"),
    operation: textAt(entry, "operation") === "Apply" ? "Apply" : "Update",
    apiVersion: textAt(entry, "apiVersion"),
    subresource: textAt(entry, "subresource"),
    time: textAt(entry, "time"),
    fields: fromFieldsV1(valueAt(entry, "fieldsV1")),
  }));
}

/** Writes `metadata.managedFields`, in the API server's order (appliers first, then by time and name); managers that own nothing are left out. */
export function withManagers(object: KubeObject, managers: readonly Manager[]): KubeObject {
  const managedFields: Json = managers
    .filter((manager) => manager.fields.size > 0)
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
    .map((manager) => ({
      manager: manager.name,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      time: manager.time,
      fieldsType: "FieldsV1",
      fieldsV1: toFieldsV1(manager.fields),
      ...(manager.subresource === "" ? {} : { subresource: manager.subresource }),
    }));
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function rank(manager: Manager): string {
  return `${manager.operation} ${manager.time} ${manager.name} ${manager.subresource}`;
}

/** Whether an entry is the writer's own for this operation. */
export function isEntryOf(entry: Manager, writer: Writer, operation: Manager["operation"]): boolean {
  return entry.name === writer.manager && entry.operation === operation && entry.subresource === writer.subresource;
}

/** The entry with other fields; its time moves only when they differ. */
export function withFields(entry: Manager, fields: FieldSet): Manager {
  const same = fields.size === entry.fields.size && [...fields].every((field) => entry.fields.has(field));
  return same ? entry : { ...entry, fields, time: timestamp() };
}

/**
 * The bookkeeping of a write that is not an apply (POST, PUT, other patches): the writer owns what it changed, everybody else loses it
 * (Kubernetes docs, Server-Side Apply, Field management).
 */
export function trackUpdate(before: KubeObject | undefined, after: KubeObject, shape: Shape, writer: Writer): KubeObject {
  const { changed, removed } = compareFields(fieldsOf(before, shape), fieldsOf(after, shape));
  const entries = managersOf(before);
  const mine = entries.find((entry) => isEntryOf(entry, writer, "Update")) ?? {
    name: writer.manager,
    operation: "Update",
    apiVersion: writer.apiVersion,
    subresource: writer.subresource,
    time: timestamp(),
    fields: new Set<string>(),
  };
  const own = withFields(mine, new Set([...subtract(mine.fields, removed), ...changed]));
  const others = entries.filter((entry) => !isEntryOf(entry, writer, "Update"));
  return withManagers(after, [...others.map((entry) => withFields(entry, subtract(entry.fields, changed, removed))), own]);
}
