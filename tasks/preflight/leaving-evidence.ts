import { parse } from "yaml";
import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";
import { budgetsOf, type DisruptionBudget, readBudgets } from "../k8s/disruption-budget.ts";
import { type NodeState, nodeState } from "../k8s/node-state.ts";
import { type PodToEvict, podsToEvict } from "../k8s/pods-to-evict.ts";

/** A pod that would have to go, with the budget that counts it. */
export interface CountedPod {
  readonly name: string;
  readonly node: string;
  readonly budget: DisruptionBudget;
  /** Its like never share a node (required anti-affinity by host name). */
  readonly alone: boolean;
}

/** What the live cluster says before nodes leave it. */
export interface LeavingEvidence {
  readonly nodes: readonly NodeState[];
  /** etcd runs outside of the control plane nodes (kubeadm's external etcd). */
  readonly externalEtcd: boolean;
  readonly pods: readonly CountedPod[];
}

const KUBEADM = { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: "kubeadm-config" } as const;

/** Reads nodes, where etcd runs, and the pods of these nodes with their budgets. */
export async function gatherLeaving(reader: ClusterReader, leaving: readonly string[]): Promise<Result<LeavingEvidence>> {
  const [nodes, kubeadm] = await Promise.all([reader.list("nodes"), reader.objects([KUBEADM])]);
  if (!nodes.ok) return nodes;
  if (!kubeadm.ok) return kubeadm;
  const states = (nodes.value ?? []).map(nodeState);
  const there = states.filter(({ name }) => leaving.includes(name)).map(({ name }) => name);
  const pods = await podsToEvict(reader, there);
  if (!pods.ok) return pods;
  const budgets = pods.value.length > 0 ? await readBudgets(reader) : ok([]);
  if (!budgets.ok) return budgets;
  return ok({
    nodes: states,
    externalEtcd: kubeadm.value.some(hasExternalEtcd),
    pods: pods.value.flatMap((pod) =>
      budgetsOf(pod.object, budgets.value).map((budget) => ({ name: pod.name, node: pod.node, budget, alone: isAlone(pod) })),
    ),
  });
}

/** `etcd.external` of kubeadm's ClusterConfiguration. */
function hasExternalEtcd({ data }: KubeObject): boolean {
  const text = isObject(data) ? data.ClusterConfiguration : undefined;
  const configuration: unknown = typeof text === "string" ? parse(text) : undefined;
  const etcd = isObject(configuration) ? configuration.etcd : undefined;
  return isObject(etcd) && isObject(etcd.external);
}

/** Whether the scheduler must not put two pods of its kind on one host (Kubernetes documentation, Assigning Pods to Nodes). */
function isAlone({ object: { spec } }: PodToEvict): boolean {
  const affinity = isObject(spec) && isObject(spec.affinity) ? spec.affinity.podAntiAffinity : undefined;
  const terms: unknown = isObject(affinity) ? affinity.requiredDuringSchedulingIgnoredDuringExecution : undefined;
  return Array.isArray(terms) && terms.filter(isObject).some(({ topologyKey }) => topologyKey === "kubernetes.io/hostname");
}
