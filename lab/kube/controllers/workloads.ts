import type { JsonObject } from "../../../runner/json.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, objectAt, textAt, valueAt } from "../objects/kube-object.ts";
import { isReady, makePod, podsOf, runPods, suffix, templateHash } from "./pods.ts";
import { type Controller, condition, type World } from "./world.ts";

/** DaemonSets: one pod for each node their selector takes, cordoned ones too. */
export const runDaemonSets: Controller = (world) => {
  const resource = builtinOf("DaemonSet");
  for (const set of world.store.list(resource.storage)) {
    const nodes = eligible(world, set).map((node) => node.metadata.name);
    const hash = templateHash(set);
    const pods = keepCurrent(world, set, "controller-revision-hash", hash);
    const taken = new Set(pods.map((pod) => textAt(pod, "spec", "nodeName")));
    for (const pod of pods)
      if (!nodes.includes(textAt(pod, "spec", "nodeName"))) world.store.remove(builtinOf("Pod").storage, pod);
    for (const node of nodes.filter((name) => !taken.has(name))) {
      const name = `${set.metadata.name}-${suffix(`${set.metadata.uid} ${node} ${hash}`)}`;
      makePod(world, set, name, node, { "controller-revision-hash": hash });
    }
    runPods(world);
    const ready = podsOf(world, set).filter(isReady).length;
    world.setStatus(resource, set, {
      observedGeneration: set.metadata.generation ?? 1,
      desiredNumberScheduled: nodes.length,
      currentNumberScheduled: nodes.length,
      updatedNumberScheduled: nodes.length,
      numberReady: ready,
      numberAvailable: ready,
      numberUnavailable: nodes.length - ready,
      numberMisscheduled: 0,
    });
  }
};

/** Deployments: replicas spread over the nodes that can be scheduled on. ReplicaSets in between are left out. */
export const runDeployments: Controller = (world) => {
  const resource = builtinOf("Deployment");
  for (const deployment of world.store.list(resource.storage)) {
    const replicas = Number(valueAt(deployment, "spec", "replicas") ?? 1);
    const hash = templateHash(deployment);
    const pods = keepCurrent(world, deployment, "pod-template-hash", hash);
    const nodes = eligible(world, deployment).filter((node) => valueAt(node, "spec", "unschedulable") !== true);
    const names = Array.from(
      { length: replicas },
      (_, index) => `${deployment.metadata.name}-${hash}-${suffix(`${deployment.metadata.uid} ${index}`)}`,
    );
    for (const [index, name] of names.entries()) {
      const found = pods.find((pod) => pod.metadata.name === name);
      const node = nodes[index % Math.max(1, nodes.length)]?.metadata.name;
      if (found === undefined) makePod(world, deployment, name, node, { "pod-template-hash": hash });
      // A pod that no node took is placed as soon as one does.
      else if (textAt(found, "spec", "nodeName") === "" && node !== undefined)
        world.store.remove(builtinOf("Pod").storage, found);
    }
    for (const pod of pods) if (!names.includes(pod.metadata.name)) world.store.remove(builtinOf("Pod").storage, pod);
    runPods(world);
    world.setStatus(
      resource,
      deployment,
      deploymentStatus(deployment, replicas, podsOf(world, deployment).filter(isReady).length),
    );
  }
};

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

/** Nodes that a workload's node selector takes. */
function eligible(world: World, workload: KubeObject): readonly KubeObject[] {
  const selector = Object.entries(objectAt(workload, "spec", "template", "spec", "nodeSelector"));
  return world.store
    .list(builtinOf("Node").storage)
    .filter((node) => selector.every(([label, value]) => node.metadata.labels?.[label] === value));
}

/** Removes pods of an older template; gives those that stay. */
function keepCurrent(world: World, workload: KubeObject, label: string, hash: string): readonly KubeObject[] {
  const pods = podsOf(world, workload);
  for (const pod of pods) if (pod.metadata.labels?.[label] !== hash) world.store.remove(builtinOf("Pod").storage, pod);
  return pods.filter((pod) => pod.metadata.labels?.[label] === hash);
}
