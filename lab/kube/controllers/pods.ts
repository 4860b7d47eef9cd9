import { createHash } from "node:crypto";
import type { Json } from "../../../runner/json.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, objectAt, textAt, valueAt } from "../objects/kube-object.ts";
import { deletePod } from "../objects/pod-deletion.ts";
import { hasCondition } from "../objects/registry.ts";
import type { World } from "./world.ts";

/** Letters Kubernetes makes name suffixes of: no vowels, so no words. */
const LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** A five letter suffix, the same for the same text. */
export function suffix(text: string): string {
  return [...createHash("sha256").update(text).digest().subarray(0, 5)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** Hash of a workload's pod template, as in the labels `pod-template-hash` and `controller-revision-hash`. */
export function templateHash(workload: KubeObject): string {
  return suffix(JSON.stringify(valueAt(workload, "spec", "template") ?? null));
}

/** Pods that belong to a workload. */
export function podsOf(world: World, workload: KubeObject): readonly KubeObject[] {
  return world.store
    .list(builtinOf("Pod").storage, workload.metadata.namespace)
    .filter((pod) => listAt(pod, "metadata", "ownerReferences").some((owner) => textAt(owner, "uid") === workload.metadata.uid));
}

/** Whether a pod's containers run and are ready. */
export function isReady(pod: KubeObject): boolean {
  return hasCondition(pod, "Ready");
}

/** A pod that a workload is to have. */
export interface NewPod {
  readonly name: string;
  /** Undefined: no node takes it. */
  readonly node: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds until its containers run. */
  readonly delay: number;
}

/** Makes a pod of a workload's template. */
export function makePod(world: World, workload: KubeObject, { name, node, labels, delay }: NewPod): void {
  const { namespace = "default", uid = "" } = workload.metadata;
  const owner: Json = { apiVersion: "apps/v1", kind: workload.kind, name: workload.metadata.name, uid, controller: true };
  const template = objectAt(workload, "spec", "template");
  const resource = builtinOf("Pod");
  world.ensure(
    resource,
    { name, namespace },
    {
      metadata: {
        labels: { ...objectAt(template, "metadata", "labels"), ...labels },
        annotations: objectAt(template, "metadata", "annotations"),
        ownerReferences: [owner],
      },
      spec: { ...objectAt(template, "spec"), ...(node === undefined ? {} : { nodeName: node }) },
      status: { phase: "Pending" },
    },
    "kube-controller-manager",
  );
  const made = world.store.get(resource.storage, namespace, name);
  if (made !== undefined && delay > 0) world.starts.startAt(made, world.clock.now() + delay);
}

/** Deletes a pod as a controller does: with the word of its kubelet. */
export function endPod(world: World, pod: KubeObject): void {
  deletePod(world.store, (node) => world.machines.runs(node), pod);
}

/** A name that no earlier pod had. */
export function newName(world: World, prefix: string, place: string): string {
  return `${prefix}-${suffix(`${prefix} ${place} ${world.store.version}`)}`;
}

/** A node's InternalIPs, the main family first. */
export function addressesOf(node: KubeObject): readonly string[] {
  return listAt(node, "status", "addresses")
    .filter((address) => textAt(address, "type") === "InternalIP")
    .map((address) => textAt(address, "address"));
}

/** How many pods a Deployment or StatefulSet is to have. */
export function replicasOf(workload: KubeObject): number {
  return Number(valueAt(workload, "spec", "replicas") ?? 1);
}
