import { isObject } from "../../json.ts";
import { failed, ok, type Result } from "../../result.ts";
import { Secret } from "../../secret.ts";
import type { KubeObject, Manifest, ObjectReference } from "../cluster.ts";
import { targetOf } from "./object-name.ts";
import { openAnnotation, withSecretAnnotations } from "./secret-annotations.ts";

/** What kubectl is given on standard input: JSON documents. Not a `List`: kubectl would look for a schema of that kind. */
export function documents(objects: readonly unknown[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join("---\n");
}

/** The least that names an object, for `get -f -` and `delete -f -`. */
export function stubOf({ apiVersion, kind, name, namespace }: ObjectReference): unknown {
  return { apiVersion, kind, metadata: namespace === undefined ? { name } : { name, namespace } };
}

/**
 * The object as it is sent. For kind Secret, plain `stringData` and `secretData` become `data` in Base64, because the API server
 * forgets who owns `stringData` and every apply would look like a change. `secretAnnotations` are put in. A Secret value anywhere else
 * is refused: it would end up readable for everybody, or be written as a mask.
 */
export function sendable(manifest: Manifest): Result<KubeObject> {
  const { object, secretData = {}, secretAnnotations = {} } = manifest;
  if (object.kind !== "Secret") {
    const place = Object.keys(secretData).length > 0 ? "secretData" : placeOfSecret(object, "");
    const open = place ?? openAnnotation(secretAnnotations);
    return open === undefined ? ok(withSecretAnnotations(object, secretAnnotations)) : misplaced(object, open);
  }
  const { stringData, data, ...rest } = object;
  const place = placeOfSecret({ ...rest, data }, "");
  if (place !== undefined) return misplaced(object, place);
  const texts = { ...(isObject(stringData) ? stringData : {}), ...secretData };
  const encoded = Object.entries(texts).map(([name, text]) => {
    const plain = text instanceof Secret ? text.reveal() : String(text);
    return [name, Buffer.from(plain).toString("base64")] as const;
  });
  return ok({ ...rest, data: { ...(isObject(data) ? data : {}), ...Object.fromEntries(encoded) } });
}

function placeOfSecret(value: unknown, path: string): string | undefined {
  if (value instanceof Secret) return path;
  if (Array.isArray(value)) return firstPlace(value.map((item, index) => [`${path}[${index}]`, item]));
  if (isObject(value)) return firstPlace(Object.entries(value).map(([name, field]) => [`${path}.${name}`, field]));
  return undefined;
}

function firstPlace(fields: readonly (readonly [string, unknown])[]): string | undefined {
  for (const [path, value] of fields) {
    const place = placeOfSecret(value, path);
    if (place !== undefined) return place;
  }
  return undefined;
}

function misplaced(object: KubeObject, place: string): Result<never> {
  return failed({
    kind: "failed",
    doing: `prepare ${targetOf(object)}`,
    message: `${place} holds a secret`,
    meaning: "only stringData of a Secret may hold one: everywhere else whoever can read the object can read it",
    next: "put the value into stringData of an object of kind Secret and refer to that",
  });
}
