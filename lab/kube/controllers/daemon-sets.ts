import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, objectAt, textAt, valueAt } from "../objects/kube-object.ts";
import { scaled } from "./percentage.ts";
import { endPod, isReady, makePod, newName, podsOf, templateHash } from "./pods.ts";
import { recordRevision } from "./revisions.ts";
import { eligible } from "./scheduling.ts";
import type { Controller, World } from "./world.ts";

const HASH = "controller-revision-hash";

/**
 * DaemonSets: one pod for each node that takes it, cordoned ones too. A new template reaches the nodes as `updateStrategy` says: by deletion
 * only, or so that at most `maxUnavailable` pods do not run.
 */
export const runDaemonSets: Controller = (world) => {
  for (const set of world.store.list(builtinOf("DaemonSet").storage)) {
    const nodes = new Set(nodesOf(world, set).map((node) => node.metadata.name));
    const hash = templateHash(set);
    recordRevision(world, set, hash);
    const found = podsOf(world, set);
    const kept = found.filter((pod) => nodes.has(textAt(pod, "spec", "nodeName")));
    for (const pod of found) if (!kept.includes(pod)) endPod(world, pod);
    const outdated = new Set(replaceable(set, kept, nodes.size, hash));
    for (const pod of outdated) endPod(world, pod);
    const taken = new Set(podsOf(world, set).map((pod) => textAt(pod, "spec", "nodeName")));
    const delay = world.starts.delay(set, hash, nodes.size);
    for (const node of nodes) {
      if (taken.has(node)) continue;
      makePod(world, set, { name: newName(world, set.metadata.name, node), node, labels: { [HASH]: hash }, delay });
    }
  }
};

/** Pods of an older template whose turn it is: those that do not run anyway, and as many others as may be missing. */
function replaceable(set: KubeObject, pods: readonly KubeObject[], desired: number, hash: string): readonly KubeObject[] {
  if (textAt(set, "spec", "updateStrategy", "type") === "OnDelete") return [];
  const old = pods.filter((pod) => !isCurrent(pod, hash));
  const allowed = Math.max(1, scaled(valueAt(set, "spec", "updateStrategy", "rollingUpdate", "maxUnavailable") ?? 1, desired));
  const missing = desired - pods.filter(isReady).length;
  const running = old.filter(isReady).slice(0, Math.max(0, allowed - missing));
  return [...old.filter((pod) => !isReady(pod)), ...running];
}

/** What the status of DaemonSets says about their pods. */
export const reportDaemonSets: Controller = (world) => {
  const resource = builtinOf("DaemonSet");
  for (const set of world.store.list(resource.storage)) {
    const hash = templateHash(set);
    const pods = podsOf(world, set);
    const ready = pods.filter(isReady).length;
    const desired = nodesOf(world, set).length;
    const updated = pods.filter((pod) => isCurrent(pod, hash)).length;
    if (ready > 0 && updated === pods.length) world.starts.complete(set, hash);
    world.setStatus(resource, set, {
      observedGeneration: set.metadata.generation ?? 1,
      desiredNumberScheduled: desired,
      currentNumberScheduled: pods.length,
      updatedNumberScheduled: updated,
      numberReady: ready,
      numberAvailable: ready,
      numberUnavailable: Math.max(0, desired - ready),
      numberMisscheduled: 0,
    });
  }
};

function isCurrent(pod: KubeObject, hash: string): boolean {
  return pod.metadata.labels?.[HASH] === hash;
}

function nodesOf(world: World, set: KubeObject): readonly KubeObject[] {
  const template = objectAt(set, "spec", "template");
  return isJsonObject(template.spec) ? eligible(world, template.spec, true) : [];
}
