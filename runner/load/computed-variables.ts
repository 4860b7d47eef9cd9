import { readInput } from "../address-plan/input.ts";
import type { AddressPlan } from "../address-plan/plan.ts";
import { valueFrom } from "../value.ts";
import type { CheckedHost } from "./inventory-rule.ts";
import type { Host, Inventory, Variable, Variables } from "./model.ts";

/** Variables of hosts that the address plan gives where the inventory does not. */
const COMPUTED_NAMES = ["address", "address6", "addresses", "gateways", "vlan"] as const;

type ComputedName = (typeof COMPUTED_NAMES)[number];

/** The inventory variable that a computed one comes from, its key, and where it is written. */
type Source = readonly [variable: "cluster" | "ipv6" | "l3out", key: string];

/**
 * The same inventory with computed variables laid under its own: `addresses` and `gateways` of every node, `address`, `address6` and `vlan` where they
 * are missing; `address` and `address6` of anchor leaves. Each has the place of the variable that it comes from.
 */
export function withComputed(inventory: Inventory, plan: AddressPlan, hosts: readonly CheckedHost[]): Inventory {
  const computed = new Map<string, Map<string, Variable>>();
  const { says } = readInput(hosts).input;
  const places = new Map((["cluster", "ipv6", "l3out"] as const).map((variable) => [variable, says(variable)]));
  const add = (host: string, name: ComputedName, data: unknown, [variable, key]: Source): void => {
    const at = places.get(variable)?.place(variable, key);
    if (at === undefined) return;
    const own = computed.get(host) ?? new Map<string, Variable>();
    computed.set(
      host,
      own.set(name, { value: valueFrom(data, at), origin: "computed", source: `computed from ${variable}.${key}` }),
    );
  };
  const subnet = (index: number): Source => [index === 0 ? "cluster" : "ipv6", "node_subnet"];
  for (const node of plan.nodes) {
    add(node.name, "addresses", node.addresses, subnet(0));
    add(node.name, "gateways", node.gateways, subnet(0));
    for (const [index, address] of node.addresses.entries())
      add(node.name, index === 0 ? "address" : "address6", address, subnet(index));
    if (node.vlan !== null) add(node.name, "vlan", node.vlan, ["l3out", plan.svi === "floating" ? "vlan" : "vlans"]);
  }
  for (const [index, family] of plan.families.entries()) {
    for (const leaf of plan.leaves) {
      const address = family.anchors.find(({ node_id }) => node_id === leaf.node_id)?.address;
      if (address !== undefined) add(leaf.name, index === 0 ? "address" : "address6", address, subnet(index));
    }
  }
  if (computed.size === 0) return inventory;
  const all = [...inventory.hosts].map(([name, host]) => {
    const own = computed.get(name);
    return [name, own === undefined ? host : { ...host, vars: new Map([...own, ...host.vars]) }] as const;
  });
  return { ...inventory, hosts: new Map(all) };
}

/** The names that a host would have got from a plan, with the reason why it has not. */
export function unplannedNames(host: Host, extraVars: Variables): Readonly<Record<string, string>> {
  const missing = COMPUTED_NAMES.filter((name) => !host.vars.has(name) && !extraVars.has(name));
  return Object.fromEntries(missing.map((name) => [name, "the address plan is wrong"]));
}

/** An inventory as the files give it. */
export function withoutComputed(inventory: Inventory): Inventory {
  const hosts = [...inventory.hosts].map(([name, host]) => {
    const given = [...host.vars].filter(([, variable]) => variable.origin !== "computed");
    return [name, given.length === host.vars.size ? host : { ...host, vars: new Map(given) }] as const;
  });
  return { ...inventory, hosts: new Map(hosts) };
}
