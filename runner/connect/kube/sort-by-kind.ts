import type { Unknown } from "../../change.ts";
import { failed, ok, type Result } from "../../result.ts";
import type { KubeObject, Manifest } from "../cluster.ts";
import { awaitKinds } from "./appear.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { targetOf } from "./object-name.ts";
import type { SeenRelease } from "./projection.ts";
import { splitServed } from "./read-objects.ts";
import { inOtherVersions } from "./served-version.ts";

/** A manifest with the object as it is sent. */
export interface Wanted {
  readonly manifest: Manifest;
  readonly object: KubeObject;
}

/** The manifests of a task by what can be said about their kind. */
export interface ByKind {
  /** The cluster serves the kind: can be compared. */
  readonly served: readonly Wanted[];
  /** The kind's CRD is only planned: certainly new. */
  readonly predicted: readonly Wanted[];
  /** The cluster keeps such objects, but only calicoctl reaches them. */
  readonly kept: readonly Wanted[];
  /** The kind comes with a release that check mode does not install. */
  readonly unknown: readonly Unknown[];
}

/**
 * Sorts manifests by what the cluster says about their kinds. A run that writes waits for kinds that its releases bring; a kind that
 * nobody brings is a failure, unless the object should be absent anyway.
 */
export async function sortByKind(parts: ClusterParts, wanted: readonly Wanted[]): Promise<Result<ByKind>> {
  const { discovery, projection, check } = parts;
  const split = await splitServed(discovery, wanted, ({ object }) => object);
  if (!split.ok) return split;
  const objects = wanted.map(({ object }) => object);
  const predicted: Wanted[] = [];
  const kept: Wanted[] = [];
  const unknown: Unknown[] = [];
  const awaited: Wanted[] = [];
  const others = await inOtherVersions(parts, objects);
  if (!others.ok) return others;
  const isOther = ({ object }: Wanted) => others.value.includes(object);
  const served = split.value.served.filter((item) => !isOther(item));
  for (const item of [...split.value.unserved, ...split.value.served.filter(isOther)]) {
    const { object, manifest } = item;
    const keeps = await parts.calicoctl.keeps(object);
    if (!keeps.ok) return keeps;
    if (keeps.value) kept.push(item);
    if (keeps.value || manifest.state === "absent") continue;
    const bringer = projection.bringer(object.apiVersion, object.kind);
    if (projection.plannedKind(object.apiVersion, object.kind, objects)) predicted.push(item);
    else if (bringer === undefined) return unknownKind(object);
    else if (check) unknown.push(notYet(object, bringer));
    else awaited.push(item);
  }
  if (awaited.length > 0) {
    const kinds = awaited.map(({ object }) => object);
    const waited = await awaitKinds(parts, kinds, { exactly: true });
    if (!waited.ok) return waited;
  }
  return ok({ served: [...served, ...awaited], predicted, kept, unknown });
}

function notYet(object: KubeObject, { release, planned }: SeenRelease): Unknown {
  const state = planned ? "which is only planned" : "which is deployed but does not serve it yet";
  const reason = `kind ${object.kind} (${object.apiVersion}) comes with release ${release.namespace}/${release.name}, ${state}`;
  return { target: targetOf(object), reason };
}

function unknownKind(object: KubeObject): Result<never> {
  return failed({
    kind: "failed",
    doing: `read ${targetOf(object)}`,
    message: `the cluster does not know kind ${object.kind} (${object.apiVersion})`,
    meaning: "its CRD or API extension is not installed, and no release of this run says that it brings it",
    next: "run the task that installs it as well, list the resource in that task's `brings`, or correct apiVersion and kind",
  });
}
