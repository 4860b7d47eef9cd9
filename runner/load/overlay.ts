import { errorAt } from "../diagnostic.ts";
import type { Evaluated } from "../expression/evaluator.ts";
import type { JsonObject } from "../json.ts";
import { valueFrom } from "../value.ts";
import { knownVariables } from "./known-variables.ts";
import type { Loaded, LoadedInventory } from "./load.ts";
import type { Inventory, Value, Variable } from "./model.ts";
import { planInventory } from "./planned.ts";
import type { KnownVariables } from "./variables.ts";

/**
 * Variables laid over an inventory's after loading: where the lab's parts listen and how to log in. Maps are merged key by key, so
 * `{ fabric: { ca_file: "…" } }` leaves the rest of `fabric` alone. Origin `lab` in `inventory show`.
 */
export interface Overlay {
  readonly all: JsonObject;
  readonly hosts: Readonly<Record<string, JsonObject>>;
}

const AT = { file: "lab", line: 1, column: 1, length: 1 };

/** The same run, its address plan made again, with an overlay over every host's variables (and over extra variables of the same name). Its evaluator sees it. */
export function applyOverlay(loaded: Loaded, overlay: Overlay): Loaded {
  const hosts = new Map(
    [...loaded.inventory.hosts].map(([name, host]) => {
      const vars = new Map(host.vars);
      for (const [key, value] of [...Object.entries(overlay.all), ...Object.entries(overlay.hosts[name] ?? {})]) {
        vars.set(key, laidOver(vars.get(key), valueFrom(value, AT)));
      }
      return [name, { ...host, vars }];
    }),
  );
  const extraVars = new Map(loaded.extraVars);
  for (const [key, value] of Object.entries(overlay.all)) {
    const known = extraVars.get(key);
    if (known !== undefined) extraVars.set(key, { ...known, value: merged(known.value, valueFrom(value, AT)) });
  }
  const inventory: Inventory = { ...loaded.inventory, hosts };
  const planned = planInventory(inventory, extraVars, loaded.evaluator);
  const { plan, lacks, evaluator } = planned;
  return { ...loaded, extraVars, inventory: planned.inventory, plan, lacks, evaluator };
}

function laidOver(below: Variable | undefined, value: Value): Variable {
  return { value: below === undefined ? value : merged(below.value, value), origin: "lab", source: "lab" };
}

function merged(below: Value, above: Value): Value {
  if (below.kind !== "map" || above.kind !== "map") return above;
  const entries = new Map(below.entries);
  for (const [key, value] of above.entries) {
    const old = entries.get(key);
    entries.set(key, old === undefined ? value : merged(old, value));
  }
  return { ...below, entries };
}

/** The rendered known variables of a host: inventory and extra ones. */
export function hostVariables(loaded: LoadedInventory, host: string): Evaluated<KnownVariables> {
  const found = loaded.inventory.hosts.get(host);
  if (found === undefined) return { kind: "error", diagnostic: errorAt(undefined, "unknown-host", `there is no host ${host}`) };
  return knownVariables(found, loaded.extraVars, loaded.evaluator);
}
