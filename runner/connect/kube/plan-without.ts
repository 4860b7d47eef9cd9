import type { JsonObject } from "../../json.ts";
import { failed, ok, type Result } from "../../result.ts";
import type { ClusterWriter, KubeObject, ObjectReference, WithoutMetadata } from "../cluster.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { clusterReader } from "./cluster-reader.ts";
import { type ManifestChange, modification } from "./manifest-change.ts";
import { keyOf } from "./object-name.ts";

/** An object that has labels or annotations it must not have. */
export interface Stripped {
  readonly wanted: WithoutMetadata;
  readonly next: KubeObject;
  readonly change: ManifestChange["change"];
}

/** Finds the labels and annotations that must go, in check mode also those that were only planned. Objects that are not there need nothing. */
export async function planWithout(parts: ClusterParts, wanted: readonly WithoutMetadata[]): Promise<Result<readonly Stripped[]>> {
  if (wanted.length === 0) return ok([]);
  const found = await clusterReader(parts).objects(wanted.map(({ object }) => object));
  if (!found.ok) return found;
  const objects = new Map(found.value.map((object) => [keyOf(object), object]));
  return ok(
    wanted.flatMap((item): readonly Stripped[] => {
      const live = objects.get(keyOf(item.object));
      if (live === undefined) return [];
      const next = stripped(live, item);
      const change = modification(live, next);
      return change === undefined ? [] : [{ wanted: item, next, change }];
    }),
  );
}

/** Check mode: what goes is gone for later tasks, also from what the same task has just planned for the object. */
export function projectWithout({ projection }: ClusterParts, plan: readonly Stripped[]): void {
  for (const { wanted, next } of plan) {
    const laid = projection.object(wanted.object);
    if (laid !== null) projection.lay(laid === undefined ? next : stripped(laid, wanted), false);
  }
}

/** Takes them away and reads back: one patch for all objects that lose the same. */
export async function applyWithout(parts: ClusterParts, plan: readonly Stripped[], writer: ClusterWriter): Promise<Result<void>> {
  if (plan.length === 0) return ok(undefined);
  const patches = new Map<string, { readonly patch: JsonObject; readonly objects: ObjectReference[] }>();
  for (const { wanted } of plan) {
    const patch = patchOf(wanted);
    const alike = patches.get(JSON.stringify(patch)) ?? { patch, objects: [] };
    alike.objects.push(wanted.object);
    patches.set(JSON.stringify(patch), alike);
  }
  for (const { patch, objects } of patches.values()) {
    const patched = await writer.patch(objects, patch);
    if (!patched.ok) return patched;
  }
  const left = await planWithout(
    parts,
    plan.map(({ wanted }) => wanted),
  );
  if (!left.ok) return left;
  const [still] = left.value;
  if (still === undefined) return ok(undefined);
  return failed({
    kind: "failed",
    doing: `read back ${still.change.target}`,
    message: `still has what was taken away: ${JSON.stringify(still.change.before)}`,
    meaning: "a controller in the cluster sets it again",
    next: "find out who: kubectl get … -o yaml --show-managed-fields",
  });
}

function patchOf({ labels = [], annotations = [] }: WithoutMetadata): JsonObject {
  const nulls = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, null]));
  return {
    metadata: {
      ...(labels.length === 0 ? {} : { labels: nulls(labels) }),
      ...(annotations.length === 0 ? {} : { annotations: nulls(annotations) }),
    },
  };
}

function stripped(object: KubeObject, { labels = [], annotations = [] }: WithoutMetadata): KubeObject {
  const { metadata } = object;
  const keep = (all: Readonly<Record<string, string>>, gone: readonly string[]) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !gone.includes(name)));
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(metadata.labels === undefined ? {} : { labels: keep(metadata.labels, labels) }),
      ...(metadata.annotations === undefined ? {} : { annotations: keep(metadata.annotations, annotations) }),
    },
  };
}
