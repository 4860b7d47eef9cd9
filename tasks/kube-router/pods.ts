import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";

/** Where kube-router runs, and the label by which upstream's manifests and ours mark its DaemonSet and pods. */
export const NAMESPACE = "kube-system";
export const SELECTOR = "k8s-app=kube-router";

/** A pod of kube-router. */
export interface RouterPod {
  readonly name: string;
  readonly node: string;
  readonly container: string;
  /** Ready, and not about to go. */
  readonly ready: boolean;
  /** The daemon's arguments. */
  readonly arguments: readonly string[];
  readonly object: KubeObject;
}

/** All pods of kube-router that are on a node. */
export async function routerPods(reader: ClusterReader): Promise<Result<readonly RouterPod[]>> {
  const listed = await reader.list("pods", { namespace: NAMESPACE, selector: SELECTOR });
  return listed.ok ? ok((listed.value ?? []).flatMap(podOf)) : listed;
}

/** The pod that counts on a node: while one is replaced there may be two. */
export function podOn(node: string, pods: readonly RouterPod[]): RouterPod | undefined {
  const own = pods.filter((pod) => pod.node === node);
  return own.find(({ ready }) => ready) ?? own[0];
}

/** kube-router's container in the specification of a pod; upstream names it kube-router. */
export function containerOf(spec: unknown): Readonly<Record<string, unknown>> | undefined {
  const containers = isObject(spec) && Array.isArray(spec.containers) ? spec.containers.filter(isObject) : [];
  return containers.find(({ name }) => name === "kube-router") ?? containers[0];
}

function podOf(object: KubeObject): readonly RouterPod[] {
  const { spec, status, metadata } = object;
  const container = containerOf(spec);
  if (!isObject(spec) || typeof spec.nodeName !== "string" || container === undefined) return [];
  const conditions = isObject(status) && Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [];
  return [
    {
      name: metadata.name,
      node: spec.nodeName,
      container: String(container.name),
      ready: metadata.deletionTimestamp === undefined && conditions.some((one) => one.type === "Ready" && one.status === "True"),
      arguments: [container.command, container.args].flatMap((list) => (Array.isArray(list) ? list.map(String) : [])),
      object,
    },
  ];
}
