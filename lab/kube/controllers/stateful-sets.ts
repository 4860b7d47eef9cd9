import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, objectAt, textAt } from "../objects/kube-object.ts";
import { endPod, isReady, makePod, podsOf, replicasOf, templateHash } from "./pods.ts";
import { eligible, Placement } from "./scheduling.ts";
import type { Controller, World } from "./world.ts";

const HASH = "controller-revision-hash";

/**
 * StatefulSets: pods with a number each, made in order, the next when the one before runs; a new template replaces them from the last one
 * down, one at a time. A pod that was deleted on a silent kubelet keeps its name, so it is not replaced. Volumes are left out.
 */
export const runStatefulSets: Controller = (world) => {
  for (const set of world.store.list(builtinOf("StatefulSet").storage)) {
    const { name: own } = set.metadata;
    const hash = templateHash(set);
    const pods = new Map(podsOf(world, set).map((pod) => [pod.metadata.name, pod]));
    const names = Array.from({ length: replicasOf(set) }, (_, index) => `${own}-${index}`);
    for (const [name, pod] of pods) if (!names.includes(name)) endPod(world, pod);
    const next = names.find((name) => !isRunning(pods.get(name)));
    if (next === undefined) {
      const outdated = names.findLast((name) => pods.get(name)?.metadata.labels?.[HASH] !== hash);
      const pod = pods.get(outdated ?? "");
      if (pod !== undefined) endPod(world, pod);
    } else if (pods.get(next) === undefined || unplaced(world, set, pods.get(next))) {
      const waiting = pods.get(next);
      if (waiting !== undefined) endPod(world, waiting);
      const node = new Placement(world, [...pods.values()]).next(eligible(world, templateOf(set)));
      const labels = { [HASH]: hash, "statefulset.kubernetes.io/pod-name": next };
      makePod(world, set, { name: next, node, labels, delay: world.starts.delay(set, hash, names.length) });
    }
  }
};

/** What the status of StatefulSets says about their pods. */
export const reportStatefulSets: Controller = (world) => {
  const resource = builtinOf("StatefulSet");
  for (const set of world.store.list(resource.storage)) {
    const hash = templateHash(set);
    const replicas = replicasOf(set);
    const pods = podsOf(world, set);
    const ready = pods.filter(isReady).length;
    const updated = pods.filter((pod) => pod.metadata.labels?.[HASH] === hash).length;
    if (replicas > 0 && ready >= replicas) world.starts.complete(set, hash);
    world.setStatus(resource, set, {
      observedGeneration: set.metadata.generation ?? 1,
      replicas: pods.length,
      readyReplicas: ready,
      availableReplicas: ready,
      currentReplicas: updated,
      updatedReplicas: updated,
      currentRevision: `${set.metadata.name}-${hash}`,
      updateRevision: `${set.metadata.name}-${hash}`,
    });
  }
};

function isRunning(pod: KubeObject | undefined): boolean {
  return pod !== undefined && isReady(pod);
}

/** Whether a pod that no node took could be placed now. */
function unplaced(world: World, set: KubeObject, pod: KubeObject | undefined): boolean {
  return textAt(pod, "spec", "nodeName") === "" && eligible(world, templateOf(set)).length > 0;
}

function templateOf(set: KubeObject) {
  return objectAt(set, "spec", "template", "spec");
}
