import type { JsonObject } from "../../../runner/json.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, objectAt, textAt } from "../objects/kube-object.ts";
import { isTerminating } from "../objects/pod-deletion.ts";
import { endPod, isReady, makePod, newName, podsOf, replicasOf, templateHash } from "./pods.ts";
import { eligible, Placement } from "./scheduling.ts";
import { type Controller, condition, type World } from "./world.ts";

const HASH = "pod-template-hash";

/** Deployments: replicas spread over the nodes that can be scheduled on. ReplicaSets in between are left out. */
export const runDeployments: Controller = (world) => {
  for (const deployment of world.store.list(builtinOf("Deployment").storage)) {
    const replicas = replicasOf(deployment);
    const hash = templateHash(deployment);
    const found = activePods(world, deployment);
    const current = found.filter((pod) => pod.metadata.labels?.[HASH] === hash);
    const nodes = eligible(world, objectAt(deployment, "spec", "template", "spec"));
    // A pod that no node took is placed as soon as one does.
    const placed = current.filter((pod) => textAt(pod, "spec", "nodeName") !== "" || nodes.length === 0);
    const kept = placed.slice(0, replicas);
    for (const pod of found) if (!kept.includes(pod)) endPod(world, pod);
    if (placed.length >= replicas) continue;
    const placement = new Placement(world, placed);
    const delay = world.starts.delay(deployment, hash, replicas);
    for (let missing = replicas - placed.length; missing > 0; missing -= 1) {
      const name = newName(world, `${deployment.metadata.name}-${hash}`, String(missing));
      makePod(world, deployment, { name, node: placement.next(nodes), labels: { [HASH]: hash }, delay });
    }
  }
};

/** What the status of Deployments says about their pods. */
export const reportDeployments: Controller = (world) => {
  const resource = builtinOf("Deployment");
  for (const deployment of world.store.list(resource.storage)) {
    const replicas = replicasOf(deployment);
    const ready = activePods(world, deployment).filter(isReady).length;
    if (replicas > 0 && ready >= replicas) world.starts.complete(deployment, templateHash(deployment));
    world.setStatus(resource, deployment, deploymentStatus(deployment, replicas, ready));
  }
};

/** Pods that are there to stay: a deleted one whose kubelet is silent has been replaced already. */
function activePods(world: World, deployment: KubeObject): readonly KubeObject[] {
  return podsOf(world, deployment).filter((pod) => !isTerminating(pod));
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
