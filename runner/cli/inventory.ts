import type { Rendered } from "../expression/evaluator.ts";
import { hostScope } from "../load/known-variables.ts";
import { type InventoryOptions, type LoadedInventory, loadInventory } from "../load/load.ts";
import type { Host, Variable } from "../load/model.ts";
import { hintFor } from "../nearest.ts";
import { place, renderDiagnostics } from "../report/diagnostics.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Output, Write } from "./validate.ts";

/** Options of both inventory verbs. */
export type InventoryVerbOptions = InventoryOptions & { readonly output?: Output };

interface Row {
  readonly name: string;
  readonly value: string;
  readonly origin: string;
}

/** Longest value shown on one line. */
const VALUE_WIDTH = 44;

/** `underlay inventory show HOST`: every variable with its value (secrets masked) and where it came from. Exit code 0 or 4. */
export async function inventoryShow(hostName: string, options: InventoryVerbOptions, write: Write): Promise<number> {
  const loaded = await loadInventory(options);
  if (!loaded.ok) {
    write(renderDiagnostics(loaded.diagnostics, loaded.sources));
    return exitCodes.refused;
  }
  const { inventory, extraVars } = loaded.value;
  const host = inventory.hosts.get(hostName);
  if (host === undefined) {
    const hint = hintFor(hostName, inventory.hosts.keys());
    write(`error: there is no host ${hostName} in the inventory${hint === undefined ? "" : `\n  hint: ${hint}`}\n`);
    return exitCodes.refused;
  }
  const variables = new Map([...host.vars, ...extraVars]);
  if (options.output === "json") {
    const shown = [...variables].map(([name, variable]) => [
      name,
      {
        value: shownValue(loaded.value, host, name),
        origin: variable.origin,
        source: variable.source,
        at: place(variable.value.at),
      },
    ]);
    write(
      `${JSON.stringify({ host: host.name, kind: host.kind, groups: host.groups, variables: Object.fromEntries(shown) }, null, 2)}\n`,
    );
    return 0;
  }
  const rows = [...variables]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([name, variable]) => rowsOf(name, shownValue(loaded.value, host, name), variable));
  write(`${host.name}  ${host.kind}  groups: ${host.groups.join(", ")}\n\n${table(rows)}\n`);
  return 0;
}

/** The rendered value; what cannot be rendered is said in its place. */
function shownValue({ evaluator, extraVars }: LoadedInventory, host: Host, name: string): Rendered {
  const outcome = evaluator.variable(name, hostScope(host, extraVars));
  if (outcome.kind === "value") return outcome.value;
  return outcome.kind === "unknown" ? `(unknown: ${outcome.reason})` : `(${outcome.diagnostic.message})`;
}

/** A map becomes one row for each of its keys. */
function rowsOf(name: string, value: Rendered, variable: Variable): Row[] {
  const { at } = variable.value;
  const origin = `${variable.source}  ${at.file}:${at.line}`;
  if (!isPlainMap(value)) return [{ name, value: shorten(JSON.stringify(value)), origin }];
  return [
    { name, value: "", origin },
    ...Object.entries(value).map(([key, item]) => ({ name: `  ${key}`, value: shorten(JSON.stringify(item)), origin: "" })),
  ];
}

function isPlainMap(value: Rendered): value is { readonly [key: string]: Rendered } {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function shorten(text: string): string {
  return text.length <= VALUE_WIDTH ? text : `${text.slice(0, VALUE_WIDTH - 1)}…`;
}

function table(rows: readonly Row[]): string {
  const nameWidth = Math.max(0, ...rows.map(({ name }) => name.length));
  const valueWidth = Math.max(0, ...rows.filter(({ origin }) => origin !== "").map(({ value }) => value.length));
  return rows
    .map(({ name, value, origin }) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${origin}`.trimEnd())
    .join("\n");
}

/** `underlay inventory graph`: groups, their child groups and hosts as a tree, drawn as Ansible does. Exit code 0 or 4. */
export async function inventoryGraph(options: InventoryVerbOptions, write: Write): Promise<number> {
  const loaded = await loadInventory(options);
  if (!loaded.ok) {
    write(renderDiagnostics(loaded.diagnostics, loaded.sources));
    return exitCodes.refused;
  }
  const { inventory } = loaded.value;
  const branch = (name: string, depth: number): string[] => {
    const children = inventory.children.get(name) ?? [];
    const inside = new Set(children.flatMap((child) => inventory.groups.get(child) ?? []));
    const hosts = (inventory.groups.get(name) ?? []).filter((host) => !inside.has(host));
    const indent = (level: number): string => (level === 0 ? "" : `${"  |".repeat(level)}--`);
    return [
      `${indent(depth)}@${name}:`,
      ...children.flatMap((child) => branch(child, depth + 1)),
      ...hosts.map((host) => `${indent(depth + 1)}${host}`),
    ];
  };
  if (options.output === "json") {
    write(
      `${JSON.stringify({ groups: Object.fromEntries(inventory.groups), children: Object.fromEntries(inventory.children) }, null, 2)}\n`,
    );
    return 0;
  }
  write(`${branch("all", 0).join("\n")}\n`);
  return 0;
}
