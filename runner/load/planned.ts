import { type ComputedPlan, computePlan } from "../address-plan/compute.ts";
import type { AddressPlan } from "../address-plan/plan.ts";
import type { Evaluator, Rendered, Underlay } from "../expression/evaluator.ts";
import { checkedHost } from "./checked-host.ts";
import { withComputed, withoutComputed } from "./computed-variables.ts";
import { renderKnown } from "./known-variables.ts";
import type { Inventory, Variables } from "./model.ts";
import type { KnownVariables } from "./variables.ts";

/** An inventory with its address plan: computed variables are in it, and the evaluator knows `underlay`. */
export interface Planned extends ComputedPlan {
  readonly inventory: Inventory;
  readonly evaluator: Evaluator;
  /** False: there is no plan because something in the inventory is wrong. */
  readonly sound: boolean;
  /** What the evaluator knows as `underlay`. */
  readonly underlay: Underlay;
}

/** What a plan is made from. Only these are rendered: others may use what is computed. */
const SOURCES: ReadonlySet<keyof KnownVariables> = new Set([
  "fabric",
  "l3out",
  "cluster",
  "cni",
  "ipv6",
  "node_id",
  "router_id",
  "rack_id",
  "address",
  "address6",
  "leaves",
  "attachment",
  "policy_group",
  "ports",
  "vlan",
]);

/**
 * Computes the plan of an inventory, anew when it was computed before (an overlay may have changed it). Variables that are wrong count as not given:
 * checking the inventory reports them.
 */
export function planInventory(inventory: Inventory, extraVars: Variables, evaluator: Evaluator): Planned {
  const given = withoutComputed(inventory);
  const bare = evaluator.over(given, extraVars, { kind: "unknown", reason: "the address plan is being made" });
  const known = [...given.hosts.values()].map((host) => ({
    host,
    own: renderKnown(host, extraVars, bare, true, { only: SOURCES }),
  }));
  const hosts = known.map(({ host, own }) => checkedHost(host, own));
  const computed = computePlan(hosts);
  const planned = withComputed(given, computed.plan, hosts);
  const underlay = underlayOf(computed);
  const bad = computed.wrong.length > 0 || known.some(({ own }) => own.some(({ diagnostics }) => diagnostics.length > 0));
  const sound = !bad || computed.plan.families.length > 0;
  return { ...computed, inventory: planned, underlay, sound, evaluator: evaluator.over(planned, extraVars, underlay) };
}

function underlayOf({ plan, lacks, wrong }: ComputedPlan): Underlay {
  if (wrong.length > 0) return { kind: "unknown", reason: "the address plan is wrong" };
  if (lacks.length > 0) return { kind: "absent", reason: `the inventory gives no ${lacks.join(", no ")}` };
  return { kind: "value", value: plainPlan(plan) };
}

/** The plan as plain data. */
function plainPlan(plan: AddressPlan): Rendered {
  const data: Rendered = JSON.parse(JSON.stringify(plan));
  return data;
}
