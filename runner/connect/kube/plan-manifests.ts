import type { Change, Unknown } from "../../change.ts";
import { failed, ok, type Result } from "../../result.ts";
import type { KubeObject, Manifest, ObjectReference } from "../cluster.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { sendable } from "./documents.ts";
import { type Listed, NOTHING_LISTED } from "./exclusive-objects.ts";
import { filledIn } from "./filled-lists.ts";
import { creation, deletion, type ManifestChange, modification } from "./manifest-change.ts";
import { mergedObject } from "./merge-objects.ts";
import { keyOf, kindKey, referenceOf, targetOf } from "./object-name.ts";
import { planKept } from "./plan-kept.ts";
import { readObjects, WITH_MANAGERS } from "./read-objects.ts";
import { isSettled } from "./settled.ts";
import { sortByKind, type Wanted } from "./sort-by-kind.ts";
import { dryRun, FIELD_MANAGER } from "./write-objects.ts";

/** What the manifests of one task change. */
export interface ManifestPlan {
  readonly changes: readonly ManifestChange[];
  readonly unknown: readonly Unknown[];
  /** Namespaces that are not there yet and that somebody else makes: waited for before anything is written. */
  readonly awaited: readonly string[];
}

/**
 * Compares manifests with the cluster: what is there, read in one process (or listed already), against what the API server says a
 * server-side apply would make of it, asked in another. It is not asked about objects that are certainly as wanted. Objects whose kind
 * or namespace does not exist yet are told from the manifest alone.
 */
export async function planManifests(
  parts: ClusterParts,
  manifests: readonly Manifest[],
  listed: Listed = NOTHING_LISTED,
): Promise<Result<ManifestPlan>> {
  const wanted: Wanted[] = [];
  for (const manifest of manifests) {
    const object = sendable(manifest);
    if (!object.ok) return object;
    wanted.push({ manifest, object: object.value });
  }
  const kinds = await sortByKind(parts, wanted);
  if (!kinds.ok) return kinds;
  const compared = await compare(parts, kinds.value.served, listed);
  if (!compared.ok) return compared;
  const { changes, awaited } = compared.value;
  const kept = await planKept(parts, kinds.value.kept);
  if (!kept.ok) return kept;
  const predicted = kinds.value.predicted.flatMap((item) => laidOver(parts, item, null));
  const order = new Map(wanted.map(({ object }, index) => [keyOf(object), index]));
  const place = ({ object }: ManifestChange) => order.get(keyOf(object)) ?? 0;
  return ok({
    changes: [...changes, ...kept.value, ...predicted].sort((one, other) => place(one) - place(other)),
    unknown: kinds.value.unknown,
    awaited,
  });
}

/** Compares objects of served kinds. */
async function compare(
  parts: ClusterParts,
  wanted: readonly Wanted[],
  listed: Listed,
): Promise<Result<{ readonly changes: readonly ManifestChange[]; readonly awaited: readonly string[] }>> {
  const scoped = await checkScope(parts, wanted);
  if (!scoped.ok) return scoped;
  const namespaces = [...new Set(wanted.flatMap(({ object }) => object.metadata.namespace ?? []))];
  const references = [
    ...namespaces.map((name): ObjectReference => ({ apiVersion: "v1", kind: "Namespace", name })),
    ...wanted.filter(({ object }) => !listed.kinds.has(kindKey(object))).map(({ object }) => referenceOf(object)),
  ];
  const found = await readObjects(parts.programs, references, WITH_MANAGERS);
  if (!found.ok) return found;
  const live = new Map([...listed.objects, ...found.value].map((object) => [keyOf(object), object]));
  const missing = namespaces.filter((name) => !live.has(keyOf({ apiVersion: "v1", kind: "Namespace", name })));
  const own = new Set(wanted.filter(({ object }) => object.kind === "Namespace").map(({ object }) => object.metadata.name));
  const lost = missing.find((name) => !own.has(name) && !parts.projection.comes(name));
  const orphan = wanted.find(({ object, manifest }) => object.metadata.namespace === lost && manifest.state === "present");
  if (lost !== undefined && orphan !== undefined) return noNamespace(orphan.object, lost);

  const parted = partsOfMissing(parts, wanted, live);
  if (!parted.ok) return parted;
  const filled = parted.value.map((item) => withFilledLists(item, live.get(keyOf(item.object))));
  const asked = filled.filter(({ object, manifest }) => {
    const now = live.get(keyOf(object));
    if (manifest.state === "absent" || parts.projection.object(object) !== undefined) return false;
    if (now !== undefined) return !isSettled(object, now, manifest.fieldManager ?? FIELD_MANAGER);
    // A run need not ask how a new object would come out: it is about to be made. Check mode asks, and so learns of a refusal.
    return parts.check && !missing.includes(object.metadata.namespace ?? "");
  });
  const tried = await dryRun(
    parts.programs,
    asked.map(({ manifest }) => manifest),
  );
  if (!tried.ok) return tried;
  const next = new Map(tried.value.map((object) => [keyOf(object), object]));
  const changes = filled.flatMap((item): readonly ManifestChange[] => {
    const { manifest, object } = item;
    const now = live.get(keyOf(object)) ?? null;
    if (parts.projection.object(object) !== undefined) return laidOver(parts, item, now);
    // What was not asked about stays as it is, or is new.
    const then = next.get(keyOf(object)) ?? now ?? object;
    const change = changeOf(manifest, object, now, then);
    return change === undefined ? [] : [{ manifest, object, next: then, change }];
  });
  const awaited = missing.filter((name) => !own.has(name) && changes.some(({ object }) => object.metadata.namespace === name));
  return ok({ changes, awaited });
}

