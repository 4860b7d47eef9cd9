import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { writeKubeconfig } from "../connect/kube/kubeconfig.ts";
import { spec, startTestCluster, type TestCluster } from "../lab/kube/start.ts";
import type { Seen } from "./lab-task.ts";

/** A lab cluster with three workers and namespace `shop`, in which Deployment `web` has four pods. */
export interface Shop {
  readonly lab: TestCluster;
  readonly kubeconfig: string;
  apply(...objects: unknown[]): Promise<void>;
  /** `NODE NAME` of the shop's pods; waits until all of them are Ready. */
  pods(): Promise<readonly string[]>;
  /** `spec.unschedulable` of a Node, as text. */
  unschedulable(node: string): Promise<string>;
}

/** Starts it. */
export async function openShop(): Promise<Shop> {
  const cni = { name: "kube-router", version: "v2.11.1", podPrefixLengths: [26] } as const;
  const third = spec.nodes.slice(-1).map((node) => ({ ...node, name: "worker-3", addresses: ["192.168.2.8/24"] }));
  const lab = await startTestCluster({ spec: { ...spec, cni, nodes: [...spec.nodes, ...third] } });
  const apply = async (...objects: unknown[]) => {
    const done = await lab.kubectl(["apply", "-f", "-"], objects);
    assert.is(done.exitCode, 0, done.stderr);
  };
  await apply(
    // Nodes are Ready with a CNI's agent, which a drain leaves where it is.
    workload("DaemonSet", "kube-system", "kube-router", { hostNetwork: true, tolerations: [{ operator: "Exists" }] }),
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
    workload("Deployment", "shop", "web", { replicas: 4 }),
  );
  return {
    lab,
    kubeconfig: writeKubeconfig(lab),
    apply,
    pods: () => podsOf(lab),
    unschedulable: async (node) => (await lab.kubectl(["get", "node", node, "-o", "jsonpath={.spec.unschedulable}"])).stdout,
  };
}

async function podsOf(lab: TestCluster): Promise<readonly string[]> {
  const columns = 'custom-columns=N:.spec.nodeName,P:.metadata.name,R:.status.conditions[?(@.type=="Ready")].status';
  for (let look = 0; look < 100; look++) {
    const listed = await lab.kubectl(["get", "pods", "-n", "shop", "--no-headers", "-o", columns]);
    const rows = listed.stdout.split("\n").map((line) => line.trim().split(/\s+/));
    if (rows.every(([, , ready]) => ready === "True")) return rows.map(([node, name]) => `${node} ${name}`);
    await sleep(100);
  }
  throw new Error("the shop's pods do not become Ready");
}

/** Tasks on these nodes. */
export const cordon = (...nodes: string[]) => ["k8s.cordon", { nodes, reason: "underlay" }] as const;
export const uncordon = (...nodes: string[]) => ["k8s.cordon", { nodes, reason: "underlay", state: "absent" }] as const;
export const drain = (nodes: readonly string[], more: Record<string, unknown> = {}) =>
  ["k8s.drain", { nodes, timeout: 30, ...more }] as const;

/** A pod template with labels `app` and `k8s-app`. */
export const template = (app: string, more: Record<string, unknown> = {}) => ({
  metadata: { labels: { app, "k8s-app": app } },
  spec: { containers: [{ name: "main", image: "registry.example/main:1" }], ...more },
});

/** A workload of pods like that; `replicas` of more is the workload's, the rest the pods'. */
export function workload(
  kind: "Deployment" | "DaemonSet",
  namespace: string,
  name: string,
  more: Record<string, unknown> = {},
): unknown {
  const { replicas, ...pod } = more;
  const spec = { selector: { matchLabels: { app: name } }, template: template(name, pod) };
  const counted = replicas === undefined ? spec : { ...spec, replicas };
  return { apiVersion: "apps/v1", kind, metadata: { name, namespace }, spec: counted };
}

/** A budget of the shop for the pods of an app. */
export function budget(name: string, spec: Record<string, unknown>): unknown {
  const selector = { matchLabels: { app: name } };
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "shop" },
    spec: { selector, ...spec },
  };
}

/** Carried out without a failure. */
export function sound(seen: Seen): Seen {
  assert.equal(seen.failures, []);
  return seen;
}
