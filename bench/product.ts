import path from "node:path";
import type { LabSpec } from "../lab/spec.ts";
import { labSpecOf } from "../runner/cli/lab-spec.ts";
import type { Connections } from "../runner/connect/connections.ts";
import { openConnections } from "../runner/connect/open.ts";
import { type RunSummary, runPlaybook } from "../runner/engine/run.ts";
import { type Loaded, load } from "../runner/load/load.ts";
import { packageRoot } from "../runner/package-root.ts";
import { registry } from "../tasks/index.ts";

/** The main playbook, or a part of it by tag, with the inventories given (none: the lab's). */
export function loadMainPlaybook(tag: string, inventories: readonly string[] = []): Promise<Loaded> {
  return loadPlaybook("floating-svi-calico", tag, inventories);
}

/** Part of one of the delivered playbooks, by its name. */
export async function loadPlaybook(name: string, tag: string, inventories: readonly string[]): Promise<Loaded> {
  const loaded = await load({
    playbook: path.join(packageRoot, "playbooks", `${name}.yaml`),
    inventories,
    limit: undefined,
    tags: [tag],
    skipTags: [],
    extraVars: [],
    lab: false,
    registry,
  });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join("\n"));
  return loaded.value;
}

/** The lab that this input describes. */
export function specFor(loaded: Loaded): (directory: string) => LabSpec {
  return (directory) => {
    const spec = labSpecOf(loaded, directory);
    if (!spec.ok) throw new Error(spec.problems.join("\n"));
    return spec.value;
  };
}

/** What a run came to. */
export interface ProductRun extends RunSummary {
  readonly counts: ReturnType<Connections["counts"]>;
}

/**
 * What `underlay run` does after loading: connections are opened, the playbook runs, events are made, connections are closed. A run that
 * fails is no measurement and throws. `tap` may look at what passes through the connections.
 */
export async function runProduct(
  loaded: Loaded,
  tap: (connections: Connections) => Connections = (connections) => connections,
): Promise<ProductRun> {
  const failures: string[] = [];
  const connections = openConnections(loaded, { check: false, warn: () => {} });
  try {
    const summary = await runPlaybook({
      loaded,
      connections: tap(connections),
      check: false,
      forks: FORKS,
      emit: (event) => {
        if (event.event === "result" && event.failure !== undefined) failures.push(`${event.host}: ${event.failure.message}`);
      },
    });
    if (summary.exitCode !== 0) throw new Error(`the run failed: ${failures.join("; ")}`);
    return { ...summary, counts: connections.counts() };
  } finally {
    await connections.close();
  }
}

/** Hosts at once, on both sides: the command's default. */
export const FORKS = 10;
