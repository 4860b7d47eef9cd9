import { ok, type Result } from "../../result.ts";
import type { KubeObject, ListOptions, ObjectReference } from "../cluster.ts";
import type { Discovery } from "./discovery.ts";
import { documents, stubOf } from "./documents.ts";
import { parseObjects } from "./kube-output.ts";
import { type Programs, READ_RETRIES } from "./programs.ts";

/** With it objects come with `metadata.managedFields`, who set which field: as much text again, needed only for comparing. */
export const WITH_MANAGERS = "--show-managed-fields";

/** Reads objects of served kinds in one kubectl process. Absent ones are left out. */
export async function readObjects(
  programs: Programs,
  references: readonly ObjectReference[],
  ...flags: readonly (typeof WITH_MANAGERS)[]
): Promise<Result<readonly KubeObject[]>> {
  if (references.length === 0) return ok([]);
  const got = await programs.kubectl({
    arguments: ["get", "-f", "-", "-o", "json", "--ignore-not-found", ...flags],
    input: documents(references.map(stubOf)),
    retries: READ_RETRIES,
  });
  return got.ok ? parseObjects("kubectl get -f -", got.value.stdout) : got;
}

/** The references whose kind the cluster serves, and the others. */
export async function splitServed<T>(
  discovery: Discovery,
  items: readonly T[],
  kindOf: (item: T) => { readonly apiVersion: string; readonly kind: string },
): Promise<Result<{ readonly served: readonly T[]; readonly unserved: readonly T[] }>> {
  const served: T[] = [];
  const unserved: T[] = [];
  for (const item of items) {
    const { apiVersion, kind } = kindOf(item);
    const found = await discovery.find(apiVersion, kind);
    if (!found.ok) return found;
    (found.value === undefined ? unserved : served).push(item);
  }
  return ok({ served, unserved });
}

/** All objects of several served resources, by their full names, in one kubectl process, with their field managers. */
export async function readAll(programs: Programs, resources: readonly string[]): Promise<Result<readonly KubeObject[]>> {
  if (resources.length === 0) return ok([]);
  const args = ["get", resources.join(","), "-o", "json", "--all-namespaces", WITH_MANAGERS];
  const got = await programs.kubectl({ arguments: args, retries: READ_RETRIES });
  return got.ok ? parseObjects(`kubectl ${args.join(" ")}`, got.value.stdout) : got;
}

/** All objects of a resource by its full name; undefined when the cluster does not serve it. */
export async function listObjects(
  programs: Programs,
  discovery: Discovery,
  resource: string,
  options: ListOptions = {},
): Promise<Result<readonly KubeObject[] | undefined>> {
  const served = await discovery.serves(resource);
  if (!served.ok) return served;
  if (!served.value) return ok(undefined);
  const scope = options.namespace === undefined ? ["--all-namespaces"] : ["--namespace", options.namespace];
  const selector = options.selector === undefined ? [] : ["--selector", options.selector];
  const fields = options.fields === undefined ? [] : ["--field-selector", options.fields];
  const args = ["get", resource, "-o", "json", ...scope, ...selector, ...fields];
  const got = await programs.kubectl({ arguments: args, retries: READ_RETRIES });
  return got.ok ? parseObjects(`kubectl ${args.join(" ")}`, got.value.stdout) : got;
}
