import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../../runner/json.ts";
import { isJsonObject, isList, textAt, valueAt } from "../objects/kube-object.ts";

/** A patched value, or why the patch does not fit. */
export type Patched = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string };

type Edit = (found: Json | undefined) => Json | undefined;

/** JSON patch (RFC 6902) with `add`, `remove`, `replace`, `test`, `copy` and `move`. */
export function jsonPatch(target: Json, patch: Json): Patched {
  if (!isList(patch)) return { ok: false, message: "a JSON patch is a list of operations" };
  let value = target;
  for (const operation of patch) {
    const next = applyOperation(value, operation);
    if (!next.ok) return next;
    value = next.value;
  }
  return { ok: true, value };
}

function applyOperation(target: Json, operation: Json): Patched {
  const name = textAt(operation, "op");
  const path = textAt(operation, "path");
  const given = valueAt(operation, "value") ?? null;
  const source = read(target, steps(textAt(operation, "from")));
  const missing = { ok: false, message: `${name} operation does not apply: doc is missing path: ${path}` } as const;
  if (name === "add") return edit(target, steps(path), () => given, true) ?? missing;
  if (name === "test") {
    const same = isDeepStrictEqual(read(target, steps(path)) ?? null, given);
    return same ? { ok: true, value: target } : { ok: false, message: `testing value ${path} failed` };
  }
  if (name === "copy" || name === "move") {
    if (source === undefined) return missing;
    const rest = name === "copy" ? target : edit(target, steps(textAt(operation, "from")), () => undefined, false)?.value;
    return (rest === undefined ? undefined : edit(rest, steps(path), () => source, true)) ?? missing;
  }
  if (read(target, steps(path)) === undefined) return missing;
  if (name === "replace") return edit(target, steps(path), () => given, false) ?? missing;
  if (name === "remove") return edit(target, steps(path), () => undefined, false) ?? missing;
  return { ok: false, message: `unexpected kind of patch operation: ${name}` };
}

function steps(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function read(value: Json, path: readonly string[]): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) current = isList(current) ? current[Number(step)] : valueAt(current, step);
  return current;
}

function edit(
  value: Json,
  path: readonly string[],
  change: Edit,
  insert: boolean,
): { readonly ok: true; readonly value: Json } | undefined {
  const [step, ...rest] = path;
  if (step === undefined) {
    const changed = change(value);
    return changed === undefined ? undefined : { ok: true, value: changed };
  }
  if (isList(value)) return editList(value, step, rest, change, insert);
  if (!isJsonObject(value)) return undefined;
  const child = value[step];
  const changed = rest.length === 0 ? change(child) : child === undefined ? undefined : edit(child, rest, change, insert)?.value;
  if (changed === undefined && rest.length > 0) return undefined;
  const others = Object.entries(value).filter(([name]) => name !== step);
  return { ok: true, value: Object.fromEntries(changed === undefined ? others : [...others, [step, changed]]) };
}

function editList(value: readonly Json[], step: string, rest: readonly string[], change: Edit, insert: boolean) {
  const index = step === "-" ? value.length : Number(step);
  const child = value[index];
  if (rest.length > 0) {
    const changed = child === undefined ? undefined : edit(child, rest, change, insert);
    return changed === undefined ? undefined : ({ ok: true, value: value.with(index, changed.value) } as const);
  }
  if (!Number.isInteger(index) || index < 0 || index > value.length) return undefined;
  const changed = change(child);
  return { ok: true, value: value.toSpliced(index, insert ? 0 : 1, ...(changed === undefined ? [] : [changed])) } as const;
}
