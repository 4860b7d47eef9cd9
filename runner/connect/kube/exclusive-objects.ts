import { ok, type Result } from "../../result.ts";
import type { ExclusiveObjects, KubeObject, Manifest } from "../cluster.ts";
import { awaitKinds } from "./appear.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { fullName } from "./discovery.ts";
import { keyOf, kindKey } from "./object-name.ts";
import { readAll, splitServed } from "./read-objects.ts";

/** A kind as an object names it. */
interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** What the listing of the exclusive kinds found: all objects of these kinds, so that none of them need be read again. */
export interface Listed {
  /** Kinds that were listed, as `group|kind`. */
  readonly kinds: ReadonlySet<string>;
  readonly objects: readonly KubeObject[];
}

/** Nothing was listed. */
export const NOTHING_LISTED: Listed = { kinds: new Set(), objects: [] };

/**
 * Lists the kinds of which a task wants no other objects with its labels than its own, in one process, and gives the deletion of the
 * others. Objects without the labels are somebody else's and left alone; they are listed all the same, because one of ours may have lost its labels.
 */
export async function planExclusives(
  parts: ClusterParts,
  exclusives: readonly ExclusiveObjects[],
  manifests: readonly Manifest[],
): Promise<Result<{ readonly extras: readonly Manifest[]; readonly listed: Listed }>> {
  const { projection, discovery, programs } = parts;
  if (exclusives.length === 0) return ok({ extras: [], listed: NOTHING_LISTED });
  const kinds = exclusives.map(({ apiVersion, objectKind: kind }) => ({ apiVersion, kind }));
  if (!parts.check) {
    const brought = kinds.filter(({ apiVersion, kind }) => projection.bringer(apiVersion, kind) !== undefined);
    const waited = await awaitKinds(parts, brought, { exactly: false });
    if (!waited.ok) return waited;
  }
  const split = await splitServed(discovery, kinds, (kind) => kind);
  if (!split.ok) return split;
  const resources: string[] = [];
  for (const { apiVersion, kind } of split.value.served) {
    const served = await discovery.find(apiVersion, kind);
    if (!served.ok) return served;
    if (served.value !== undefined) resources.push(fullName(served.value));
  }
  const read = await readAll(programs, resources);
  if (!read.ok) return read;
  const unreached: ObjectKind[] = [];
  for (const kind of split.value.unserved) {
    const keeps = await parts.calicoctl.keeps(kind);
    if (!keeps.ok) return keeps;
    if (keeps.value) unreached.push(kind);
  }
  const kept = await parts.calicoctl.list(unreached);
  if (!kept.ok) return kept;
  const present = [
    ...[...read.value, ...kept.value].filter((object) => projection.object(object) === undefined),
    ...projection.objects(),
  ];
  const wanted = new Set(manifests.map(({ object }) => keyOf(object)));
  const extras = present
    .filter((object) => !wanted.has(keyOf(object)) && exclusives.some((exclusive) => isOf(object, exclusive)))
    .map((object): Manifest => ({ kind: "manifest", state: "absent", object }));
  return ok({ extras, listed: { kinds: new Set(split.value.served.map(kindKey)), objects: read.value } });
}

function isOf(object: KubeObject, { apiVersion, objectKind: kind, labels }: ExclusiveObjects): boolean {
  const own = object.metadata.labels ?? {};
  return (
    kindKey(object) === kindKey({ apiVersion, kind }) && Object.entries(labels).every(([label, value]) => own[label] === value)
  );
}
