import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { blackHoles } from "../../lab/record/black-holes.ts";
import { readRecord } from "../../lab/record/read.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { failureOf } from "../designs/cell.ts";
import { workplaceIn } from "../support/command.ts";
import { endState, tokensLeft } from "./end-state.ts";
import { type Killed, killAt, type Point } from "./killed-run.ts";
import type { Site } from "./site.ts";

/** A command that is disturbed, and what is done about it. */
export interface Disturbance {
  /** Below `playbooks/`, and its flags. */
  readonly playbook: string;
  readonly flags: readonly string[];
  /** undefined: it is left in peace. */
  readonly point: Point | undefined;
  /** What goes on with it: `underlay resume`, or the same command again. */
  readonly how: "resume" | "again";
}

/** What became of it. */
export interface Disturbed {
  readonly killed: Killed | undefined;
  /** First failure of the last command, in its words; undefined: all went well. */
  readonly problem: string | undefined;
  /** `task` events of the last command. */
  readonly tasks: number;
  /** Its state when the lab has stopped (`end-state.ts`). */
  readonly state: readonly string[];
  /** What traffic would have felt. */
  readonly blackHoles: readonly string[];
  /** Bootstrap tokens that are still there, by the seconds that they have left. */
  readonly tokens: readonly number[];
}

/** Carries a command out in a copy of a site, in a lab that is a process of its own and lives on when the run is killed. */
export async function disturbed(from: Site, { playbook, flags, point, how }: Disturbance): Promise<Disturbed> {
  const directory = mkdtempSync(path.join(tmpdir(), "underlay-killed-"));
  try {
    cpSync(from.place.directory, directory, { recursive: true });
    const moved = (file: string) => path.join(directory, path.relative(from.place.directory, file));
    const place = workplaceIn(directory);
    const inventory = moved(from.inventory);
    const args = ["run", path.join(packageRoot, "playbooks", `${playbook}.yaml`), "-i", inventory, ...flags];
    const { stop } = await place.labUp(["-i", inventory]);
    try {
      const killed = point === undefined ? undefined : await killAt(args, directory, point);
      const last = await place.underlay([...(killed !== undefined && how === "resume" ? ["resume"] : args), "--output", "json"]);
      await stop();
      const lab = moved(from.lab);
      return {
        killed,
        problem: last.code === 0 ? undefined : `exit ${last.code}: ${failureOf(last)}`,
        tasks: last.events.filter(({ event }) => event === "task").length,
        state: endState(lab),
        blackHoles: blackHoles(readRecord(lab)).map((hole) => JSON.stringify(hole)),
        tokens: tokensLeft(lab),
      };
    } finally {
      await stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
