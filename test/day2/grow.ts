import path from "node:path";
import { blackHoles } from "../../lab/record/black-holes.ts";
import { readRecord, stateAt } from "../../lab/record/read.ts";
import { packageRoot } from "../../runner/package-root.ts";
import type { PortModel } from "../designs/cabled.ts";
import { changesOf, failureOf, surprises } from "../designs/cell.ts";
import { type FabricTree, fabricTree } from "../designs/fabric-tree.ts";
import type { ByHand } from "../support/by-hand.ts";
import type { Outcome } from "../support/command.ts";
import { type Felt, feltIn } from "./felt.ts";
import { type Design, NEWCOMERS, nameOf, type Site, site } from "./site.ts";
import { deployWeb, spreadWeb } from "./workload.ts";

const FIRST = ["master-1", "worker-1", "worker-2", "master-2", "worker-3", "worker-4"];
/** Joins with the others, and leaves alone. */
export const LEAVING = "worker-6";

/** A design to grow, and what is special about it. */
export interface Growing extends Design {
  readonly dual?: boolean;
  /** Ports of underlay's own making, in this model; without, they are prepared. */
  readonly ports?: PortModel;
  /** The node that leaves gets its network files back (`-e network=restore`). */
  readonly restore?: boolean;
}

/** `standard SVI, cilium, dual stack, ports as profiles, network restored`. */
export function growthName(growing: Growing): string {
  const { dual = false, ports, restore = false } = growing;
  return [
    nameOf(growing),
    ...(dual ? ["dual stack"] : []),
    ...(ports === undefined ? [] : [`ports by ${ports}`]),
    ...(restore ? ["network restored"] : []),
  ].join(", ");
}

/** One playbook: check, run, and run again. */
export interface Step {
  readonly step: string;
  readonly changes: number;
  /** Changes of the second run. */
  readonly again: number;
  /** Where check and run differ. */
  readonly surprises: readonly string[];
  /** What traffic felt from the check to the end of the second run. */
  readonly felt: readonly Felt[];
  /** The fabric's policy after it. */
  readonly fabric: FabricTree;
}

/** What became of six nodes that grew to eight and went back to seven. */
export interface Growth {
  /** First failure, in the command's own words; undefined: all went well. */
  readonly problem: string | undefined;
  readonly steps: readonly Step[];
  /** The fabric's policy with six nodes. */
  readonly fabric: FabricTree;
  /** Pods of the workload on the node before it left. */
  readonly evicted: number;
  /** What the lab saw meanwhile that traffic would have felt. */
  readonly blackHoles: readonly string[];
  /** Entries of the record that the black holes were looked for in. */
  readonly recorded: number;
  /** Nodes that no leaf has a route to at the end. */
  readonly left: readonly string[];
  /** What the design's own playbook would change, when the inventory names the seven. */
  readonly drift: readonly string[];
}

/** A run that did not end well. */
class Unsuccessful extends Error {}

/** Six nodes, then eight, then seven: check, run and run again of both playbooks, in one lab with a workload. */
export async function grow(growing: Growing): Promise<Growth> {
  const at = site(growing, growing.dual === true ? ["-e", `@${path.join(packageRoot, "inventory", "ipv6.yaml")}`] : []);
  try {
    return await growAt(at, growing);
  } finally {
    at.remove();
  }
}

async function growAt(at: Site, { svi, cni, ports, restore = false }: Growing): Promise<Growth> {
  const steps: Step[] = [];
  let fabric: FabricTree = new Map();
  let evicted = 0;
  let left: readonly string[] = [];
  let drift: readonly string[] = [];
  let problem: string | undefined;
  try {
    if (ports !== undefined) at.cable(ports);
    succeeded(await at.run(`${svi}-svi-${cni}`));
    at.addNodes(NEWCOMERS);
    if (ports !== undefined) at.cable(ports);
    await at.byHand(async (hand) => {
      await deployWeb(hand);
      fabric = await fabricTree(hand);
      const joining = NEWCOMERS.map(({ name }) => name).join(",");
      steps.push(await take(at, hand, "6 to 8", "day2/add-node", ["--limit", joining, "-e", "join=true"]));
      evicted = await spreadWeb(hand, LEAVING);
      const leaving = ["--limit", LEAVING, "-e", "reset=true", ...(restore ? ["-e", "network=restore"] : [])];
      steps.push(await take(at, hand, "8 to 7", "day2/remove-node", leaving));
      const routed = new Set([...stateAt(readRecord(at.lab), new Date()).routes.values()].map(({ node }) => node));
      left = [...FIRST, ...NEWCOMERS.map(({ name }) => name)].filter((node) => !routed.has(node));
    });
    at.dropNodes([LEAVING]);
    drift = changesOf(succeeded(await at.run(`${svi}-svi-${cni}`, "--check")));
  } catch (error) {
    if (!(error instanceof Unsuccessful)) throw error;
    problem = error.message;
  }
  const record = readRecord(at.lab);
  const holes = blackHoles(record).map((hole) => JSON.stringify(hole));
  return { problem, steps, fabric, evicted, blackHoles: holes, recorded: record.length, left, drift };
}

async function take(at: Site, hand: ByHand, step: string, playbook: string, flags: readonly string[]): Promise<Step> {
  const from = readRecord(at.lab).length;
  const check = succeeded(await at.run(playbook, ...flags, "--check"));
  const run = succeeded(await at.run(playbook, ...flags));
  const again = succeeded(await at.run(playbook, ...flags));
  return {
    step,
    changes: changesOf(run).length,
    again: changesOf(again).length,
    surprises: surprises(check, run),
    felt: feltIn(readRecord(at.lab).slice(from)),
    fabric: await fabricTree(hand),
  };
}

function succeeded(outcome: Outcome): Outcome {
  if (outcome.code !== 0) throw new Unsuccessful(failureOf(outcome));
  return outcome;
}
