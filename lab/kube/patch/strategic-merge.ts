import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../../../runner/json.ts";
import type { Shape } from "../apply/shape.ts";
import { isJsonObject, isList } from "../objects/kube-object.ts";

/**
 * Strategic merge patch (Kubernetes API conventions): a merge patch that knows associative lists, with the directives `$patch`,
 * `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…`. The order directive is taken as said by the patch itself.
 */
export function strategicMerge(target: Json | undefined, patch: Json, shape: Shape): Json {
  if (isList(patch)) return isList(target) ? mergeList(target, patch, shape) : patch.filter((entry) => !isDirective(entry));
  if (!isJsonObject(patch)) return patch;
  if (patch.$patch === "replace") return fields(patch);
  return mergeFields(isJsonObject(target) ? target : {}, patch, shape);
}

function mergeFields(target: JsonObject, patch: JsonObject, shape: Shape): JsonObject {
  const retain = patch.$retainKeys;
  const kept = Object.entries(target).filter(([name]) => !isList(retain) || retain.includes(name));
  const result: Record<string, Json> = Object.fromEntries(kept);
  for (const [name, value] of Object.entries(patch)) {
    const dropped = /^\$deleteFromPrimitiveList\/(.+)$/.exec(name)?.[1];
    const list = dropped === undefined ? undefined : result[dropped];
    if (dropped !== undefined && isList(value) && isList(list)) {
      result[dropped] = list.filter((entry) => !value.some((gone) => isDeepStrictEqual(gone, entry)));
    }
    if (name.startsWith("$")) continue;
    if (value === null || (isJsonObject(value) && value.$patch === "delete")) delete result[name];
    else result[name] = strategicMerge(result[name], value, shape.field(name));
  }
  return result;
}

function mergeList(target: readonly Json[], patch: readonly Json[], shape: Shape): readonly Json[] {
  const key = shape.keys?.[0];
  if (patch.some((entry) => isJsonObject(entry) && entry.$patch === "replace"))
    return patch.filter((entry) => !isDirective(entry));
  if (key === undefined) return shape.set ? [...new Set([...target, ...patch])] : patch;
  const result = [...target];
  for (const entry of patch) {
    const index = result.findIndex(
      (found) => isJsonObject(found) && isJsonObject(entry) && isDeepStrictEqual(found[key], entry[key]),
    );
    if (isJsonObject(entry) && entry.$patch === "delete") {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) result[index] = strategicMerge(result[index], entry, shape.item());
    else result.push(entry);
  }
  return result;
}

function isDirective(entry: Json): boolean {
  return isJsonObject(entry) && entry.$patch !== undefined;
}

function fields(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith("$")));
}
