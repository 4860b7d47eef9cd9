import { type Diagnostic, errorAt } from "../diagnostic.ts";
import { counted } from "../report/counted.ts";
import type { Cabling } from "./cabling.ts";
import type { PlanInput } from "./input.ts";

/** The VLAN of each node by name, and what is wrong with them. */
interface Vlans {
  readonly vlans: ReadonlyMap<string, number>;
  readonly wrong: readonly Diagnostic[];
}

/** Floating SVI: one VLAN for all nodes; a node may say another. */
export function floatingVlans({ says, nodes }: PlanInput): Vlans {
  const all = says("l3out")?.known.l3out?.vlan;
  const vlans = nodes.flatMap(({ name, known }) => {
    const vlan = known.vlan ?? all;
    return vlan === undefined ? [] : [[name, vlan] as const];
  });
  return { vlans: new Map(vlans), wrong: [] };
}

/**
 * Standard SVI: a VLAN for each node, because an SVI's VLAN is one broadcast domain on a leaf. The node's own when it has one, else the next
 * free one of `l3out.vlans` in inventory order. Two nodes may have the same only on different leaves.
 */
export function standardVlans(input: PlanInput, cabling: readonly Cabling[]): Vlans {
  const wrong: Diagnostic[] = [];
  const vlans = new Map<string, number>();
  const holders: Cabling[] = [];
  for (const cable of cabling) {
    const { name, known } = cable.node;
    if (known.vlan === undefined) continue;
    vlans.set(name, known.vlan);
    const other = holders.find(
      ({ node, leaves }) => node.known.vlan === known.vlan && leaves.some((leaf) => cable.leaves.includes(leaf)),
    );
    if (other !== undefined) {
      const message = `${name} and ${other.node.name} have vlan ${known.vlan} on the same leaf: with a standard SVI a node has a VLAN of its own`;
      const problem = errorAt(cable.node.place("vlan"), "shared-vlan", message);
      wrong.push({ ...problem, related: [{ message: other.node.name, at: other.node.place("vlan") }] });
    }
    holders.push(cable);
  }
  const open = cabling.filter(({ node }) => node.known.vlan === undefined);
  const host = input.says("l3out");
  const range = host?.known.l3out?.vlans;
  const [first] = open;
  if (first === undefined || host === undefined) return { vlans, wrong };
  if (range === undefined) {
    const hint = "give l3out.vlans: { from: 311, to: 339 }, or vlan on every node";
    wrong.push(errorAt(host.place("l3out"), "no-vlans", `there is no VLAN for ${first.node.name}`, hint));
    return { vlans, wrong };
  }
  const taken = new Set(vlans.values());
  let next = range.from;
  for (const { node } of open) {
    while (taken.has(next)) next += 1;
    vlans.set(node.name, next);
    next += 1;
  }
  if (next - 1 > range.to) {
    const inside = [...taken].filter((vlan) => vlan >= range.from && vlan <= range.to).length;
    const fits = Math.max(0, range.to - range.from + 1 - inside);
    const message = `l3out.vlans ${range.from} to ${range.to} has room for ${counted(fits, "node")}; ${open.length} have no vlan of their own`;
    wrong.push(errorAt(host.place("l3out", "vlans"), "too-few-vlans", message, `take ${range.from} to ${next - 1}`));
  }
  return { vlans, wrong };
}
