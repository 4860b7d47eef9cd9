import { isReady, podsOf } from "../controllers/pods.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { listAt, textAt } from "../objects/kube-object.ts";
import { imageRelease, type Release } from "../version.ts";

/** A running cilium-operator: its release and what ConfigMap cilium-config tells it. */
export interface CiliumOperator {
  readonly release: Release;
  /** Value of a key; empty when it is not set. */
  setting(key: string): string;
}

/** The operator of the first namespace that has one running; undefined when there is none. */
export function runningOperator(world: World): CiliumOperator | undefined {
  const deployments = world.store.list(builtinOf("Deployment").storage);
  for (const deployment of deployments) {
    if (deployment.metadata.name !== "cilium-operator" || !podsOf(world, deployment).some(isReady)) continue;
    const [container] = listAt(deployment, "spec", "template", "spec", "containers");
    const release = imageRelease(textAt(container, "image"));
    const config = world.store.get(builtinOf("ConfigMap").storage, deployment.metadata.namespace, "cilium-config");
    if (release !== undefined && config !== undefined) return { release, setting: (key) => textAt(config, "data", key) };
  }
  return undefined;
}
