import type { ClusterReader, NodeScheduling } from "../../runner/connect/cluster.ts";
import { ok, type Result } from "../../runner/result.ts";
import type { During } from "../../runner/task.ts";
import { CORDONED, JOINING } from "./node-marks.ts";
import { nodeNamed } from "./node-state.ts";

/** Why a node that has joined is cordoned. */
export const ADDED = "add-node";

/** A node that has joined: cordoned by us, so that the taint it registered with can go. */
export function cordonedAfterJoin(node: string): NodeScheduling {
  return { kind: "scheduling", node, unschedulable: true, annotations: { [CORDONED]: ADDED }, withoutTaint: JOINING };
}

/** Cordons those of the nodes that are in the cluster. */
export async function cordonJoined(
  during: Pick<During, "at">,
  host: string,
  reader: ClusterReader,
  names: readonly string[],
): Promise<Result<void>> {
  const found = await reader.objects(names.map(nodeNamed));
  if (!found.ok) return found;
  if (found.value.length === 0) return ok(undefined);
  const side = await during.at("localhost", host);
  if (!side.ok) return side;
  const planned = await side.value.plan(found.value.map(({ metadata }) => cordonedAfterJoin(metadata.name)));
  return planned.ok ? planned.value.apply(side.value.writer) : planned;
}
