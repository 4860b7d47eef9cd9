import { failed, ok, type Result } from "../../result.ts";
import type { ClusterWriter, Manifest } from "../cluster.ts";
import { awaitKinds, awaitNamespaces } from "./appear.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { referenceOf } from "./object-name.ts";
import { type ManifestPlan, planManifests } from "./plan-manifests.ts";

/** Kinds that others need: written first, in a process of their own. */
const FIRST = new Set(["Namespace", "CustomResourceDefinition"]);

/** Writes what a plan found, reads back and compares again (design section 1, promise 3). */
export async function applyManifests(
  parts: ClusterParts,
  plan: ManifestPlan,
  manifests: readonly Manifest[],
  writer: ClusterWriter,
): Promise<Result<void>> {
  if (plan.changes.length === 0) return ok(undefined);
  const gone = plan.changes.filter(({ manifest }) => manifest.state === "absent");
  const present = plan.changes.filter(({ manifest }) => manifest.state === "present").map(({ manifest }) => manifest);
  const first = present.filter(({ object }) => FIRST.has(object.kind));
  const rest = present.filter(({ object }) => !FIRST.has(object.kind));

  if (first.length > 0) {
    const applied = await writer.apply(first);
    if (!applied.ok) return applied;
  }
  if (rest.length > 0) {
    const ready = await awaitKindsOf(parts, rest);
    if (!ready.ok) return ready;
    const there = await awaitNamespaces(parts, plan.awaited);
    if (!there.ok) return there;
    const applied = await writer.apply(rest);
    if (!applied.ok) return applied;
  }
  // What goes is deleted last: it may still be referred to by what is changed.
  if (gone.length > 0) {
    const deleted = await writer.delete(gone.map(({ object }) => referenceOf(object)));
    if (!deleted.ok) return deleted;
  }
  return readBack(parts, manifests);
}

async function awaitKindsOf(parts: ClusterParts, manifests: readonly Manifest[]): Promise<Result<void>> {
  for (const { object } of manifests) {
    const served = await parts.discovery.find(object.apiVersion, object.kind);
    if (!served.ok) return served;
    const keeps = await parts.calicoctl.keeps(object);
    if (!keeps.ok) return keeps;
    if (served.value === undefined && !keeps.value) {
      return awaitKinds(
        parts,
        manifests.map((manifest) => manifest.object),
        { exactly: true },
      );
    }
  }
  return ok(undefined);
}

async function readBack(parts: ClusterParts, manifests: readonly Manifest[]): Promise<Result<void>> {
  const again = await planManifests(parts, manifests);
  if (!again.ok) return again;
  const [left] = again.value.changes;
  if (left === undefined) return ok(undefined);
  const { target, before, after } = left.change;
  return failed({
    kind: "failed",
    doing: `read back ${target}`,
    message: `still differs after the apply: found ${JSON.stringify(before)}, wanted ${JSON.stringify(after)}`,
    meaning: "a controller or an admission rule in the cluster sets this field back",
    next: "find out who: kubectl get … -o yaml --show-managed-fields",
  });
}
