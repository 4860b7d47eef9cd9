import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { preflightLeaving } from "../../tasks/preflight/leaving.ts";
import { fakeCluster, observe } from "../k8s/fake-cluster.ts";
import { type MemberParts, member } from "./member.ts";

const test = suite("preflight.leaving");

const control: MemberParts = { controlPlane: true, taints: ["NoSchedule"] };
const three = { "master-1": control, "master-2": control, "master-3": control, "worker-1": {}, "worker-2": {} };

interface Parts {
  readonly nodes?: Readonly<Record<string, MemberParts>>;
  readonly pods?: readonly KubeObject[];
  readonly budgets?: readonly KubeObject[];
  readonly kubeadm?: string;
}

function pod(name: string, node: string, spec: Record<string, unknown> = {}): KubeObject {
  const owner = { kind: "ReplicaSet", name: "web", controller: true };
  const metadata = { name, namespace: "shop", labels: { app: "web" }, ownerReferences: [owner] };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { nodeName: node, ...spec }, status: { phase: "Running" } };
}

function budget(desiredHealthy: number, expectedPods: number): KubeObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "web", namespace: "shop" },
    spec: { selector: { matchLabels: { app: "web" } } },
    status: { desiredHealthy, expectedPods, currentHealthy: expectedPods, disruptionsAllowed: expectedPods - desiredHealthy },
  };
}

const alone = {
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname" }] } },
};

async function found(
  { nodes = three, pods = [], budgets = [], kubeadm = "etcd: {local: {}}" }: Parts,
  leaving: readonly string[],
  reset = false,
) {
  const { unmet, warnings = [] } = await observe(
    preflightLeaving,
    { nodes: leaving, reset },
    fakeCluster({
      nodes: Object.entries(nodes).map(([name, parts]) => member(name, parts)),
      pods,
      "poddisruptionbudgets.policy": budgets,
      configmaps: [
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "kubeadm-config", namespace: "kube-system" },
          data: { ClusterConfiguration: kubeadm },
        },
      ],
    }),
    true,
  );
  return [...unmet.map((text) => `error: ${text}`), ...warnings.map((text) => `warning: ${text}`)];
}

const cases: readonly {
  readonly rule: string;
  readonly parts?: Parts;
  readonly leaving: readonly string[];
  readonly reset?: boolean;
  readonly says: readonly string[];
}[] = [
  { rule: "a worker of two may go", leaving: ["worker-1"], says: [] },
  {
    rule: "one that is not in the cluster has left already",
    leaving: ["worker-9"],
    parts: { nodes: { "worker-1": {} } },
    says: [],
  },
  {
    rule: "nobody is left",
    leaving: ["worker-1"],
    parts: { nodes: { "worker-1": {} } },
    says: [
      "error: evicted pods would have nowhere to go (Kubernetes documentation, Safely Drain a Node): these are all nodes of the cluster; say with --limit",
    ],
  },
  {
    rule: "the others take no pods: a taint, a cordon, not Ready",
    leaving: ["worker-1"],
    parts: { nodes: { "master-1": control, "worker-1": {}, "worker-2": { cordoned: true }, "worker-3": { ready: false } } },
    says: [
      "error: evicted pods would have nowhere to go (Kubernetes documentation, Safely Drain a Node): of the others (master-1, worker-2, worker-3) none is Ready and without cordon or taint",
    ],
  },
  {
    rule: "a taint that only asks keeps nobody away",
    leaving: ["worker-1"],
    parts: { nodes: { "worker-1": {}, "worker-2": { taints: ["PreferNoSchedule"] } } },
    says: [],
  },
  {
    rule: "a control plane node without reset",
    leaving: ["master-1"],
    says: ["error: master-1: control plane; without kubeadm reset its member stays in etcd"],
  },
  { rule: "one of three with reset", leaving: ["master-1"], reset: true, says: [] },
  {
    rule: "the last control plane node",
    leaving: ["master-1"],
    reset: true,
    parts: { nodes: { "master-1": control, "worker-1": {} } },
    says: ["error: master-1: no control plane node would be left"],
  },
  {
    rule: "one of two with reset",
    leaving: ["master-1"],
    reset: true,
    parts: { nodes: { "master-1": control, "master-2": control, "worker-1": {} } },
    says: [],
  },
  {
    rule: "one of three when another is down",
    leaving: ["master-1"],
    reset: true,
    parts: { nodes: { ...three, "master-2": { ...control, ready: false } } },
    says: ["error: master-1: 1 Ready control plane nodes would be left, etcd needs a majority of 2 of 2"],
  },
  {
    rule: "a node that is not Ready: its pods will not end",
    leaving: ["worker-1"],
    parts: { nodes: { "worker-1": { ready: false }, "worker-2": {} } },
    says: ["warning: worker-1 is not Ready: if its kubelet does not run"],
  },
  {
    rule: "another that is not Ready",
    leaving: ["worker-1"],
    parts: { nodes: { "worker-1": {}, "worker-2": {}, "worker-3": { ready: false } } },
    says: [],
  },
  {
    rule: "two of three at once",
    leaving: ["master-1", "master-2"],
    reset: true,
    says: ["error: master-1, master-2: 1 Ready control plane nodes would be left, etcd needs a majority of 2 of 3"],
  },
  {
    rule: "etcd elsewhere needs neither",
    leaving: ["master-1", "master-2"],
    parts: { kubeadm: "etcd: {external: {endpoints: [x]}}" },
    says: [],
  },
  {
    rule: "a budget that needs all",
    leaving: ["worker-1"],
    parts: { pods: [pod("web-1", "worker-1"), pod("web-2", "worker-2")], budgets: [budget(2, 2)] },
    says: [
      "warning: PodDisruptionBudget shop/web needs all 2 pods healthy and never lets one go: the drain will stop at shop/web-1 on worker-1 (",
    ],
  },
  {
    rule: "a budget that lets one go",
    leaving: ["worker-1"],
    parts: { pods: [pod("web-1", "worker-1")], budgets: [budget(1, 2)] },
    says: [],
  },
  {
    rule: "a budget of pods that are elsewhere",
    leaving: ["worker-1"],
    parts: { pods: [pod("web-1", "worker-2")], budgets: [budget(2, 2)] },
    says: [],
  },
  {
    rule: "fewer nodes than pods that must be apart",
    leaving: ["worker-1"],
    parts: { pods: [pod("web-1", "worker-1", alone)], budgets: [budget(2, 3)] },
    says: [
      "warning: PodDisruptionBudget shop/web needs 2 healthy, each on a node of its own, and 1 nodes that take pods would be left",
    ],
  },
];

for (const { rule, parts = {}, leaving, reset, says } of cases) {
  test(rule, async () => {
    const lines = await found(parts, leaving, reset);
    assert.is(lines.length, says.length, lines.join("\n"));
    for (const [index, text] of says.entries()) assert.ok(lines[index]?.startsWith(text), lines[index]);
  });
}

test.run();
