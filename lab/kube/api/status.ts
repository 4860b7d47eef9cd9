import type { Json, JsonObject } from "../../../runner/json.ts";
import type { Conflict } from "../apply/server-side-apply.ts";
import { qualifiedName, type ResourceType } from "../objects/resource-type.ts";

/** What is wrong with one field (metav1.StatusCause). */
export interface Cause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** A refusal: HTTP status and the `Status` object's words. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: JsonObject;
}

/** A refusal as an outcome. */
export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
}

/** An answer or a refusal. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Refused;

/** A good outcome. */
export function accept<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** Refuses. `reason` is one of metav1.StatusReason; clients go by it. */
export function refuse(code: number, reason: string, message: string, details?: JsonObject): Refused {
  return { ok: false, refusal: { code, reason, message, ...(details === undefined ? {} : { details }) } };
}

/** The `Status` object of a refusal. */
export function failureStatus(refusal: Refusal): JsonObject {
  const { code, reason, message, details } = refusal;
  const words = { status: "Failure", message, reason, code };
  return { kind: "Status", apiVersion: "v1", metadata: {}, ...words, ...(details === undefined ? {} : { details }) };
}

/** The `Status` object of something done that has no object to show. */
export function successStatus(details: JsonObject): JsonObject {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}

function identity(resource: ResourceType, name: string): JsonObject {
  return { name, group: resource.group, kind: resource.plural };
}

/** An object that does not exist. */
export function notFound(resource: ResourceType, name: string): Refused {
  return refuse(404, "NotFound", `${qualifiedName(resource)} "${name}" not found`, identity(resource, name));
}

/** The path is not served at all; clients take it for an unknown kind. */
export function noSuchPath(): Refused {
  return refuse(404, "NotFound", "the server could not find the requested resource");
}

/** A POST of an object that is there. */
export function alreadyExists(resource: ResourceType, name: string): Refused {
  return refuse(409, "AlreadyExists", `${qualifiedName(resource)} "${name}" already exists`, identity(resource, name));
}

/** A request that cannot be understood. */
export function badRequest(message: string): Refused {
  return refuse(400, "BadRequest", message);
}

/** A write based on an older resourceVersion. */
export function modified(resource: ResourceType, name: string): Refused {
  const what = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}"`;
  const message = `${what}: the object has been modified; please apply your changes to the latest version and try again`;
  return refuse(409, "Conflict", message, identity(resource, name));
}

/** Fields whose values are not accepted. */
export function invalid(resource: ResourceType, name: string, causes: readonly Cause[]): Refused {
  const kind = resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
  const lines = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const text = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  const details: Json = { name, group: resource.group, kind: resource.kind, causes: causes.map((cause) => ({ ...cause })) };
  return refuse(422, "Invalid", `${kind} "${name}" is invalid: ${text}`, details);
}

/** An apply that would change fields of other managers, in the words of the API server (one conflict in a line, more as a list). */
export function applyConflict(conflicts: readonly Conflict[]): Refused {
  const causes = conflicts.map(({ manager, field }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${manager}`,
    field,
  }));
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1) {
    const message = `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.field}`;
    return refuse(409, "Conflict", message, { causes });
  }
  const managers = [...new Set(conflicts.map((conflict) => conflict.manager))].sort();
  const list = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((conflict) => conflict.manager === manager).map((conflict) => `- ${conflict.field}`),
  ]);
  return refuse(409, "Conflict", `Apply failed with ${conflicts.length} conflicts: ${list.join("\n")}`, { causes });
}
