import { isObject } from "../../json.ts";
import type { KubeObject } from "../cluster.ts";
import { isKubeObject } from "./kube-output.ts";

/** An object with the fields of another laid over it: what an apply comes to when the API server cannot be asked. Lists are replaced. */
export function mergedObject(base: KubeObject, over: KubeObject): KubeObject {
  const both: unknown = merged(base, over);
  return isKubeObject(both) ? both : over;
}

function merged(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const fields = Object.entries(over).map(([name, value]) => {
    const below = base[name];
    return [name, isObject(value) && isObject(below) ? merged(below, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(fields) };
}
