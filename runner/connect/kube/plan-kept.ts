import { ok, type Result } from "../../result.ts";
import { keptObject } from "./calicoctl-merge.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { creation, deletion, type ManifestChange, modification } from "./manifest-change.ts";
import { mergedObject } from "./merge-objects.ts";
import { keyOf } from "./object-name.ts";
import type { Wanted } from "./sort-by-kind.ts";

/**
 * Compares manifests of kinds that only calicoctl reaches. It has no dry run: what an apply comes to is told from what was found and
 * what is wanted, and a refusal by its validation is seen only when it is carried out.
 */
export async function planKept(
  { calicoctl, projection }: ClusterParts,
  wanted: readonly Wanted[],
): Promise<Result<readonly ManifestChange[]>> {
  if (wanted.length === 0) return ok([]);
  const found = await calicoctl.list(wanted.map(({ object }) => object));
  if (!found.ok) return found;
  const live = new Map(found.value.map((object) => [keyOf(object), object]));
  return ok(
    wanted.flatMap(({ manifest, object }): readonly ManifestChange[] => {
      const laid = projection.object(object);
      const now = laid === undefined ? live.get(keyOf(object)) : (laid ?? undefined);
      if (manifest.state === "absent") {
        return now === undefined ? [] : [{ manifest, object, next: now, change: deletion(now) }];
      }
      // What was only planned is merged as it is: its fields are not marked yet.
      const next = laid === undefined || now === undefined ? keptObject(now, object) : mergedObject(now, object);
      const change = now === undefined ? creation(object) : modification(now, next);
      return change === undefined ? [] : [{ manifest, object, next, change }];
    }),
  );
}
