import type { CheckedHost } from "../load/inventory-rule.ts";
import type { KnownVariables } from "../load/variables.ts";
import type { LeafPlan } from "./plan.ts";

/** What a plan is made from: who says the inventory-wide variables, the leaves and the nodes. */
export interface PlanInput {
  /** The host whose value of an inventory-wide variable counts: localhost's, else the first host's that has one. */
  readonly says: (name: keyof KnownVariables) => CheckedHost | undefined;
  readonly leaves: readonly PlanLeaf[];
  /** In inventory order. */
  readonly nodes: readonly CheckedHost[];
}

/** A leaf as the plan shows it, and the host it comes from. */
export interface PlanLeaf {
  readonly plan: LeafPlan;
  readonly host: CheckedHost;
}

/** The input, and what of it the inventory does not give (`cluster.node_subnet`, `router_id of leaf201`). */
export interface ReadInput {
  readonly input: PlanInput;
  readonly lacks: readonly string[];
}

const CLUSTER = ["node_subnet", "pod_subnet", "service_subnet"] as const;

/** Takes what the plan needs from an inventory's hosts. */
export function readInput(hosts: readonly CheckedHost[]): ReadInput {
  const ordered = [...hosts.filter(({ kind }) => kind === "localhost"), ...hosts];
  const says: PlanInput["says"] = (name) => ordered.find(({ known }) => known[name] !== undefined);
  const lacks: string[] = [];
  const cluster = says("cluster")?.known.cluster;
  for (const key of CLUSTER) if (cluster?.[key] === undefined) lacks.push(`cluster.${key}`);
  if (says("l3out")?.known.l3out?.interface_profile === undefined) lacks.push("l3out.interface_profile");
  const leafHosts = hosts.filter(({ kind }) => kind === "leaf");
  if (leafHosts.length === 0) lacks.push("hosts in group leaves");
  const leaves = leafHosts.flatMap((host): PlanLeaf[] => {
    const { node_id, router_id, rack_id, fabric } = host.known;
    if (node_id === undefined) lacks.push(`node_id of ${host.name}`);
    if (router_id === undefined) lacks.push(`router_id of ${host.name}`);
    if (node_id === undefined || router_id === undefined) return [];
    return [{ plan: { name: host.name, node_id, rack_id: rackOf(rack_id), router_id, pod: fabric?.pod ?? 1 }, host }];
  });
  return { input: { says, leaves, nodes: hosts.filter(({ kind }) => kind === "node") }, lacks };
}

/** Racks are compared as texts: 1 and "1" are one rack. */
export function rackOf(rack: KnownVariables["rack_id"]): string | null {
  return rack === undefined ? null : String(rack);
}
