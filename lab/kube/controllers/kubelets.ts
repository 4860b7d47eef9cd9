import type { Json, JsonObject } from "../../../runner/json.ts";
import { familyOf } from "../addresses/prefix.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, textAt, timestamp } from "../objects/kube-object.ts";
import { hasCondition } from "../objects/registry.ts";
import { PodAddresses, usesHostNetwork } from "./pod-addresses.ts";
import { addressesOf, isReady } from "./pods.ts";
import { type Controller, condition } from "./world.ts";

/**
 * What kubelets do: a pod runs when it uses the host's network, or when its node's network is ready and the CNI has an address for it; a pod
 * on a node that is gone goes too.
 */
export const runPods: Controller = (world) => {
  const pods = builtinOf("Pod");
  const nodes = new Map(world.store.list(builtinOf("Node").storage).map((node) => [node.metadata.name, node]));
  let addresses: PodAddresses | undefined;
  for (const pod of world.store.list(pods.storage)) {
    const name = textAt(pod, "spec", "nodeName");
    const node = nodes.get(name);
    if (name === "") continue;
    if (node === undefined) {
      world.store.remove(pods.storage, pod);
      continue;
    }
    const onHost = usesHostNetwork(pod);
    const networked = onHost || hasCondition(node, "Ready");
    if (networked && isReady(pod)) continue;
    if (!networked && !isReady(pod) && textAt(pod, "status", "hostIP") !== "") continue;
    // A pod keeps its addresses for life.
    const kept = listAt(pod, "status", "podIPs").map((entry) => textAt(entry, "ip"));
    addresses ??= new PodAddresses(world);
    const found = onHost ? addressesOf(node) : kept.length > 0 ? kept : networked ? addresses.allocate(name) : undefined;
    const runs = networked && found !== undefined;
    if (!runs && !isReady(pod) && textAt(pod, "status", "hostIP") !== "") continue;
    world.setStatus(pods, pod, podStatus(pod, node, runs, found ?? []));
  }
};

function podStatus(pod: KubeObject, node: KubeObject, runs: boolean, addresses: readonly string[]): JsonObject {
  const hostIPs = addressesOf(node);
  const [hostIP = ""] = hostIPs;
  const main = familyOf(hostIP);
  const podIPs = [...addresses].sort((a, b) => Number(familyOf(a) !== main) - Number(familyOf(b) !== main));
  const known = listAt(pod, "status", "conditions");
  const reason = runs ? "" : "ContainersNotReady";
  const startTime = textAt(pod, "status", "startTime") || timestamp();
  const state: Json = runs ? { running: { startedAt: timestamp() } } : { waiting: { reason: "ContainerCreating" } };
  const containers = listAt(pod, "spec", "containers").filter(isJsonObject);
  return {
    phase: runs ? "Running" : "Pending",
    hostIP,
    hostIPs: hostIPs.map((ip) => ({ ip })),
    ...(podIPs[0] === undefined ? {} : { podIP: podIPs[0], podIPs: podIPs.map((ip) => ({ ip })) }),
    startTime,
    conditions: ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map((type) =>
      condition(known, { type, status: runs || type === "PodScheduled", reason }),
    ),
    containerStatuses: containers.map((container) => ({
      name: textAt(container, "name"),
      image: textAt(container, "image"),
      ready: runs,
      started: runs,
      restartCount: 0,
      state,
    })),
  };
}
