import type { Json, JsonObject } from "../../../runner/json.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, textAt, valueAt } from "../objects/kube-object.ts";
import { v3Kind } from "./aggregated-api.ts";
import { OPERATOR, SYSTEM } from "./kinds.ts";

/** The namespace and ServiceAccounts of Calico's own pods. */
export function makeNamespace(world: World): void {
  world.ensure(builtinOf("Namespace"), { name: SYSTEM }, { metadata: { labels: { name: SYSTEM } } }, OPERATOR);
  for (const name of ["calico-node", "calico-typha", "calico-kube-controllers"]) {
    world.ensure(builtinOf("ServiceAccount"), { name, namespace: SYSTEM }, {}, OPERATOR);
  }
}

/** calico-node on every node, and the Deployments beside it. Gives what is not ready yet. */
export function installNode(world: World, version: string): string | undefined {
  const set = builtinOf("DaemonSet");
  world.ensure(
    set,
    { name: "calico-node", namespace: SYSTEM },
    workload("calico-node", "node", version, { hostNetwork: true }),
    OPERATOR,
  );
  world.ensure(v3Kind("FelixConfiguration"), { name: "default" }, { spec: { healthPort: 9099 } }, OPERATOR);
  const information: JsonObject = {
    calicoVersion: version,
    clusterType: "typha,kdd,k8s,operator,bgp,kubeadm",
    datastoreReady: true,
  };
  world.ensure(v3Kind("ClusterInformation"), { name: "default" }, { spec: information }, "calico-node");
  const typha = installDeployment(world, "calico-typha", "typha", version, { hostNetwork: true });
  const controllers = installDeployment(world, "calico-kube-controllers", "kube-controllers", version, {});
  const found = world.store.get(set.storage, SYSTEM, "calico-node");
  const ready = Number(valueAt(found, "status", "numberReady") ?? 0);
  const desired = Number(valueAt(found, "status", "desiredNumberScheduled") ?? -1);
  if (ready !== desired)
    return `DaemonSet "${SYSTEM}/calico-node" is not available (awaiting ${Math.max(0, desired - ready)} nodes)`;
  return typha ?? controllers;
}

/** One of Calico's Deployments. Gives why it is not available; undefined when it is. */
export function installDeployment(
  world: World,
  name: string,
  image: string,
  version: string,
  pod: JsonObject,
): string | undefined {
  const resource = builtinOf("Deployment");
  world.ensure(resource, { name, namespace: SYSTEM }, workload(name, image, version, pod), OPERATOR);
  const found = world.store.get(resource.storage, SYSTEM, name);
  return isAvailable(found) ? undefined : `Deployment "${SYSTEM}/${name}" is not available (awaiting 1 replicas)`;
}

/** Whether all replicas of a Deployment run. */
export function isAvailable(deployment: KubeObject | undefined): boolean {
  const ready = valueAt(deployment, "status", "readyReplicas") ?? 0;
  return deployment !== undefined && ready === (valueAt(deployment, "spec", "replicas") ?? 1);
}

function workload(name: string, image: string, version: string, pod: JsonObject): JsonObject {
  const labels = { "k8s-app": name };
  const containers: Json = [{ name, image: `quay.io/calico/${image}:${version}` }];
  const spec: JsonObject = {
    serviceAccountName: name,
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [{ operator: "Exists" }],
    containers,
    ...pod,
  };
  return { metadata: { labels }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } };
}

/** Calico's version: the chart tells it to the operator it installs. */
export function versionOf(operator: KubeObject): string {
  return textAt(operator, "metadata", "labels", "app.kubernetes.io/version");
}
