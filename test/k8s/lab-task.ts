import { findPrograms } from "../../lab/programs.ts";
import type { Change } from "../../runner/change.ts";
import { openCluster } from "../../runner/connect/kube/open-cluster.ts";
import type { Failure } from "../../runner/result.ts";
import type { Observation } from "../../runner/task.ts";
import type { Progress } from "../../runner/task-type.ts";
import { registry } from "../../tasks/index.ts";
import { quiet } from "../support/progress.ts";
import { connectionsTo, prepare } from "./fake-cluster.ts";

/** What tasks said, in order. */
export interface Seen {
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
  readonly failures: readonly Failure[];
  readonly observed: readonly Observation[];
  /** Processes of kubectl. */
  readonly kubectl: number;
}

/** How tasks are carried out; `programs` take the place of the real ones. */
interface Manner {
  readonly check?: boolean;
  readonly progress?: Progress;
  readonly programs?: { readonly kubectl?: string };
}

/** Runs or checks tasks against a lab cluster with the real kubectl, in one session, as the engine does. Probes look once. */
export async function carryOut(
  kubeconfig: string,
  list: readonly (readonly [string, unknown])[],
  { check = false, progress = quiet, programs = {} }: Manner = {},
): Promise<Seen> {
  const session = openCluster({
    ...(await findPrograms()),
    ...programs,
    kubeconfig,
    check,
    secrets: [],
    timeouts: { pollMilliseconds: 200 },
  });
  const connections = connectionsTo({ connection: session.connection() });
  const [changes, warnings, failures, observed]: [Change[], string[], Failure[], Observation[]] = [[], [], [], []];
  for (const [name, args] of list) {
    const type = registry.get(name);
    if (type === undefined) throw new Error(`no task type ${name}`);
    const task = prepare(type, args, check);
    if ("observe" in task) {
      const seen = await task.observe(connections);
      if (seen.ok) observed.push(seen.value);
      else failures.push(seen.failure);
      continue;
    }
    const planned = await task.plan(connections);
    if (!planned.ok) {
      failures.push(planned.failure);
      continue;
    }
    changes.push(...planned.value.changes);
    warnings.push(...(planned.value.warnings ?? []));
    if (check) planned.value.project();
    else if (planned.value.changes.length > 0) {
      const applied = await planned.value.apply(progress);
      if (!applied.ok) failures.push(applied.failure);
    }
  }
  const { kubectl = 0 } = session.counts();
  session.close();
  return { changes, warnings, failures, observed, kubectl };
}
