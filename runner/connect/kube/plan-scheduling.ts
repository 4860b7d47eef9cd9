import type { Change } from "../../change.ts";
import { isObject, type Json, type JsonObject } from "../../json.ts";
import { failed, ok, type Result } from "../../result.ts";
import type { ClusterWriter, KubeObject, NodeScheduling, NodeTaint, ObjectReference } from "../cluster.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { clusterReader } from "./cluster-reader.ts";
import { targetOf } from "./object-name.ts";

/** What changes on one Node. */
export interface SchedulingChange {
  readonly wanted: NodeScheduling;
  /** The Node as it will be. */
  readonly next: KubeObject;
  /** Our taint is there and goes. */
  readonly tainted: boolean;
  readonly change: Change;
}

/** Compares with the Nodes as they are, or as earlier tasks planned them. A Node that is not there is a failure: none is made up. */
export async function planScheduling(
  parts: ClusterParts,
  wanted: readonly NodeScheduling[],
): Promise<Result<readonly SchedulingChange[]>> {
  if (wanted.length === 0) return ok([]);
  const found = await clusterReader(parts).objects(wanted.map(({ node }) => nodeOf(node)));
  if (!found.ok) return found;
  const nodes = new Map(found.value.map((node) => [node.metadata.name, node]));
  const missing = wanted.filter(({ node }) => !nodes.has(node)).map(({ node }) => node);
  if (missing.length > 0) return notThere(missing);
  return ok(
    wanted.flatMap((one) => {
      const node = nodes.get(one.node);
      return node === undefined ? [] : (compared(node, one) ?? []);
    }),
  );
}

/** One patch for all Nodes that get the same, then the taint: in between nothing may be put there. Then reads back. */
export async function applyScheduling(
  parts: ClusterParts,
  changes: readonly SchedulingChange[],
  writer: ClusterWriter,
): Promise<Result<void>> {
  if (changes.length === 0) return ok(undefined);
  const patches = new Map<string, { readonly patch: JsonObject; readonly nodes: ObjectReference[] }>();
  for (const { wanted } of changes) {
    const patch = patchOf(wanted);
    const alike = patches.get(JSON.stringify(patch)) ?? { patch, nodes: [] };
    alike.nodes.push(nodeOf(wanted.node));
    patches.set(JSON.stringify(patch), alike);
  }
  for (const { patch, nodes } of patches.values()) {
    const patched = await writer.patch(nodes, patch);
    if (!patched.ok) return patched;
  }
  const taints = new Map<string, { readonly taint: NodeTaint; readonly nodes: string[] }>();
  for (const { wanted, tainted } of changes) {
    if (!tainted || wanted.withoutTaint === undefined) continue;
    const alike = taints.get(textOf(wanted.withoutTaint)) ?? { taint: wanted.withoutTaint, nodes: [] };
    alike.nodes.push(wanted.node);
    taints.set(textOf(wanted.withoutTaint), alike);
  }
  for (const { taint, nodes } of taints.values()) {
    const removed = await writer.removeTaint(nodes, taint);
    if (!removed.ok) return removed;
  }
  return readBack(parts, changes);
}

function nodeOf(name: string): ObjectReference {
  return { apiVersion: "v1", kind: "Node", name };
}

function patchOf({ unschedulable, annotations }: NodeScheduling): JsonObject {
  return { metadata: { annotations }, spec: { unschedulable: unschedulable ? true : null } };
}

/**
 * Only what we set is shown, and of the taints only ours: controllers add others (`node.kubernetes.io/unschedulable`) at times that check
 * mode cannot foresee.
 */
function compared(node: KubeObject, wanted: NodeScheduling): SchedulingChange | undefined {
  const spec = isObject(node.spec) ? node.spec : {};
  const taints: readonly unknown[] = Array.isArray(spec.taints) ? spec.taints : [];
  const others = taints.filter((taint) => !isTaint(taint, wanted.withoutTaint));
  const tainted = others.length < taints.length;
  const before: Record<string, Json> = {};
  const after: Record<string, Json> = {};
  for (const [name, value] of Object.entries(wanted.annotations)) {
    const now = node.metadata.annotations?.[name] ?? null;
    if (now === value) continue;
    before[name] = now;
    after[name] = value;
  }
  if ((spec.unschedulable === true) !== wanted.unschedulable) {
    before.unschedulable = !wanted.unschedulable;
    after.unschedulable = wanted.unschedulable;
  }
  if (tainted && wanted.withoutTaint !== undefined) {
    before.taint = textOf(wanted.withoutTaint);
    after.taint = null;
  }
  if (Object.keys(before).length === 0) return undefined;
  const annotations = Object.entries({ ...node.metadata.annotations, ...wanted.annotations });
  const kept = Object.fromEntries(annotations.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])));
  const next: KubeObject = {
    ...node,
    metadata: { ...node.metadata, annotations: kept },
    spec: { ...spec, unschedulable: wanted.unschedulable, taints: others },
  };
  return { wanted, next, tainted, change: { target: targetOf(node), action: "modify", before, after } };
}

function isTaint(taint: unknown, wanted: NodeTaint | undefined): boolean {
  return wanted !== undefined && isObject(taint) && taint.key === wanted.key && taint.effect === wanted.effect;
}

function textOf({ key, effect }: NodeTaint): string {
  return `${key}:${effect}`;
}

async function readBack(parts: ClusterParts, changes: readonly SchedulingChange[]): Promise<Result<void>> {
  const again = await planScheduling(
    parts,
    changes.map(({ wanted }) => wanted),
  );
  if (!again.ok) return again;
  const [left] = again.value;
  if (left === undefined) return ok(undefined);
  const { target, before, after } = left.change;
  return failed({
    kind: "failed",
    doing: `read back ${target}`,
    message: `still differs after the patch: found ${JSON.stringify(before)}, wanted ${JSON.stringify(after)}`,
    meaning: "a controller in the cluster, an autoscaler for one, cordons or uncordons this node itself",
    next: "find out who: kubectl get node … -o yaml --show-managed-fields",
  });
}

function notThere(names: readonly string[]): Result<never> {
  return failed({
    kind: "failed",
    doing: "kubectl get nodes",
    message: `not in the cluster: ${names.join(", ")}`,
    meaning: "the node has not joined, has been deleted, or is known to Kubernetes by another name than in the inventory",
    next: "compare with kubectl get nodes; name the hosts of group `nodes` as the cluster does",
  });
}
