import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../../../runner/json.ts";
import { familyOf } from "../addresses/prefix.ts";
import { isJsonObject, type KubeObject, listAt, objectAt, textAt, timestamp, valueAt } from "../objects/kube-object.ts";
import { addressesOf } from "./pods.ts";
import { condition } from "./world.ts";

/** The status that a kubelet writes for a pod whose containers run, or wait to. */
export function podStatus(pod: KubeObject, node: KubeObject, runs: boolean, addresses: readonly string[]): JsonObject {
  const hostIPs = addressesOf(node);
  const [hostIP = ""] = hostIPs;
  const main = familyOf(hostIP);
  const podIPs = [...addresses].sort((a, b) => Number(familyOf(a) !== main) - Number(familyOf(b) !== main));
  const known = listAt(pod, "status", "conditions");
  const reason = runs ? "" : "ContainersNotReady";
  const startTime = textAt(pod, "status", "startTime") || timestamp();
  return {
    phase: runs ? "Running" : "Pending",
    hostIP,
    hostIPs: hostIPs.map((ip) => ({ ip })),
    ...(podIPs[0] === undefined ? {} : { podIP: podIPs[0], podIPs: podIPs.map((ip) => ({ ip })) }),
    startTime,
    conditions: ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map((type) =>
      condition(known, { type, status: runs || type === "PodScheduled", reason }),
    ),
    containerStatuses: listAt(pod, "spec", "containers")
      .filter(isJsonObject)
      .map((container) => containerStatus(pod, container, runs)),
  };
}

function containerStatus(pod: KubeObject, container: JsonObject, runs: boolean): JsonObject {
  const name = textAt(container, "name");
  const before = objectAt({ found: statusOf(pod, name) ?? null }, "found");
  const restartCount = Number(before.restartCount ?? 0);
  const state: Json = runs ? { running: { startedAt: timestamp() } } : { waiting: { reason: "ContainerCreating" } };
  const digest = createHash("sha256").update(`${pod.metadata.uid} ${name} ${restartCount}`).digest("hex");
  return {
    name,
    image: textAt(container, "image"),
    ready: runs,
    started: runs,
    restartCount,
    state,
    ...(runs ? { containerID: `containerd://${digest}` } : {}),
    ...(before.lastState === undefined ? {} : { lastState: before.lastState }),
  };
}

function statusOf(pod: KubeObject, container: string): Json | undefined {
  return listAt(pod, "status", "containerStatuses").find((entry) => textAt(entry, "name") === container);
}

/** The status of a pod whose machine has started again: its containers ended with it and are to start once more. */
export function afterRestart(pod: KubeObject, node: KubeObject): JsonObject {
  const addresses = listAt(pod, "status", "podIPs").map((entry) => textAt(entry, "ip"));
  const waiting = podStatus(pod, node, false, addresses);
  const finishedAt = timestamp();
  const containerStatuses = listAt(waiting, "containerStatuses")
    .filter(isJsonObject)
    .map((entry) => {
      const before = statusOf(pod, textAt(entry, "name"));
      const startedAt = valueAt(before, "state", "running", "startedAt");
      // One that never ran has nothing to start again.
      if (startedAt === undefined) return entry;
      const terminated = { exitCode: 255, reason: "Unknown", startedAt, finishedAt };
      return { ...entry, restartCount: Number(entry.restartCount ?? 0) + 1, lastState: { terminated } };
    });
  return { ...waiting, startTime: finishedAt, containerStatuses };
}