/** Without the manifests that are only our part of an object and whose object is not there; a failure when it must be. */
function partsOfMissing(
  { projection }: ClusterParts,
  wanted: readonly Wanted[],
  live: ReadonlyMap<string, KubeObject>,
): Result<readonly Wanted[]> {
  const isMissing = ({ object, manifest }: Wanted) =>
    (manifest.whenMissing ?? "create") !== "create" && !live.has(keyOf(object)) && !projection.object(object);
  const missed = wanted.filter((item) => isMissing(item) && item.manifest.whenMissing === "fail");
  if (missed.length === 0) return ok(wanted.filter((item) => !isMissing(item)));
  const names = missed.map(({ object }) => targetOf(object)).join(", ");
  return failed({
    kind: "failed",
    doing: `read ${names}`,
    message: `not in the cluster: ${names}`,
    meaning: "only a part of this object is set here: somebody else has to make it, under the same name",
    next: "compare the names with kubectl get; a node's name in the inventory must be the one it has in the cluster",
  });
}

/** The manifest with what a controller filled into its lists. */
function withFilledLists({ manifest, object }: Wanted, live: KubeObject | undefined): Wanted {
  if (live === undefined || manifest.filledLists === undefined) return { manifest, object };
  const filled = filledIn(object, live, manifest.filledLists);
  return { manifest: { ...manifest, object: filled }, object: filled };
}

/** A manifest over what earlier tasks only planned: what the server would say is not known, so fields are merged here. */
function laidOver(
  { projection }: ClusterParts,
  { manifest, object }: Wanted,
  read: KubeObject | null,
): readonly ManifestChange[] {
  const laid = projection.object(object);
  const now = laid === undefined ? read : laid;
  const next = now === null ? object : mergedObject(now, object);
  const change = changeOf(manifest, object, now, next);
  return change === undefined ? [] : [{ manifest, object, next, change }];
}

function changeOf(manifest: Manifest, object: KubeObject, now: KubeObject | null, next: KubeObject): Change | undefined {
  if (manifest.state === "absent") return now === null ? undefined : deletion(now);
  return now === null ? creation(object) : modification(now, next);
}

/** kubectl would put a namespaced object without namespace into the context's own, whatever that is. */
async function checkScope({ discovery }: ClusterParts, wanted: readonly Wanted[]): Promise<Result<void>> {
  for (const { object } of wanted) {
    const served = await discovery.find(object.apiVersion, object.kind);
    if (!served.ok) return served;
    if (served.value === undefined || served.value.namespaced === (object.metadata.namespace !== undefined)) continue;
    const needs = served.value.namespaced ? "needs metadata.namespace" : "is cluster-scoped and has no metadata.namespace";
    return failed({ kind: "failed", doing: `read ${targetOf(object)}`, message: `kind ${object.kind} ${needs}` });
  }
  return ok(undefined);
}

function noNamespace(object: KubeObject, namespace: string): Result<never> {
  return failed({
    kind: "failed",
    doing: `read ${targetOf(object)}`,
    message: `namespace ${namespace} does not exist`,
    meaning: "nothing in this run makes it",
    next: "correct the namespace, or make it first with k8s.manifest",
  });
}
