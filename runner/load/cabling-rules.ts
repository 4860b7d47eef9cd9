import { rackOf } from "../address-plan/input.ts";
import { type Diagnostic, errorAt } from "../diagnostic.ts";
import type { InventoryRule } from "./inventory-rule.ts";
import { named, speakerOf } from "./inventory-wide.ts";

/** A node peers only with the leaves of its rack: routes by way of another rack's are not preferred (paper, AS Per Cluster design and Figure 3). */
const otherRack: InventoryRule = (hosts) => {
  const racks = new Map(hosts.flatMap(({ name, kind, known }) => (kind === "leaf" ? [[name, rackOf(known.rack_id)]] : [])));
  return hosts.flatMap((host): Diagnostic[] => {
    const own = rackOf(host.known.rack_id);
    const leaves = host.known.leaves;
    if (host.kind !== "node" || own === null || leaves === undefined) return [];
    const others = leaves.filter((leaf) => racks.has(leaf) && racks.get(leaf) !== own);
    if (others.length === 0) return [];
    const where = others.map((leaf) => `${leaf} (rack ${racks.get(leaf) ?? "none"})`).join(", ");
    const message = `${host.name} is in rack ${own} and peers with ${where}: a node peers with the leaves of its rack only (paper, AS Per Cluster design)`;
    return [errorAt(host.place("leaves"), "other-rack", message, "leave out leaves, or correct rack_id")];
  });
};

/** Access policies are made for the ports that the inventory names: a node without them stays unconnected (paper, Physical connectivity). */
const portsMissing: InventoryRule = (hosts) => {
  const speaker = speakerOf(hosts, "access_policies");
  const without = hosts.filter(({ kind, known }) => kind === "node" && known.ports === undefined);
  if (speaker === undefined || without.length === 0) return [];
  const message = `access_policies are to be made, and ${named(without.map(({ name }) => name))} ${without.length === 1 ? "names" : "name"} no ports (paper, Physical connectivity)`;
  const hint =
    "give each node ports: { leaf201: 1/11, leaf202: 1/11 }, or leave out access_policies when its ports are configured";
  return [errorAt(speaker.place("access_policies"), "ports-missing", message, hint)];
};

/** The VLANs of the SVIs are in the pool that is made for them: outside of it the leaf does not take them (paper, steps 4 and 5). */
const vlanOutsidePool: InventoryRule = (hosts, plan) => {
  const speaker = speakerOf(hosts, "access_policies");
  const pool = speaker?.known.access_policies?.vlans;
  if (speaker === undefined || pool === undefined) return [];
  const at = speaker.place("access_policies", "vlans");
  if (pool.from > pool.to) {
    const message = `access_policies.vlans from ${pool.from} to ${pool.to} is no range (paper, ACI BGP configuration)`;
    return [errorAt(at, "vlan-pool", message)];
  }
  const floating = plan.svi === "floating" ? [speakerOf(hosts, "l3out")?.known.l3out?.vlan ?? null] : [];
  const standard = plan.families.flatMap(({ paths }) => paths.map(({ vlan }) => vlan));
  const used = [...new Set([...floating, ...standard])].filter((vlan) => vlan !== null);
  const outside = used.filter((vlan) => vlan < pool.from || vlan > pool.to);
  if (outside.length === 0) return [];
  const message = `VLAN ${named(outside.map(String))} is outside of access_policies.vlans ${pool.from} to ${pool.to} (paper, step ${plan.svi === "floating" ? 4 : 5}: select a valid VLAN ID)`;
  return [
    errorAt(at, "vlan-pool", message, `from ${Math.min(...used, pool.from)} to ${Math.max(...used, pool.to)} has them all`),
  ];
};

/** Rules about racks, ports and VLANs. */
export const cablingRules: readonly InventoryRule[] = [otherRack, portsMissing, vlanOutsidePool];
