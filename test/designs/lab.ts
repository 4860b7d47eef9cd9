import path from "node:path";
import { isObject } from "../../runner/json.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { type ByHand, byHand } from "../support/by-hand.ts";
import { type Outcome, type Workplace, workplace } from "../support/command.ts";

/** Arguments for one of the designs' playbooks with its inventory in the lab. */
export function designArguments(
  design: string,
  dual = false,
): { readonly playbook: string; readonly inventory: readonly string[] } {
  const file = path.join(
    packageRoot,
    "inventory",
    ...(design === "floating-svi-calico" ? ["lab.yaml"] : ["lab", `${design}.yaml`]),
  );
  return {
    playbook: path.join(packageRoot, "playbooks", `${design}.yaml`),
    inventory: ["-i", file, ...(dual ? ["-e", `@${path.join(packageRoot, "inventory", "ipv6.yaml")}`] : [])],
  };
}

/** A lab that is up with a design on it, and the hands to break it. */
export interface DesignLab {
  readonly place: Workplace;
  readonly hand: ByHand;
  /** Runs the design's playbook. */
  run(...flags: string[]): Promise<Outcome>;
  stop(): Promise<void>;
}

/** Brings a design up; throws when its first run fails. */
export async function designLab(design: string, dual: boolean): Promise<DesignLab> {
  const place = workplace();
  const { playbook, inventory } = designArguments(design, dual);
  const lab = await place.labUp(inventory);
  const run = (...flags: string[]) => place.underlay(["run", playbook, ...inventory, "--output", "json", ...flags]);
  const stop = async () => {
    await lab.stop();
    place.remove();
  };
  const first = await run();
  if (first.code !== 0) {
    await stop();
    throw new Error(`the first run of ${design} failed: ${failuresOf(first)}${first.stderr}`);
  }
  return { place, hand: byHand(lab.endpoints, { username: "admin", password: "lab-only-apic-password" }), run, stop };
}

/** What went wrong, `leaf201: got …`, one text; of tasks whose name contains the words. */
export function failuresOf(outcome: Outcome, task = ""): string {
  return outcome.events
    .flatMap((event) => {
      const { failure } = event;
      if (event.event !== "result" || !isObject(failure) || !String(event.task).includes(task)) return [];
      return String(failure.message)
        .split("\n")
        .map((line) => `${event.host}: ${line}`);
    })
    .join("\n");
}

/** `host action target` of every change, sorted. */
export function targetsOf(outcome: Outcome): readonly string[] {
  return outcome.events
    .filter(({ event }) => event === "change")
    .map(({ host, action, target }) => `${host} ${action} ${target}`)
    .sort();
}
