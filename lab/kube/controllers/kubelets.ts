import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, textAt } from "../objects/kube-object.ts";
import { isTerminating } from "../objects/pod-deletion.ts";
import { hasCondition } from "../objects/registry.ts";
import { PodAddresses, usesHostNetwork } from "./pod-addresses.ts";
import { podStatus } from "./pod-status.ts";
import { addressesOf, isReady } from "./pods.ts";
import type { Controller, World } from "./world.ts";

/**
 * What kubelets do: a pod runs when it uses the host's network, or when its node's network is ready and the CNI has an address for it, and
 * its time has come; one that was deleted ends. A pod on a node that is gone goes too. Of pods on a silent kubelet nobody tells anything.
 */
export const runPods: Controller = (world) => {
  const pods = builtinOf("Pod");
  const nodes = new Map(world.store.list(builtinOf("Node").storage).map((node) => [node.metadata.name, node]));
  let addresses: PodAddresses | undefined;
  for (const pod of world.store.list(pods.storage)) {
    const name = textAt(pod, "spec", "nodeName");
    const node = nodes.get(name);
    if (name === "") continue;
    if (node === undefined || (isTerminating(pod) && world.machines.runs(name))) {
      world.starts.forget(pod);
      world.store.remove(pods.storage, pod);
      continue;
    }
    if (!world.machines.runs(name)) continue;
    const onHost = usesHostNetwork(pod);
    const networked = (onHost || hasCondition(node, "Ready")) && hasItsTime(world, pod);
    if (networked && isReady(pod)) continue;
    if (!networked && !isReady(pod) && textAt(pod, "status", "hostIP") !== "") continue;
    // A pod keeps its addresses for life.
    const kept = listAt(pod, "status", "podIPs").map((entry) => textAt(entry, "ip"));
    addresses ??= new PodAddresses(world);
    const found = onHost ? addressesOf(node) : kept.length > 0 ? kept : networked ? addresses.allocate(name) : undefined;
    const runs = networked && found !== undefined;
    if (!runs && !isReady(pod) && textAt(pod, "status", "hostIP") !== "") continue;
    if (runs) world.starts.forget(pod);
    world.setStatus(pods, pod, podStatus(pod, node, runs, found ?? []));
  }
};

function hasItsTime(world: World, pod: KubeObject): boolean {
  const due = world.starts.dueAt(pod);
  if (due === undefined || due <= world.clock.now()) return true;
  world.clock.wakeAt(due);
  return false;
}
