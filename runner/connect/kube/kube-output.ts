import { isObject } from "../../json.ts";
import { failed, ok, type Result } from "../../result.ts";
import type { KubeObject } from "../cluster.ts";

/** Objects in kubectl's JSON output: nothing at all, one object, or a List. */
export function parseObjects(doing: string, text: string): Result<readonly KubeObject[]> {
  if (text.trim() === "") return ok([]);
  const parsed = parseJson(text);
  const items = isObject(parsed) && Array.isArray(parsed.items) ? parsed.items : [parsed];
  const objects = items.filter(isKubeObject);
  if (objects.length === items.length) return ok(objects);
  return failed({
    kind: "failed",
    doing,
    message: "the output is not a list of Kubernetes objects",
    next: "check that cluster.kubectl is kubectl, not a wrapper that prints something else",
  });
}

/** Parses JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value has what every Kubernetes object has. */
export function isKubeObject(value: unknown): value is KubeObject {
  if (!isObject(value) || typeof value.apiVersion !== "string" || typeof value.kind !== "string") return false;
  const { metadata } = value;
  return isObject(metadata) && typeof metadata.name === "string" && isTextOrAbsent(metadata.namespace);
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}
