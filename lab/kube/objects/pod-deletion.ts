import { builtinOf } from "./builtin-resources.ts";
import { type KubeObject, textAt, timestamp } from "./kube-object.ts";
import type { ObjectStore } from "./store.ts";

/** Seconds a pod has to end (terminationGracePeriodSeconds). */
const GRACE = 30;

/**
 * Deletes a pod. Its kubelet has to confirm that it ended: on a node whose kubelet is silent it stays, marked with the time of deletion,
 * until the kubelet comes back, the Node goes, or somebody forces it.
 */
export function deletePod(store: ObjectStore, kubeletRuns: (node: string) => boolean, pod: KubeObject, force = false): void {
  const resource = builtinOf("Pod");
  const name = textAt(pod, "spec", "nodeName");
  const node = store.get(builtinOf("Node").storage, undefined, name);
  if (force || node === undefined || kubeletRuns(name)) store.remove(resource.storage, pod);
  else if (!isTerminating(pod)) {
    const deletion = { deletionTimestamp: timestamp(), deletionGracePeriodSeconds: GRACE };
    store.put(resource, { ...pod, metadata: { ...pod.metadata, ...deletion } });
  }
}

/** Whether a pod was deleted and its kubelet has not said yet that it ended. */
export function isTerminating(pod: KubeObject): boolean {
  return textAt(pod, "metadata", "deletionTimestamp") !== "";
}
