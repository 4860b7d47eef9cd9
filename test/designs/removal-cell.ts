import path from "node:path";
import { packageRoot } from "../../runner/package-root.ts";
import { type ByHand, byHand } from "../support/by-hand.ts";
import { type Outcome, workplace } from "../support/command.ts";
import { type PortModel, writeCabling } from "./cabled.ts";
import { type Cell, changesOf, failureOf, surprises } from "./cell.ts";
import { danglingRelations, differences, fabricTree } from "./fabric-tree.ts";

/** A cell of the table, with or without ports of underlay's own making. */
export interface RemovalCell extends Cell {
  readonly ports: PortModel | undefined;
}

/** What came of running a cell, and taking it away again. */
export interface RemovalResult {
  /** First failure, in the command's own words; undefined: all went well. */
  readonly problem: string | undefined;
  /** Differences of the fabric's policy tree to that before the first run. */
  readonly fabric: readonly string[];
  /** What is left in the cluster that is ours. */
  readonly left: readonly string[];
  /** Changes of a run after the first; of a removal after the first. */
  readonly secondRun: number;
  readonly secondRemoval: number;
  /** Where check and run differ, for the run and for the removal. */
  readonly surprises: readonly string[];
  /** Relations without target after the run and after the removal, beyond those that were there. */
  readonly dangling: readonly string[];
}

export const LOGIN = { username: "admin", password: "lab-only-apic-password" };

/** Flags that name playbook, inventory and families of a cell. */
export function flagsOf(cell: RemovalCell, directory: string): { readonly playbook: string; readonly inputs: readonly string[] } {
  const name = `${cell.svi}-svi-${cell.cni}`;
  const file = name === "floating-svi-calico" ? ["lab.yaml"] : ["lab", `${name}.yaml`];
  const cabling = cell.ports === undefined ? [] : ["-i", writeCabling(directory, cell.ports, cell.svi === "standard")];
  const families = cell.dual ? ["-e", `@${path.join(packageRoot, "inventory", "ipv6.yaml")}`] : [];
  return {
    playbook: path.join(packageRoot, "playbooks", `${name}.yaml`),
    inputs: ["-i", path.join(packageRoot, "inventory", ...file), ...cabling, ...families],
  };
}

/** Run, run again, check the removal, remove, remove again: in one lab that stays up. */
export async function removeCell(cell: RemovalCell): Promise<RemovalResult> {
  const place = workplace();
  try {
    const { playbook, inputs } = flagsOf(cell, place.directory);
    const lab = await place.labUp(inputs);
    try {
      const hand = byHand(lab.endpoints, LOGIN);
      const run = (...flags: string[]) => place.underlay(["run", playbook, ...inputs, "--output", "json", ...flags]);
      const before = await fabricTree(hand);
      const danglingBefore = await danglingRelations(hand);
      const check = await run("--check");
      const first = await run();
      const second = await run();
      const danglingThen = await danglingRelations(hand);
      const checkRemoval = await run("-e", "state=absent", "--check");
      const removal = await run("-e", "state=absent");
      const again = await run("-e", "state=absent");
      const outcomes = { check, first, second, checkRemoval, removal, again };
      const bad = Object.entries(outcomes).find(([, outcome]) => outcome.code !== 0);
      const dangling = [...danglingThen, ...(await danglingRelations(hand))];
      return {
        problem: bad === undefined ? undefined : `${bad[0]}: ${failureOf(bad[1])}`,
        fabric: differences(before, await fabricTree(hand)),
        left: await oursInCluster(hand),
        secondRun: changesOf(second).length,
        secondRemoval: changesOf(again).length,
        surprises: [...surprises(check, first), ...surprises(checkRemoval, removal)],
        dangling: dangling.filter((one) => !danglingBefore.includes(one)),
      };
    } finally {
      await lab.stop();
    }
  } finally {
    place.remove();
  }
}

/** Warnings of a run. */
export function warningsOf(outcome: Outcome): string[] {
  return outcome.events.filter((event) => event.event === "warning").map((event) => String(event.message));
}

/** Kinds of the CNIs and of Kubernetes that underlay makes for BGP; those that a cluster lacks give nothing. */
const BGP_KINDS = [
  "bgppeers.projectcalico.org",
  "bgpfilters.projectcalico.org",
  "bgpconfigurations.projectcalico.org",
  "ciliumbgpclusterconfigs.cilium.io",
  "ciliumbgppeerconfigs.cilium.io",
  "ciliumbgpadvertisements.cilium.io",
  "ciliumbgpnodeconfigoverrides.cilium.io",
  "ciliumbgppeeringpolicies.cilium.io",
  "ciliumloadbalancerippools.cilium.io",
];
const ORDINARY_KINDS = ["secrets", "roles", "rolebindings"];

/** What is left of ours: BGP objects of any name, what carries our label, labels and annotations of Nodes. */
export async function oursInCluster(hand: ByHand): Promise<string[]> {
  const known = (await hand.kubectl(["api-resources", "-o", "name"])).split("\n");
  const bgp = BGP_KINDS.filter((kind) => known.includes(kind));
  const names = async (kind: string, selector: readonly string[]) =>
    (await hand.kubectl(["get", kind, "-A", "-o", "name", ...selector])).split("\n").filter((line) => line !== "");
  const objects = await Promise.all([
    ...bgp.map((kind) => names(kind, [])),
    ...ORDINARY_KINDS.map((kind) => names(kind, ["-l", "app.kubernetes.io/managed-by=underlay"])),
    ...(known.includes("ippools.projectcalico.org")
      ? [names("ippools.projectcalico.org", ["-l", "app.kubernetes.io/managed-by=underlay"])]
      : []),
  ]);
  const nodes = await hand.kubectl(["get", "nodes", "-o", "json"]);
  const marks = [...new Set(nodes.match(/"(rack_id|kube-router\.io\/peer[^"]*)"/g))].map((mark) => `nodes: ${mark}`);
  return [...objects.flat(), ...marks];
}
