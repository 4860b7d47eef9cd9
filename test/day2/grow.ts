import { blackHoles } from "../../lab/record/black-holes.ts";
import { readRecord, stateAt } from "../../lab/record/read.ts";
import { changesOf, failureOf, surprises } from "../designs/cell.ts";
import type { Outcome } from "../support/command.ts";
import { type Design, NEWCOMERS, site } from "./site.ts";
import { deployWeb } from "./workload.ts";

const FIRST = ["master-1", "worker-1", "worker-2", "master-2", "worker-3", "worker-4"];

/** What became of six nodes that grew to eight and went back to seven. */
export interface Growth {
  /** First failure, in the command's own words; undefined: all went well. */
  readonly problem: string | undefined;
  /** Changes of each step, and of the same command once more. */
  readonly steps: readonly { readonly step: string; readonly changes: number; readonly again: number }[];
  /** Where a check and its run differed. */
  readonly surprises: readonly string[];
  /** What the lab saw meanwhile that traffic would have felt. */
  readonly blackHoles: readonly string[];
  /** Entries of the record that the black holes were looked for in. */
  readonly recorded: number;
  /** Nodes that no leaf has a route to at the end. */
  readonly left: readonly string[];
}

/** Six nodes, then eight, then seven: check, run and run again of both playbooks, in a lab with a workload. */
export async function grow(design: Design): Promise<Growth> {
  const at = site(design);
  try {
    const outcomes: { readonly step: string; readonly check: Outcome; readonly run: Outcome; readonly again: Outcome }[] = [];
    const first = await at.run(`${design.svi}-svi-${design.cni}`);
    if (first.code === 0) await at.byHand(deployWeb);
    at.addNodes(NEWCOMERS);
    const names = NEWCOMERS.map(({ name }) => name).join(",");
    for (const [step, playbook, ...flags] of [
      ["6 to 8", "day2/add-node", "--limit", names, "-e", "join=true"],
      ["8 to 7", "day2/remove-node", "--limit", "worker-6", "-e", "reset=true"],
    ] as const) {
      outcomes.push({
        step,
        check: await at.run(playbook, ...flags, "--check"),
        run: await at.run(playbook, ...flags),
        again: await at.run(playbook, ...flags),
      });
    }
    const all = [first, ...outcomes.flatMap(({ check, run, again }) => [check, run, again])];
    const bad = all.find(({ code }) => code !== 0);
    const record = readRecord(at.lab);
    const routed = new Set([...stateAt(record, new Date()).routes.values()].map(({ node }) => node));
    return {
      problem: bad === undefined ? undefined : failureOf(bad),
      steps: outcomes.map(({ step, run, again }) => ({ step, changes: changesOf(run).length, again: changesOf(again).length })),
      surprises: outcomes.flatMap(({ step, check, run }) => surprises(check, run).map((line) => `${step}: ${line}`)),
      blackHoles: blackHoles(record).map((hole) => JSON.stringify(hole)),
      recorded: record.length,
      left: [...FIRST, ...NEWCOMERS.map(({ name }) => name)].filter((node) => !routed.has(node)),
    };
  } finally {
    at.remove();
  }
}
