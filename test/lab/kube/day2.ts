import * as assert from "uvu/assert";
import { at, listAt, textAt } from "../../../lab/bgp/kube-read.ts";
import type { ClusterSpec } from "../../../lab/kube/seeds.ts";
import type { LabKubeObject, LabNodeState } from "../../../lab/parts.ts";
import { spec, type TestCluster } from "./start.ts";

/** What a test tells the cluster of its machines. */
export type MachineState = Pick<LabNodeState, "name" | "poweredOn" | "bootId" | "kubelet">;

/** Five nodes: one more control plane and two more workers than usual. */
export const fiveNodes: ClusterSpec = {
  ...spec,
  nodes: [1, 2, 3, 4, 5].map((number) => {
    const [first] = spec.nodes;
    if (first === undefined) throw new Error("the usual cluster has no nodes");
    const name = number === 1 ? "master-1" : `worker-${number - 1}`;
    return { ...first, name, addresses: [`192.168.2.${number}/24`], controlPlane: number === 1 };
  }),
};

/** Machines that run, in their first start. */
export function running(names: readonly string[], kubelet = true): MachineState[] {
  return names.map((name) => ({ name, poweredOn: true, bootId: `${name} boot 1`, kubelet }));
}

/** A workload whose pods use the host's network and need no CNI. */
export function workload(kind: "Deployment" | "DaemonSet" | "StatefulSet", name: string, replicas: number, pod: unknown = {}) {
  const labels = { app: name };
  const containers = [{ name: "main", image: "registry.test/main:v1" }];
  const onHost = { hostNetwork: true, tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists" }], containers };
  const template = { metadata: { labels }, spec: Object.assign(onHost, pod) };
  const count = kind === "DaemonSet" ? {} : { replicas };
  const fields = { ...count, selector: { matchLabels: labels }, template };
  return { apiVersion: "apps/v1", kind, metadata: { name, namespace: "default" }, spec: fields };
}

/** A disruption budget over the pods of a workload. */
export function budget(name: string, app: string, fields: unknown) {
  const selector = { matchLabels: { app } };
  const metadata = { name, namespace: "default" };
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec: Object.assign({ selector }, fields) };
}

/** Applies objects; fails the test when that fails. */
export async function apply(lab: TestCluster, ...objects: readonly unknown[]): Promise<void> {
  const done = await lab.kubectl(["apply", "--server-side", "--field-manager=test", "-f", "-"], objects);
  assert.is(done.exitCode, 0, done.stderr);
}

/** Pods with a label `app`, and where they are. */
export function podsOf(lab: TestCluster, app: string): readonly LabKubeObject[] {
  return lab.cluster.list("Pod").filter((pod) => pod.metadata.labels?.app === app);
}

/** Status of a condition of an object: `True`, `False`, `Unknown`; undefined when it has none. */
export function conditionOf(object: LabKubeObject | undefined, type: string): string | undefined {
  return textAt(
    listAt(object, "status", "conditions").find((entry) => textAt(entry, "type") === type),
    "status",
  );
}

/** Whether a pod was deleted and is still there. */
export function terminating(pod: LabKubeObject): boolean {
  return at(pod, "metadata", "deletionTimestamp") !== undefined;
}

/** A Node by name. */
export function nodeOf(lab: TestCluster, name: string): LabKubeObject | undefined {
  return lab.cluster.list("Node").find((node) => node.metadata.name === name);
}
