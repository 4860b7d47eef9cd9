import type { Json } from "../../../runner/json.ts";
import { isReady, podsOf } from "../controllers/pods.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, objectAt, textAt } from "../objects/kube-object.ts";
import { imageRelease, type Release } from "../version.ts";

/** A running cilium-operator: its release and what ConfigMap cilium-config told it. */
export interface CiliumOperator {
  readonly release: Release;
  /** Value of a key; empty when it is not set. */
  setting(key: string): string;
}

/** Annotation of a pod of Cilium's in the lab: ConfigMap cilium-config as it was when the pod started, its data as JSON. */
const CONFIG_AT_START = "lab.underlay/cilium-config";

/**
 * Agents and operator read ConfigMap cilium-config once, when they start: a later change waits for their restart (the chart's values
 * `rollOutCiliumPods` and `operator.rollOutPods` are there for that).
 */
export function rememberConfig(world: World): void {
  const resource = builtinOf("Pod");
  for (const pod of world.store.list(resource.storage)) {
    const { name, namespace = "default", labels = {} } = pod.metadata;
    const isCilium = labels["k8s-app"] === "cilium" || labels["io.cilium/app"] === "operator";
    if (!isCilium || hasStarted(pod) || !isReady(pod)) continue;
    const config = world.store.get(builtinOf("ConfigMap").storage, namespace, "cilium-config");
    if (config === undefined) continue;
    const data = JSON.stringify(objectAt(config, "data"));
    world.ensure(resource, { name, namespace }, { metadata: { annotations: { [CONFIG_AT_START]: data } } }, "lab");
  }
}

/** The operator of the first namespace that has one running; undefined when there is none. */
export function runningOperator(world: World): CiliumOperator | undefined {
  const deployments = world.store.list(builtinOf("Deployment").storage);
  for (const deployment of deployments) {
    if (deployment.metadata.name !== "cilium-operator") continue;
    const pod = podsOf(world, deployment).find((one) => isReady(one) && hasStarted(one));
    const [container] = listAt(pod, "spec", "containers");
    const release = imageRelease(textAt(container, "image"));
    if (pod === undefined || release === undefined) continue;
    const data = configAtStart(pod);
    return { release, setting: (key) => textAt(data, key) };
  }
  return undefined;
}

function hasStarted({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[CONFIG_AT_START] !== undefined;
}

function configAtStart({ metadata }: KubeObject): Json {
  const data: Json = JSON.parse(metadata.annotations?.[CONFIG_AT_START] ?? "{}");
  return data;
}
