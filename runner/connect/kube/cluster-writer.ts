import { ok, type Result } from "../../result.ts";
import type { ClusterWriter } from "../cluster.ts";
import type { Calicoctl } from "./calicoctl.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { installRelease, uninstallRelease } from "./helm-release.ts";
import { splitServed } from "./read-objects.ts";
import { drainNodes, removeTaint } from "./write-nodes.ts";
import { applyObjects, deleteObjects, patchObjects, removeLabel } from "./write-objects.ts";

/** Writes with kubectl and helm. Never made in check mode. */
export function clusterWriter({ programs, discovery, calicoctl }: ClusterParts): ClusterWriter {
  return {
    apply: async (manifests) => {
      const split = await splitKept(calicoctl, manifests, ({ object }) => object);
      if (!split.ok) return split;
      const applied = await applyObjects(programs, split.value.others);
      const kept = applied.ok ? await calicoctl.apply(split.value.kept.map(({ object }) => object)) : applied;
      if (manifests.some(({ object }) => object.kind === "CustomResourceDefinition")) discovery.forget();
      return kept;
    },
    delete: async (references) => {
      const split = await splitKept(calicoctl, references, (reference) => reference);
      if (!split.ok) return split;
      const known = await splitServed(discovery, split.value.others, (reference) => reference);
      if (!known.ok) return known;
      const deleted = await deleteObjects(programs, known.value.served);
      return deleted.ok ? calicoctl.delete(split.value.kept) : deleted;
    },
    removeLabel: (references, label) => removeLabel(programs, references, label),
    exec: async ({ namespace, pod, container }, command) => {
      const ran = await programs.kubectl({
        arguments: ["exec", "--namespace", namespace, pod, "--container", container],
        command,
        retries: 0,
      });
      return ran.ok ? ok(ran.value.stdout) : ran;
    },
    patch: (references, patch) => patchObjects(programs, references, patch),
    removeTaint: (nodes, taint) => removeTaint(programs, nodes, taint),
    drain: (nodes, options) => drainNodes(programs, nodes, options),
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

/** What only calicoctl reaches, and the rest. */
async function splitKept<T>(
  calicoctl: Calicoctl,
  items: readonly T[],
  kindOf: (item: T) => { readonly apiVersion: string; readonly kind: string },
): Promise<Result<{ readonly kept: readonly T[]; readonly others: readonly T[] }>> {
  const kept: T[] = [];
  const others: T[] = [];
  for (const item of items) {
    const keeps = await calicoctl.keeps(kindOf(item));
    if (!keeps.ok) return keeps;
    (keeps.value ? kept : others).push(item);
  }
  return ok({ kept, others });
}
