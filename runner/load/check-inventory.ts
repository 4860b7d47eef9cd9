import type { Diagnostic } from "../diagnostic.ts";
import type { Evaluator } from "../expression/evaluator.ts";
import { check } from "../schema.ts";
import { addressRules } from "./address-rules.ts";
import { fabricRules } from "./fabric-rules.ts";
import type { CheckedHost } from "./inventory-rule.ts";
import { type KnownVariable, renderKnown } from "./known-variables.ts";
import type { Host, Inventory, Value, Variables } from "./model.ts";
import type { Problems } from "./problems.ts";
import type { Data } from "./render-tree.ts";
import { KnownVariables } from "./variables.ts";

/** What checking an inventory needs. */
export interface InventoryCheck {
  readonly evaluator: Evaluator;
  readonly inventory: Inventory;
  readonly extraVars: Variables;
  readonly plainSecrets: boolean;
  readonly problems: Problems;
}

/** Checks known variables against their schemas, and then what no schema can say: each rule is small and names all places that take part. */
export function checkInventory(context: InventoryCheck): void {
  const { inventory, extraVars, evaluator, plainSecrets, problems } = context;
  const hosts: CheckedHost[] = [];
  for (const host of inventory.hosts.values()) {
    const known = renderKnown(host, extraVars, evaluator, plainSecrets);
    for (const { variable, diagnostics } of known) {
      // What is literal is wrong for everyone who has it: no host needs to be named.
      const report = isLiteral(variable.value)
        ? problems.report
        : (diagnostic: Diagnostic) => problems.reportFor(host.name, diagnostic);
      for (const diagnostic of diagnostics) report(diagnostic);
    }
    hosts.push(checkedHost(host, known));
  }
  for (const rule of [...addressRules, ...fabricRules]) for (const diagnostic of rule(hosts)) problems.report(diagnostic);
}

function isLiteral(value: Value): boolean {
  if (value.kind === "template") return false;
  if (value.kind === "list") return value.items.every(isLiteral);
  return value.kind !== "map" || [...value.entries.values()].every(isLiteral);
}

function checkedHost(host: Host, known: readonly KnownVariable[]): CheckedHost {
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
