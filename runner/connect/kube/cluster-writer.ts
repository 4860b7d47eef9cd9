import { ok } from "../../result.ts";
import type { ClusterWriter } from "../cluster.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { installRelease, uninstallRelease } from "./helm-release.ts";
import { splitServed } from "./read-objects.ts";
import { applyObjects, deleteObjects, removeLabel } from "./write-objects.ts";

/** Writes with kubectl and helm. Never made in check mode. */
export function clusterWriter({ programs, discovery }: ClusterParts): ClusterWriter {
  return {
    apply: async (manifests) => {
      const applied = await applyObjects(programs, manifests);
      if (manifests.some(({ object }) => object.kind === "CustomResourceDefinition")) discovery.forget();
      return applied;
    },
    delete: async (references) => {
      const split = await splitServed(discovery, references, (reference) => reference);
      return split.ok ? deleteObjects(programs, split.value.served) : split;
    },
    removeLabel: (references, label) => removeLabel(programs, references, label),
    install: async (release) => {
      const installed = await installRelease(programs, release);
      discovery.forget();
      return installed;
    },
    uninstall: async (name, namespace) => {
      const uninstalled = await uninstallRelease(programs, name, namespace);
      discovery.forget();
      return uninstalled.ok ? ok(undefined) : uninstalled;
    },
  };
}
