import { ciliumKind } from "../cilium/kinds.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { listAt, textAt } from "../objects/kube-object.ts";
import { endPod } from "./pods.ts";
import type { Controller } from "./world.ts";

/** Kinds that own objects in the lab. */
const OWNERS = ["DaemonSet", "Deployment", "StatefulSet", "Node", "Secret"].map(builtinOf);

/** Kinds that are owned. */
const OWNED = [...["Pod", "ControllerRevision", "Secret"].map(builtinOf), ciliumKind("CiliumNode")];

/** Objects whose owner is gone go too (background deletion). */
export const collectOrphans: Controller = (world) => {
  const kinds = OWNERS.map(({ kind }) => kind);
  const alive = new Set(OWNERS.flatMap(({ storage }) => world.store.list(storage)).map(({ metadata }) => metadata.uid));
  for (const resource of OWNED) {
    for (const object of world.store.list(resource.storage)) {
      const references = listAt(object, "metadata", "ownerReferences");
      const known = references.filter((reference) => kinds.includes(textAt(reference, "kind")));
      if (known.length === 0 || known.some((reference) => alive.has(textAt(reference, "uid")))) continue;
      if (resource.kind === "Pod") endPod(world, object);
      else world.store.remove(resource.storage, object);
    }
  }
};
