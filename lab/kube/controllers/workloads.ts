import type { JsonObject } from "../../../runner/json.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, textAt, valueAt } from "../objects/kube-object.ts";
import { isReady, makePod, podsOf, suffix, templateHash } from "./pods.ts";
import { mayRunOn } from "./scheduling.ts";
import { type Controller, condition, type World } from "./world.ts";

/** DaemonSets: one pod for each node that takes it, cordoned ones too. */
export const runDaemonSets: Controller = (world) => {
  const pods = builtinOf("Pod").storage;
  for (const set of world.store.list(builtinOf("DaemonSet").storage)) {
    const nodes = new Set(eligible(world, set).map((node) => node.metadata.name));
    const hash = templateHash(set);
    const found = keepCurrent(world, set, "controller-revision-hash", hash);
    for (const pod of found) if (!nodes.has(textAt(pod, "spec", "nodeName"))) world.store.remove(pods, pod);
    const taken = new Set(found.map((pod) => textAt(pod, "spec", "nodeName")));
    for (const node of nodes) {
      if (!taken.has(node))
        makePod(world, set, newName(world, set.metadata.name, node), node, { "controller-revision-hash": hash });
    }
  }
};

/** Deployments: replicas spread over the nodes that can be scheduled on. ReplicaSets in between are left out. */
export const runDeployments: Controller = (world) => {
  const pods = builtinOf("Pod").storage;
  for (const deployment of world.store.list(builtinOf("Deployment").storage)) {
    const replicas = replicasOf(deployment);
    const hash = templateHash(deployment);
    const found = keepCurrent(world, deployment, "pod-template-hash", hash);
    const nodes = eligible(world, deployment);
    // A pod that no node took is placed as soon as one does.
    const placed = found.filter((pod) => textAt(pod, "spec", "nodeName") !== "" || nodes.length === 0);
    for (const pod of found) if (!placed.slice(0, replicas).includes(pod)) world.store.remove(pods, pod);
    let missing = replicas - placed.length;
    if (missing <= 0) continue;
    const own = podCounts(placed);
    const all = podCounts(world.store.list(pods));
    for (; missing > 0; missing -= 1) {
      const node = leastLoaded(nodes, own, all);
      if (node !== undefined) for (const counts of [own, all]) counts.set(node, (counts.get(node) ?? 0) + 1);
      const name = newName(world, `${deployment.metadata.name}-${hash}`, String(missing));
      makePod(world, deployment, name, node, { "pod-template-hash": hash });
    }
  }
};

/** What the status of DaemonSets and Deployments says about their pods. */
export const reportWorkloads: Controller = (world) => {
  for (const set of world.store.list(builtinOf("DaemonSet").storage)) {
    const pods = podsOf(world, set);
    const ready = pods.filter(isReady).length;
    world.setStatus(builtinOf("DaemonSet"), set, {
      observedGeneration: set.metadata.generation ?? 1,
      desiredNumberScheduled: pods.length,
      currentNumberScheduled: pods.length,
      updatedNumberScheduled: pods.length,
      numberReady: ready,
      numberAvailable: ready,
      numberUnavailable: pods.length - ready,
      numberMisscheduled: 0,
    });
  }
  for (const deployment of world.store.list(builtinOf("Deployment").storage)) {
    const ready = podsOf(world, deployment).filter(isReady).length;
    world.setStatus(builtinOf("Deployment"), deployment, deploymentStatus(deployment, replicasOf(deployment), ready));
  }
};

function replicasOf(deployment: KubeObject): number {
  return Number(valueAt(deployment, "spec", "replicas") ?? 1);
}

/** A name that no earlier pod had. */
function newName(world: World, prefix: string, place: string): string {
  return `${prefix}-${suffix(`${prefix} ${place} ${world.store.version}`)}`;
}

/** How many pods there are on each node. */
function podCounts(pods: readonly KubeObject[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    const node = textAt(pod, "spec", "nodeName");
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return counts;
}

/** The node with the fewest pods of the workload; of several the one with the fewest pods at all, then the first by name. */
function leastLoaded(
  nodes: readonly KubeObject[],
  own: ReadonlyMap<string, number>,
  all: ReadonlyMap<string, number>,
): string | undefined {
  const names = nodes.map((node) => node.metadata.name);
  const rank = (name: string) => (own.get(name) ?? 0) * 10_000 + (all.get(name) ?? 0);
  return names.reduce<string | undefined>(
    (best, name) => (best === undefined || rank(name) < rank(best) ? name : best),
    undefined,
  );
}

function deploymentStatus(deployment: KubeObject, replicas: number, ready: number): JsonObject {
  const known = listAt(deployment, "status", "conditions");
  const all = ready >= replicas;
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: ready,
    availableReplicas: ready,
    unavailableReplicas: replicas - ready,
    conditions: [
      condition(known, {
        type: "Available",
        status: all,
        reason: all ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
      }),
      condition(known, { type: "Progressing", status: true, reason: all ? "NewReplicaSetAvailable" : "ReplicaSetUpdated" }),
    ],
  };
}

/** Nodes that take the pods of a workload. */
function eligible(world: World, workload: KubeObject): readonly KubeObject[] {
  return world.store.list(builtinOf("Node").storage).filter((node) => mayRunOn(workload, node));
}

/** Removes pods of an older template; gives those that stay. */
function keepCurrent(world: World, workload: KubeObject, label: string, hash: string): readonly KubeObject[] {
  const pods = podsOf(world, workload);
  for (const pod of pods) if (pod.metadata.labels?.[label] !== hash) world.store.remove(builtinOf("Pod").storage, pod);
  return pods.filter((pod) => pod.metadata.labels?.[label] === hash);
}
