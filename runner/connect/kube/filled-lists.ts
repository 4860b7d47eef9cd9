import { isObject } from "../../json.ts";
import type { KubeObject, Manifest } from "../cluster.ts";
import { isKubeObject } from "./kube-output.ts";

/** An object whose listed lists take over, item by item, the fields that are found in the cluster and not set here. */
export function filledIn(object: KubeObject, live: KubeObject, lists: NonNullable<Manifest["filledLists"]>): KubeObject {
  const filled = lists.reduce<unknown>((value, { path, key }) => fillAt(value, live, path, key), object);
  return isKubeObject(filled) ? filled : object;
}

function fillAt(wanted: unknown, found: unknown, path: readonly string[], key: string): unknown {
  const [field, ...rest] = path;
  if (field === undefined) return fillItems(wanted, found, key);
  if (!isObject(wanted) || !isObject(found) || !(field in wanted)) return wanted;
  return { ...wanted, [field]: fillAt(wanted[field], found[field], rest, key) };
}

function fillItems(wanted: unknown, found: unknown, key: string): unknown {
  if (!Array.isArray(wanted) || !Array.isArray(found)) return wanted;
  return wanted.map((item: unknown) => {
    if (!isObject(item)) return item;
    const same = found.find((other: unknown) => isObject(other) && other[key] === item[key]);
    return isObject(same) ? { ...same, ...item } : item;
  });
}
