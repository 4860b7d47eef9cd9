import { type Registration, registerNode } from "../joining/registration.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, objectAt, textAt } from "../objects/kube-object.ts";
import { isTerminating } from "../objects/pod-deletion.ts";
import { setReady } from "./nodes.ts";
import { afterRestart } from "./pod-status.ts";
import { readyOf } from "./unreachable.ts";
import type { Controller, World } from "./world.ts";

/** Annotations of the lab on a pod: what its program read when it started. */
const AT_START = "lab.underlay/";

/**
 * What a kubelet does when it starts: it registers its Node where that is gone, tells the boot ID of its machine, and starts the containers
 * of its pods again. A Node that is deleted while its kubelet runs stays deleted until then.
 */
export function startKubelets(registrations: ReadonlyMap<string, Registration>, version: string): Controller {
  return (world) => {
    const resource = builtinOf("Node");
    const started = new Set(world.machines.takeStarted());
    for (const name of started) {
      const registration = registrations.get(name);
      if (world.store.get(resource.storage, undefined, name) === undefined && registration !== undefined) {
        registerNode(world, registration, version);
      }
    }
    for (const node of world.store.list(resource.storage)) {
      const { name } = node.metadata;
      if (!world.machines.runs(name)) continue;
      if (started.has(name) || readyOf(node) === "Unknown") restart(world, node);
      tellBootId(world, name);
    }
  };
}

function restart(world: World, node: KubeObject): void {
  setReady(world, node, false);
  const pods = builtinOf("Pod");
  for (const pod of world.store.list(pods.storage)) {
    if (textAt(pod, "spec", "nodeName") !== node.metadata.name || isTerminating(pod)) continue;
    const { name, namespace = "default", annotations = {} } = pod.metadata;
    const read = Object.keys(annotations).filter((key) => key.startsWith(AT_START));
    const cleared = Object.fromEntries(read.map((key) => [key, null]));
    world.ensure(pods, { name, namespace }, { metadata: { annotations: cleared } }, "lab");
    const current = world.store.get(pods.storage, namespace, name) ?? pod;
    world.setStatus(pods, current, afterRestart(current, node));
    world.starts.startAt(current, world.clock.now() + world.starts.again);
  }
}

function tellBootId(world: World, name: string): void {
  const resource = builtinOf("Node");
  const bootID = world.machines.bootId(name);
  const node = world.store.get(resource.storage, undefined, name);
  if (bootID === undefined || node === undefined) return;
  const status = isJsonObject(node.status) ? node.status : {};
  world.setStatus(resource, node, { ...status, nodeInfo: { ...objectAt(status, "nodeInfo"), bootID } });
}
