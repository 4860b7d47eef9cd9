import { stringify } from "yaml";
import { type InventoryOptions, loadInventory } from "../load/load.ts";
import { renderDiagnostics } from "../report/diagnostics.ts";
import { addressTable } from "./address-table.ts";
import { exitCodes } from "./exit-codes.ts";
import { computedVariables } from "./pinned-addresses.ts";
import type { Write } from "./validate.ts";

/** Options of `underlay addresses plan`. `columns`: width of the table for people. */
export type AddressesOptions = InventoryOptions & { readonly output?: "plain" | "json" | "yaml"; readonly columns: number };

/**
 * `underlay addresses plan`: what the inventory's addresses, VLANs and paths are, given and computed. `json` is the plan as playbooks see it;
 * `yaml` is an inventory that holds what was computed, to keep it as it is: give it as a second `-i`. Exit code 0 or 4.
 */
export async function addressesPlan(options: AddressesOptions, write: Write): Promise<number> {
  const loaded = await loadInventory(options);
  if (!loaded.ok) {
    write(renderDiagnostics(loaded.diagnostics, loaded.sources));
    return exitCodes.refused;
  }
  const { plan, lacks, warnings, sources } = loaded.value;
  if (lacks.length > 0) {
    write(`error: there is no address plan: the inventory gives no ${lacks.join(", no ")}\n`);
    return exitCodes.refused;
  }
  if (options.output === "json") write(`${JSON.stringify(plan, null, 2)}\n`);
  else if (options.output === "yaml") write(pinned(computedVariables(loaded.value)));
  else {
    if (warnings.length > 0) write(`${renderDiagnostics(warnings, sources)}\n`);
    write(`${addressTable(loaded.value, options.columns)}\n`);
  }
  return exitCodes.done;
}

function pinned(hosts: Readonly<Record<string, unknown>>): string {
  if (Object.keys(hosts).length === 0) return "# Nothing was computed: the inventory gives every address.\nall: {}\n";
  return `# Computed by underlay addresses plan. Given as a second inventory (-i), it keeps these addresses when hosts come and go.\n${stringify({ all: { hosts } }, { lineWidth: 0 })}`;
}
