import type { LoadedInventory } from "../load/load.ts";
import type { Variable } from "../load/model.ts";

/** Variables that can be written into an inventory; `addresses` and `gateways` follow from them. */
const PINNED = ["address", "address6", "vlan"] as const;

/** The computed variables of each host that has any, as an inventory would give them. */
export function computedVariables({
  inventory,
  extraVars,
  plan,
}: LoadedInventory): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const hosts: Record<string, Record<string, unknown>> = {};
  for (const { name } of [...plan.leaves, ...plan.nodes]) {
    for (const key of PINNED) {
      const variable = inventory.hosts.get(name)?.vars.get(key);
      const data = computedText(variable);
      // With a floating SVI all nodes follow l3out.vlan.
      if (data === undefined || extraVars.has(key) || (key === "vlan" && plan.svi === "floating")) continue;
      hosts[name] = { ...hosts[name], [key]: data };
    }
  }
  return hosts;
}

/** The data of a computed variable; undefined for every other. */
function computedText(variable: Variable | undefined): string | number | undefined {
  if (variable?.origin !== "computed" || variable.value.kind !== "literal") return undefined;
  const { value } = variable.value;
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}
