import { type Diagnostic, errorAt } from "../diagnostic.ts";
import type { CheckedHost } from "../load/inventory-rule.ts";
import { hintFor } from "../nearest.ts";
import { type PlanLeaf, rackOf } from "./input.ts";
import type { AddressPlan, NodePort, SviPath } from "./plan.ts";

/** How a node hangs on the fabric. */
export interface Cabling {
  readonly node: CheckedHost;
  /** The leaves it peers with, lower node ID first. */
  readonly leaves: readonly PlanLeaf[];
  /** The leaves its ports are on: the same, unless `ports` names fewer. */
  readonly wired: readonly PlanLeaf[];
  /** Undefined when the inventory leaves open which of many leaves it is cabled to. */
  readonly type: SviPath["type"] | undefined;
  /** vPC or port channel policy group, or the port itself: `eth1/11`. */
  readonly interface: string;
}

/** Reads the cabling of every node: its own `leaves`, else all leaves of its rack. */
export function readCabling(
  svi: AddressPlan["svi"],
  nodes: readonly CheckedHost[],
  leaves: readonly PlanLeaf[],
): { readonly cabling: readonly Cabling[]; readonly wrong: readonly Diagnostic[] } {
  const wrong: Diagnostic[] = [];
  const byId = leaves.toSorted((a, b) => a.plan.node_id - b.plan.node_id);
  return { cabling: nodes.map((node) => cable(svi, node, byId, wrong)), wrong };
}

function cable(svi: AddressPlan["svi"], node: CheckedHost, all: readonly PlanLeaf[], wrong: Diagnostic[]): Cabling {
  const { leaves: named, ports, attachment, policy_group, rack_id } = node.known;
  const before = wrong.length;
  const names = all.map(({ plan }) => plan.name);
  for (const name of (named ?? []).filter((leaf) => !names.includes(leaf))) {
    wrong.push(
      errorAt(
        node.place("leaves"),
        "unknown-leaf",
        `${node.name} names leaf ${name}, which is not in group leaves`,
        hintFor(name, names),
      ),
    );
  }
  const leaves = all.filter(({ plan }) => named?.includes(plan.name) ?? plan.rack_id === rackOf(rack_id));
  const own = leaves.map(({ plan }) => plan.name);
  for (const name of Object.keys(ports ?? {}).filter((leaf) => !own.includes(leaf))) {
    const hint = `its leaves: ${own.join(", ") || "none"}`;
    wrong.push(
      errorAt(node.place("ports", name), "unknown-leaf", `${node.name} has a port on ${name}, which is not a leaf of it`, hint),
    );
  }
  const wired = ports === undefined ? leaves : leaves.filter(({ plan }) => ports[plan.name] !== undefined);
  const type = attachment ?? (wired.length === 2 ? "vpc" : wired.length === 1 ? "port" : undefined);
  const [first] = wired;
  const made = {
    node,
    leaves,
    wired,
    type,
    interface: type === "port" && first !== undefined ? `eth${ports?.[first.plan.name] ?? ""}` : (policy_group ?? node.name),
  };
  // What is named and is not there is reported already.
  const problem = wrong.length > before ? undefined : problemOf(svi, made);
  if (problem !== undefined) wrong.push(problem);
  return made;
}

/** What keeps a node from its leaves and, with a standard SVI or when the ports are ours to configure, its cabling from being a path. */
function problemOf(svi: AddressPlan["svi"], { node, leaves, wired, type }: Cabling): Diagnostic | undefined {
  const { name, known } = node;
  const names = leaves.map(({ plan }) => plan.name);
  const at = node.place(known.leaves === undefined ? "rack_id" : "leaves");
  if (leaves.length === 0) {
    // A rack that is given and has no leaf is reported by a rule of its own, for both designs.
    if (known.rack_id !== undefined || known.leaves !== undefined) return undefined;
    return errorAt(at, "no-leaves", `${name} has no leaf to peer with`, "give it a rack_id, or leaves: [leaf201, leaf202]");
  }
  if (svi === "floating" && known.ports === undefined) return undefined;
  const unwired = names.find((leaf) => known.ports !== undefined && known.ports[leaf] === undefined);
  if (unwired !== undefined && (svi === "standard" || known.leaves !== undefined)) {
    return errorAt(node.place("ports"), "port-missing", `${name} has no port on ${unwired}`, `ports: { ${unwired}: 1/11 }`);
  }
  if (wired.length > 2) {
    const what = svi === "standard" ? "a path of a standard SVI has one or two" : "its ports are on one or two";
    const hint = `say which: leaves: [${names.slice(0, 2).join(", ")}]`;
    return errorAt(at, "too-many-leaves", `${name} is cabled to ${wired.length} leaves: ${what}`, hint);
  }
  const wanted = type === "vpc" ? 2 : 1;
  if (type !== undefined && wired.length !== wanted) {
    const message = `attachment ${type} of ${name} needs ${wanted === 2 ? "two leaves" : "one leaf"}, it has ${wired.length}: ${names.join(", ")}`;
    return errorAt(node.place("attachment"), "attachment", message, `say which: leaves: [${names.slice(0, wanted).join(", ")}]`);
  }
  if (type === "port" && known.ports === undefined) {
    const hint = `ports: { ${names[0]}: 1/11 }, or attachment: port_channel with its policy_group`;
    return errorAt(node.at, "port-missing", `${name} has one leaf, and no port on it is given`, hint);
  }
  return undefined;
}

/** The ports that the inventory names, for access policies. */
export function portsOf(cabling: readonly Cabling[]): readonly NodePort[] {
  return cabling.flatMap(({ node, wired, type }): NodePort[] => {
    const { ports, policy_group } = node.known;
    if (ports === undefined || type === undefined) return [];
    const leaves = wired.map(({ plan }) => plan.node_id);
    const named = wired.flatMap(({ plan }) => ports[plan.name] ?? []);
    return [{ node: node.name, policy_group: policy_group ?? node.name, type, leaves, ports: named }];
  });
}

/** Pairs of leaves with a vPC to a node, each once, in inventory order. */
export function vpcPairsOf(cabling: readonly Cabling[]): AddressPlan["vpc_pairs"] {
  const pairs = new Map<string, { readonly leaves: readonly [number, number] }>();
  for (const { wired, type } of cabling) {
    const [a, b] = wired.map(({ plan }) => plan.node_id);
    if (type === "vpc" && a !== undefined && b !== undefined && wired.length === 2) pairs.set(`${a} ${b}`, { leaves: [a, b] });
  }
  return [...pairs.values()];
}
