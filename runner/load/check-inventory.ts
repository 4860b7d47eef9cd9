import type { AddressPlan } from "../address-plan/plan.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Evaluator } from "../expression/evaluator.ts";
import { addressRules } from "./address-rules.ts";
import { checkedHost } from "./checked-host.ts";
import { unplannedNames } from "./computed-variables.ts";
import { fabricRules } from "./fabric-rules.ts";
import type { CheckedHost } from "./inventory-rule.ts";
import { renderKnown } from "./known-variables.ts";
import type { Inventory, Value, Variables } from "./model.ts";
import { paperRules } from "./paper-rules.ts";
import type { Problems } from "./problems.ts";

/** What checking an inventory needs. */
export interface InventoryCheck {
  readonly evaluator: Evaluator;
  /** With computed variables. */
  readonly inventory: Inventory;
  readonly plan: AddressPlan;
  /** Whether computed variables that are missing are missing because something else is wrong. */
  readonly soundPlan: boolean;
  readonly extraVars: Variables;
  readonly plainSecrets: boolean;
  readonly problems: Problems;
}

/** Checks known variables against their schemas, and then what no schema can say: each rule is small and names all places that take part. */
export function checkInventory(context: InventoryCheck): void {
  const { inventory, plan, soundPlan, extraVars, evaluator, plainSecrets, problems } = context;
  const hosts: CheckedHost[] = [];
  for (const host of inventory.hosts.values()) {
    const unknown = soundPlan ? {} : unplannedNames(host, extraVars);
    const known = renderKnown(host, extraVars, evaluator, plainSecrets, { unknown });
    for (const { variable, diagnostics } of known) {
      // What is literal is wrong for everyone who has it: no host needs to be named.
      const report = isLiteral(variable.value)
        ? problems.report
        : (diagnostic: Diagnostic) => problems.reportFor(host.name, diagnostic);
      for (const diagnostic of diagnostics) report(diagnostic);
    }
    hosts.push(checkedHost(host, known));
  }
  for (const rule of [...addressRules, ...fabricRules, ...paperRules])
    for (const diagnostic of rule(hosts, plan)) problems.report(diagnostic);
}

function isLiteral(value: Value): boolean {
  if (value.kind === "template") return false;
  if (value.kind === "list") return value.items.every(isLiteral);
  return value.kind !== "map" || [...value.entries.values()].every(isLiteral);
}
