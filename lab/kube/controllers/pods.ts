import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../../../runner/json.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, objectAt, textAt, timestamp, valueAt } from "../objects/kube-object.ts";
import { hasCondition } from "../objects/registry.ts";
import { condition, type World } from "./world.ts";

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

/** Makes a pod of a workload's template for a node (undefined: no node takes it). */
export function makePod(world: World, workload: KubeObject, name: string, node: string | undefined, labels: JsonObject): void {
  const { namespace = "default", uid = "" } = workload.metadata;
  const owner: Json = { apiVersion: "apps/v1", kind: workload.kind, name: workload.metadata.name, uid, controller: true };
  const template = objectAt(workload, "spec", "template");
  world.ensure(
    builtinOf("Pod"),
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
}

/**
 * What kubelets do: a pod runs when it uses the host's network or its node's network is ready; a pod on a node that is gone goes too.
 */
export function runPods(world: World): void {
  const pods = builtinOf("Pod");
  const nodes = new Map(world.store.list(builtinOf("Node").storage).map((node) => [node.metadata.name, node]));
  for (const pod of world.store.list(pods.storage)) {
    const name = textAt(pod, "spec", "nodeName");
    const node = nodes.get(name);
    if (name === "") continue;
    if (node === undefined) {
      world.store.remove(pods.storage, pod);
      continue;
    }
    const runs = valueAt(pod, "spec", "hostNetwork") === true || hasCondition(node, "Ready");
    if (runs !== isReady(pod)) world.setStatus(pods, pod, podStatus(pod, node, runs));
  }
}

function podStatus(pod: KubeObject, node: KubeObject, runs: boolean): JsonObject {
  const hostIP = addressOf(node);
  const known = listAt(pod, "status", "conditions");
  const reason = runs ? "" : "ContainersNotReady";
  const containers = listAt(pod, "spec", "containers").filter(isJsonObject);
  return {
    phase: runs ? "Running" : "Pending",
    hostIP,
    ...(runs && valueAt(pod, "spec", "hostNetwork") === true ? { podIP: hostIP } : {}),
    startTime: textAt(pod, "status", "startTime") || timestamp(),
    conditions: ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map((type) =>
      condition(known, { type, status: runs || type === "PodScheduled", reason }),
    ),
    containerStatuses: containers.map((container) => ({
      name: textAt(container, "name"),
      image: textAt(container, "image"),
      ready: runs,
      started: runs,
      restartCount: 0,
    })),
  };
}

/** A node's InternalIP. */
export function addressOf(node: KubeObject): string {
  const found = listAt(node, "status", "addresses").find((address) => textAt(address, "type") === "InternalIP");
  return textAt(found, "address");
}
