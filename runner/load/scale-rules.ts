import { rackOf } from "../address-plan/input.ts";
import { type Diagnostic, errorAt } from "../diagnostic.ts";
import type { InventoryRule } from "./inventory-rule.ts";
import { named, speakerOf } from "./inventory-wide.ts";

/** Most leaves and racks of one L3Out (paper, table 1 and section Nodes per cluster; the racks have two leaves each). */
const MOST = {
  floating: { leaves: 6, racks: 3, word: "anchor leaves" },
  standard: { leaves: 12, racks: 6, word: "border leaves" },
} as const;

/** Border leaves of an L3Out with standard SVIs. Anchor leaves are counted by the rule about floating SVIs. */
const tooManyBorderLeaves: InventoryRule = (hosts) => {
  if (speakerOf(hosts, "l3out")?.known.l3out?.svi !== "standard") return [];
  const { leaves: most, word } = MOST.standard;
  const leaves = hosts.filter(({ kind, known }) => kind === "leaf" && known.node_id !== undefined);
  const extra = leaves[most];
  if (extra === undefined) return [];
  const message = `${leaves.length} ${word}: an L3Out has ${most} at most (paper, Nodes per cluster)`;
  return [errorAt(extra.at, "too-many-border-leaves", message, "spread the cluster over more than one L3Out")];
};

/** More racks than the design is made for: they fit only with a single leaf each, and then a leaf that fails takes its rack down. */
const tooManyRacks: InventoryRule = (hosts) => {
  const svi = speakerOf(hosts, "l3out")?.known.l3out?.svi ?? "floating";
  const { leaves: mostLeaves, racks: most, word } = MOST[svi];
  const leaves = hosts.filter(({ kind, known }) => kind === "leaf" && known.rack_id !== undefined);
  // Too many leaves are an error of their own.
  if (leaves.length > mostLeaves) return [];
  const racks = [...new Set(leaves.map(({ known }) => rackOf(known.rack_id)))];
  const extra = leaves.find(({ known }) => rackOf(known.rack_id) === racks[most]);
  if (extra === undefined) return [];
  const message = `${racks.length} racks: with a ${svi} SVI a cluster spans ${most}, of two ${word} each (paper, table 1)`;
  const hint = "a rack with one leaf loses its nodes with it";
  return [{ severity: "warning", rule: "too-many-racks", message, at: extra.place("rack_id"), hint }];
};

/** A leaf installs as many equal paths as `bgp.ecmp` says, 64 at most: nodes beyond get no traffic of a service that runs on all (paper, Max BGP ECMP path). */
const tooFewPaths: InventoryRule = (hosts, plan) => {
  const speaker = speakerOf(hosts, "bgp");
  const paths = speaker?.known.bgp?.ecmp;
  if (speaker === undefined || paths === undefined) return [];
  const counts = new Map<string, Set<string>>();
  for (const { leaf, node } of plan.sessions) counts.set(leaf, (counts.get(leaf) ?? new Set()).add(node));
  const over = [...counts].filter(([, nodes]) => nodes.size > paths);
  if (over.length === 0) return [];
  const most = Math.max(...over.map(([, nodes]) => nodes.size));
  const message = `${most} nodes peer with ${named(over.map(([leaf]) => leaf))}, bgp.ecmp is ${paths}: a service on all of them reaches ${paths} from there (paper, Max BGP ECMP path)`;
  const hint =
    most <= 64 ? "set bgp.ecmp to 64" : "64 is the most: put nodes behind more pairs of leaves, or a service on fewer of them";
  return [{ severity: "warning", rule: "ecmp-paths", message, at: speaker.place("bgp", "ecmp"), hint } satisfies Diagnostic];
};

/** Rules about how many leaves, racks and equal paths there may be. */
export const scaleRules: readonly InventoryRule[] = [tooManyBorderLeaves, tooManyRacks, tooFewPaths];
