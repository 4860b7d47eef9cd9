import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, objectAt, textAt, valueAt } from "../objects/kube-object.ts";
import type { World } from "./world.ts";

/** Keeps a ControllerRevision for each template that a workload had, the current one with the highest number, as many as it wants kept. */
export function recordRevision(world: World, workload: KubeObject, hash: string): void {
  const resource = builtinOf("ControllerRevision");
  const { namespace = "default", uid = "", name: owner } = workload.metadata;
  const name = `${owner}-${hash}`;
  const own = world.store
    .list(resource.storage, namespace)
    .filter((entry) => listAt(entry, "metadata", "ownerReferences").some((reference) => textAt(reference, "uid") === uid));
  const numberOf = (entry: KubeObject) => Number(entry.revision ?? 0);
  const newest = Math.max(0, ...own.map(numberOf));
  const found = own.find((entry) => entry.metadata.name === name);
  if (found !== undefined && numberOf(found) === newest) return;
  const reference = { apiVersion: "apps/v1", kind: workload.kind, name: owner, uid, controller: true, blockOwnerDeletion: true };
  const labels = { ...objectAt(workload, "spec", "selector", "matchLabels"), "controller-revision-hash": hash };
  const data = { spec: { template: { ...objectAt(workload, "spec", "template"), $patch: "replace" } } };
  const fields = { metadata: { labels, ownerReferences: [reference] }, data, revision: newest + 1 };
  world.ensure(resource, { name, namespace }, fields, "kube-controller-manager");
  const limit = Number(valueAt(workload, "spec", "revisionHistoryLimit") ?? 10);
  const older = own.filter((entry) => entry !== found).toSorted((a, b) => numberOf(b) - numberOf(a));
  for (const entry of older.slice(limit)) world.store.remove(resource.storage, entry);
}
