import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";

/** A pod that a drain has to get off its node. */
export interface PodToEvict {
  /** `shop/web-1` */
  readonly name: string;
  readonly node: string;
  /** `ReplicaSet web-5d9c`; null: nobody makes it again. */
  readonly owner: string | null;
  /** Volumes of type emptyDir, by name: their data goes with the pod. */
  readonly localVolumes: readonly string[];
  readonly object: KubeObject;
}

/** Annotation of a pod that a kubelet made from a file on its node (Kubernetes documentation, Static Pods). */
const MIRROR = "kubernetes.io/config.mirror";

/**
 * The pods on these nodes that `kubectl drain --ignore-daemonsets` counts: not those of DaemonSets, which are put back at once, nor
 * mirror pods, nor finished ones. In check mode without those whose eviction is planned. One kubectl process.
 * Source: Kubernetes documentation, Safely Drain a Node; kubectl drain --help.
 */
export async function podsToEvict(reader: ClusterReader, nodes: readonly string[]): Promise<Result<readonly PodToEvict[]>> {
  if (nodes.length === 0) return ok([]);
  // A field selector names one node at most; several nodes are found among all pods.
  const [only] = nodes;
  const listed = await reader.list("pods", nodes.length === 1 ? { fields: `spec.nodeName=${only}` } : {});
  if (!listed.ok) return listed;
  const pods = (listed.value ?? []).flatMap((pod) => toEvict(pod, nodes));
  return ok(pods.sort((one, other) => order(one).localeCompare(order(other), "en", { numeric: true })));
}

function toEvict(object: KubeObject, nodes: readonly string[]): readonly PodToEvict[] {
  const { metadata, spec, status } = object;
  if (!isObject(spec) || typeof spec.nodeName !== "string" || !nodes.includes(spec.nodeName)) return [];
  if (metadata.annotations?.[MIRROR] !== undefined) return [];
  if (isObject(status) && (status.phase === "Succeeded" || status.phase === "Failed")) return [];
  const owners: readonly unknown[] = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
  const owner = owners.filter(isObject).find(({ controller }) => controller === true);
  if (owner?.kind === "DaemonSet") return [];
  const volumes: readonly unknown[] = Array.isArray(spec.volumes) ? spec.volumes : [];
  return [
    {
      name: `${metadata.namespace}/${metadata.name}`,
      node: spec.nodeName,
      owner: owner === undefined ? null : `${owner.kind} ${owner.name}`,
      localVolumes: volumes.filter(isObject).flatMap(({ name, emptyDir }) => (isObject(emptyDir) ? [String(name)] : [])),
      object,
    },
  ];
}

const order = ({ node, name }: PodToEvict): string => `${node} ${name}`;
