import { type Diagnostic, errorAt, samePlace } from "../diagnostic.ts";
import type { InventoryRule } from "./inventory-rule.ts";

/** Most anchor leaves of a floating SVI with one secondary address (paper, table 1). */
const MOST_ANCHORS = 6;

/** eBGP needs two AS numbers: with the fabric's own the leaves would speak iBGP (paper, step 14). */
const sameAs: InventoryRule = (hosts) =>
  hosts.flatMap((host) => {
    const own = host.known.cluster?.asn;
    if (own === undefined || own !== host.known.fabric?.asn) return [];
    const problem = errorAt(
      host.place("cluster", "asn"),
      "same-as",
      `cluster.asn ${own} is the fabric's AS (paper, AS Per Cluster design)`,
      "the cluster needs a private AS of its own",
    );
    return [{ ...problem, related: [{ message: "fabric.asn", at: host.place("fabric", "asn") }] }];
  });

/** Every node peers with the leaves of its rack: a rack without leaves has no peers. */
const rackWithoutLeaves: InventoryRule = (hosts) => {
  const racks = new Set(
    hosts.flatMap(({ kind, known }) => (kind === "leaf" && known.rack_id !== undefined ? [String(known.rack_id)] : [])),
  );
  const seen = new Set<string>();
  return hosts.flatMap((host): Diagnostic[] => {
    const rack = host.known.rack_id;
    if (host.kind !== "node" || rack === undefined || racks.has(String(rack)) || seen.has(String(rack))) return [];
    seen.add(String(rack));
    const hint = racks.size > 0 ? `racks with leaves: ${[...racks].sort().join(", ")}` : "give the leaves a rack_id";
    return [
      errorAt(
        host.place("rack_id"),
        "rack-without-leaves",
        `rack ${rack} of ${host.name} has no leaf (paper, AS Per Cluster design)`,
        hint,
      ),
    ];
  });
};

/** A node that tags another VLAN than the SVI's cannot reach its gateway. Doubtful only: a trunk may translate. */
const otherVlan: InventoryRule = (hosts) =>
  hosts.flatMap((host): Diagnostic[] => {
    const { vlan, l3out } = host.known;
    if (l3out?.svi === "standard") return [];
    if (host.kind !== "node" || vlan === undefined || l3out?.vlan === undefined || vlan === l3out.vlan) return [];
    return [
      {
        severity: "warning",
        rule: "other-vlan",
        message: `vlan ${vlan} of ${host.name} is not l3out.vlan ${l3out.vlan}`,
        at: host.place("vlan"),
        related: [{ message: "l3out.vlan", at: host.place("l3out", "vlan") }],
      },
    ];
  });

const tooManyAnchors: InventoryRule = (hosts) => {
  if (hosts.some(({ known }) => known.l3out?.svi === "standard")) return [];
  const leaves = hosts.filter(({ kind, known }) => kind === "leaf" && known.address !== undefined);
  const extra = leaves[MOST_ANCHORS];
  if (extra === undefined) return [];
  const message = `${leaves.length} anchor leaves: an L3Out with a floating SVI has ${MOST_ANCHORS} at most (paper, table 1)`;
  return [errorAt(extra.at, "too-many-anchors", message, "take leaves that are not anchors out of group leaves")];
};

/** A fabric with leaves but without controllers cannot be configured. */
const noControllers: InventoryRule = (hosts) => {
  const leaf = hosts.find(({ kind }) => kind === "leaf");
  if (leaf === undefined || hosts.some(({ kind }) => kind === "apic")) return [];
  return [errorAt(leaf.at, "no-apics", "there are leaves and no controllers", "add a group apics with the controllers")];
};

/** A host of no kind can run only what needs no connection. */
const noKind: InventoryRule = (hosts) =>
  hosts
    .filter(({ kind }) => kind === "other")
    .filter((host, index, all) => all.findIndex((other) => samePlace(other.at, host.at)) === index)
    .map((host) => {
      const same = hosts.filter((other) => other.kind === "other" && samePlace(other.at, host.at));
      const names = same.length === 1 ? `${host.name} is` : `${host.name} and ${same.length - 1} more are`;
      const message = `${names} in none of the groups apics, leaves, nodes: nothing can connect to ${same.length === 1 ? "it" : "them"}`;
      return { severity: "warning", rule: "no-kind", message, at: host.at };
    });

/** Rules about the fabric and who is connected to it. */
export const fabricRules: readonly InventoryRule[] = [
  sameAs,
  rackWithoutLeaves,
  otherVlan,
  tooManyAnchors,
  noControllers,
  noKind,
];
