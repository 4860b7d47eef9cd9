import { createEvaluator } from "../../runner/expression/create-evaluator.ts";
import type { Evaluated, Rendered, Scope } from "../../runner/expression/evaluator.ts";
import { isTemplate } from "../../runner/expression/scan.ts";
import type { Host, Inventory, Value, Variable } from "../../runner/load/model.ts";
import { Secret } from "../../runner/secret.ts";
import { valueFrom } from "../../runner/value.ts";

export const at = { file: "vars.yaml", line: 1, column: 1, length: 1 };

export function value(data: unknown): Value {
  if (data instanceof Secret) return { kind: "secret", secret: data, at };
  if (typeof data === "string" && isTemplate(data)) return { kind: "template", text: data, at };
  if (Array.isArray(data)) return { kind: "list", items: data.map(value), at };
  if (typeof data === "object" && data !== null) {
    return { kind: "map", entries: new Map(Object.entries(data).map(([key, item]) => [key, value(item)])), at };
  }
  return valueFrom(data, at);
}

export function vars(data: Record<string, unknown>): Map<string, Variable> {
  return new Map(Object.entries(data).map(([name, item]) => [name, { value: value(item), origin: "host", source: "test" }]));
}

const host = (name: string, kind: Host["kind"], data: Record<string, unknown>): Host => ({
  name,
  kind,
  groups: ["all", "leaves"],
  vars: vars(data),
  at,
});
export const password = new Secret("canary-77");
export const inventory: Inventory = {
  sources: [],
  hosts: new Map([
    [
      "leaf1",
      host("leaf1", "leaf", { node_id: 201, rack_id: 1, address: "192.168.2.201/24", own: "{{ node_id + 1 }}", password }),
    ],
    ["leaf2", host("leaf2", "leaf", { node_id: 202, rack_id: 2, address: "192.168.2.202/24", broken: "{{ nothing.at_all }}" })],
    ["localhost", host("localhost", "localhost", {})],
  ]),
  groups: new Map([
    ["all", ["leaf1", "leaf2"]],
    ["leaves", ["leaf1", "leaf2"]],
  ]),
  children: new Map(),
  lab: false,
};

export async function evaluator(secrets = new Set<Secret>()) {
  return createEvaluator({ inventory, extraVars: new Map(), sources: new Map(), secrets });
}

export function scope(data: Record<string, unknown>, extra: Partial<Scope> = {}): Scope {
  return { host: "leaf1", layers: [vars(data)], facts: {}, unknown: {}, ...extra };
}

export async function render(
  text: string,
  data: Record<string, unknown> = {},
  extra: Partial<Scope> = {},
): Promise<Evaluated<Rendered>> {
  return (await evaluator()).render(value(text), scope(data, extra));
}

export async function rule(text: string, data: Record<string, unknown> = {}): Promise<string> {
  const outcome = await render(text, data);
  return outcome.kind === "error" ? `${outcome.diagnostic.rule}: ${outcome.diagnostic.message}` : JSON.stringify(outcome);
}
