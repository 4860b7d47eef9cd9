import { builtinOf } from "../objects/builtin-resources.ts";
import { listAt, textAt } from "../objects/kube-object.ts";
import type { Controller } from "./world.ts";

/** Kinds that own pods in the lab. */
const OWNERS = ["DaemonSet", "Deployment"];

/** Pods whose owner is gone go too (background deletion). */
export const collectOrphans: Controller = (world) => {
  const owners = OWNERS.flatMap((kind) => world.store.list(builtinOf(kind).storage));
  const alive = new Set(owners.map((owner) => owner.metadata.uid));
  const pods = builtinOf("Pod").storage;
  for (const pod of world.store.list(pods)) {
    const references = listAt(pod, "metadata", "ownerReferences");
    const owned = references.filter((reference) => OWNERS.includes(textAt(reference, "kind")));
    if (owned.length > 0 && !owned.some((reference) => alive.has(textAt(reference, "uid")))) world.store.remove(pods, pod);
  }
};
