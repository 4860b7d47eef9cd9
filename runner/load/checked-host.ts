import { check } from "../schema.ts";
import type { CheckedHost } from "./inventory-rule.ts";
import type { KnownVariable } from "./known-variables.ts";
import type { Host } from "./model.ts";
import type { Data } from "./render-tree.ts";
import { KnownVariables } from "./variables.ts";

/** A host with those of its known variables that are valid and fully known. */
export function checkedHost(host: Host, known: readonly KnownVariable[]): CheckedHost {
  const valid: { [name: string]: Data } = {};
  for (const { name, tree, diagnostics } of known) if (diagnostics.length === 0 && tree.complete) valid[name] = tree.data;
  const checked = check(KnownVariables, valid);
  const place: CheckedHost["place"] = (name, key) => {
    const value = known.find((variable) => variable.name === name)?.variable.value;
    if (value === undefined) return host.at;
    return (key !== undefined && value.kind === "map" ? value.entries.get(key)?.at : undefined) ?? value.at;
  };
  return { name: host.name, kind: host.kind, known: checked.ok ? checked.value : {}, at: host.at, place };
}
