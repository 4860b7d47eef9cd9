import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { preflightCluster } from "../../tasks/preflight/cluster.ts";
import { fakeCluster, observe } from "../k8s/fake-cluster.ts";

const test = suite("preflight.cluster");

interface NodeParts {
  readonly addresses?: readonly string[];
  readonly podCIDRs?: readonly string[];
  readonly kubelet?: string;
}

function node(name: string, { addresses = [], podCIDRs = ["10.1.0.0/26"], kubelet = "v1.35.2" }: NodeParts): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: { podCIDRs },
    status: {
      addresses: [...addresses.map((address) => ({ type: "InternalIP", address })), { type: "Hostname", address: name }],
      nodeInfo: { kubeletVersion: kubelet },
    },
  };
}

function daemonSet(name: string, container: string, image: string): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace: "kube-system" },
    spec: { template: { spec: { containers: [{ name: container, image }] } } },
  };
}

const calico = (version: string) => daemonSet("calico-node", "calico-node", `quay.io/calico/node:${version}`);
const cilium = (version: string) => daemonSet("cilium", "cilium-agent", `quay.io/cilium/cilium:v${version}@sha256:0`);
const kubeRouter = (version: string) => daemonSet("kube-router", "kube-router", `cloudnativelabs/kube-router:${version}`);
const kubeProxy = daemonSet("kube-proxy", "kube-proxy", "registry.k8s.io/kube-proxy:v1.35.2");

const openShift: KubeObject = {
  apiVersion: "config.openshift.io/v1",
  kind: "Network",
  metadata: { name: "cluster" },
  spec: { clusterNetwork: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }] },
};

function kubeadm(podSubnet: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "kubeadm-config", namespace: "kube-system" },
    data: { ClusterConfiguration: `networking:\n  podSubnet: ${podSubnet}\n` },
  };
}

interface ClusterParts {
  readonly nodes?: readonly KubeObject[];
  readonly sets?: readonly KubeObject[];
  readonly made?: KubeObject;
}

const soundNodes = [node("node1", { addresses: ["192.168.2.1"] }), node("node2", { addresses: ["192.168.2.2"] })];

const args = {
  cni: "calico",
  version: "v3.31.7",
  nodes: [
    { name: "node1", addresses: ["192.168.2.1/24"], rack_id: "1" },
    { name: "node2", addresses: ["192.168.2.2/24"], rack_id: "1" },
  ],
  families: [{ family: "ipv4", pod_subnet: "10.1.0.0/16", block_size: 26 }],
};

async function seen(parts: ClusterParts, more: Record<string, unknown> = {}) {
  const { nodes = soundNodes, sets = [kubeProxy], made = kubeadm("10.1.0.0/16") } = parts;
  const cluster = fakeCluster({ nodes, "daemonsets.apps": sets, configmaps: [made] });
  const observed = await observe(preflightCluster, { ...args, ...more }, cluster, true);
  assert.equal(cluster.applied, []);
  return observed;
}

async function found(parts: ClusterParts, more: Record<string, unknown> = {}): Promise<string[]> {
  const { unmet, warnings = [] } = await seen(parts, more);
  return [...unmet.map((text) => `error: ${text}`), ...warnings.map((text) => `warning: ${text}`)];
}

test("a cluster without CNI, as kubeadm leaves it", async () => {
  const observed = await seen({});
  assert.equal([observed.unmet, observed.warnings], [[], []]);
  assert.equal(observed.facts, { cni: null, version: null, kubernetes: ["v1.35.2"] });
  assert.is(observed.message, "Kubernetes v1.35.2, no CNI yet: nothing speaks against it");
});

test("the CNI that runs and its version are told, as each makes them known", async () => {
  const cases = [
    { set: calico("v3.31.7"), more: {}, running: "calico v3.31.7 runs" },
    { set: cilium("1.19.6"), more: { cni: "cilium", version: "1.19.6" }, running: "cilium 1.19.6 runs" },
    { set: kubeRouter("v2.11.1"), more: { cni: "kube-router", version: "v2.11.1" }, running: "kube-router 2.11.1 runs" },
  ];
  for (const { set, more, running } of cases) {
    const observed = await seen({ sets: [set] }, more);
    assert.equal([observed.unmet, observed.warnings], [[], []], running);
    assert.is(observed.message, `Kubernetes v1.35.2, ${running}: nothing speaks against it`);
  }
});

test("dual stack: the second address may be written in any way", async () => {
  const both = [
    node("node1", { addresses: ["192.168.2.1", "fd00:0:0::1"] }),
    node("node2", { addresses: ["192.168.2.2", "fd00::2"] }),
  ];
  const nodes = [
    { name: "node1", addresses: ["192.168.2.1/24", "fd00::1/64"] },
    { name: "node2", addresses: ["192.168.2.2/24", "fd00:0::2/64"] },
  ];
  assert.equal(await found({ nodes: both }, { nodes }), []);
});

const CILIUM = { cni: "cilium", version: "1.19.6" };
const KUBE_ROUTER = { cni: "kube-router", version: "v2.11.1" };

const cases: readonly {
  readonly rule: string;
  readonly parts: ClusterParts;
  readonly more?: Record<string, unknown>;
  readonly says: readonly string[];
}[] = [
  {
    rule: "another CNI",
    parts: { sets: [cilium("1.19.6")] },
    says: ["error: the cluster runs cilium 1.19.6, the inventory says calico (cni.name)"],
  },
  {
    rule: "a CNI that this design cannot use",
    parts: { sets: [daemonSet("kube-flannel-ds", "kube-flannel", "flannel:v0.26.1")] },
    says: ["error: the cluster runs flannel, the inventory says calico (cni.name)"],
  },
  {
    rule: "present, and none there",
    parts: {},
    more: { install: "present" },
    says: ["error: cni.install is present, and the cluster runs no Calico"],
  },
  {
    rule: "present, and of another line",
    parts: { sets: [kubeRouter("v2.6.0")] },
    more: { ...KUBE_ROUTER, install: "present" },
    says: ["error: the cluster runs kube-router 2.6.0, the inventory says v2.11.1"],
  },
  {
    rule: "a way back",
    parts: { sets: [calico("v3.32.0")] },
    says: ["error: the cluster runs Calico v3.32.0, newer than cni.version v3.31.7"],
  },
  {
    rule: "a version that cannot be told",
    parts: { sets: [calico("latest")] },
    says: ["warning: Calico runs and does not tell its version"],
  },
  {
    rule: "Cilium over two minor releases",
    parts: { sets: [cilium("1.17.3")] },
    more: CILIUM,
    says: ["warning: from Cilium 1.17.3 to 1.19.6 skips a minor release: go to 1.18 first"],
  },
  {
    rule: "a node that has not joined",
    parts: { nodes: soundNodes.slice(0, 1) },
    says: ["error: node2 of the inventory is not in the cluster"],
  },
  {
    rule: "nodes that nobody knows",
    parts: { nodes: [...soundNodes, node("node3", {}), node("node4", {})] },
    says: ["warning: node3, node4 of the cluster are not in group nodes: without peers their pods reach nobody"],
  },
  {
    rule: "another address",
    parts: { nodes: [node("node1", { addresses: ["10.0.0.7"] }), ...soundNodes.slice(1)] },
    says: ["error: node1 has InternalIP 10.0.0.7, the inventory plans 192.168.2.1"],
  },
  {
    rule: "one of two families only",
    parts: {},
    more: { nodes: [{ name: "node1", addresses: ["192.168.2.1/24", "fd00::1/64"] }, args.nodes[1]] },
    says: ["error: node1 has InternalIP 192.168.2.1, the inventory plans 192.168.2.1, fd00::1"],
  },
  {
    rule: "kubeadm's pod network",
    parts: { made: kubeadm("10.244.0.0/16") },
    says: ["error: pod subnet 10.1.0.0/16 is not within the cluster's pod network 10.244.0.0/16"],
  },
  {
    rule: "OpenShift's pod network",
    parts: { made: openShift },
    says: ["error: pod subnet 10.1.0.0/16 is not within the cluster's pod network 10.128.0.0/14"],
  },
  {
    rule: "a pod network that Cilium does not ask about",
    parts: { made: kubeadm("10.244.0.0/16"), sets: [] },
    more: CILIUM,
    says: ["warning: pod subnet 10.1.0.0/16 is not within the cluster's pod network 10.244.0.0/16"],
  },
  {
    rule: "kube-router: podCIDR elsewhere, of another length, and none",
    parts: {
      nodes: [
        node("node1", { addresses: ["192.168.2.1"], podCIDRs: ["10.244.0.0/24", "10.1.3.0/24"] }),
        node("node2", { addresses: ["192.168.2.2"], podCIDRs: [] }),
      ],
    },
    more: KUBE_ROUTER,
    says: [
      "error: node2 without podCIDR: kube-router has nothing to announce",
      "error: podCIDR 10.244.0.0/24 of node1 is not in pod subnet 10.1.0.0/16",
      "warning: podCIDR 10.1.3.0/24 of node1 is a /24, block_size says 26",
    ],
  },
  {
    rule: "a Kubernetes that the release is not tested with",
    parts: {
      nodes: soundNodes.map(({ metadata }, at) =>
        node(metadata.name, { addresses: [`192.168.2.${at + 1}`], kubelet: "v1.33.1" }),
      ),
    },
    more: { version: "v3.32.1" },
    says: ["warning: Calico 3.32 is tested with Kubernetes 1.34 to 1.36, the nodes run v1.33.1"],
  },
  {
    rule: "kube-proxy beside Cilium",
    parts: {},
    more: CILIUM,
    says: ["warning: kube-proxy runs, which Cilium replaces"],
  },
];

const table: string[] = [];

for (const { rule, parts, more, says } of cases) {
  test(rule, async () => {
    const texts = await found(parts, more);
    assert.is(texts.length, says.length, texts.join("\n"));
    for (const [at, text] of says.entries()) assert.ok(texts[at]?.startsWith(text), texts[at]);
    table.push(...texts.map((text) => `| ${rule} | ${text.replace(": ", " | ")} |`));
  });
}

test("a cluster that does not answer is a failure, not a finding", async () => {
  const cluster = fakeCluster({ "daemonsets.apps": [] });
  const broken: typeof cluster = {
    ...cluster,
    connection: {
      ...cluster.connection,
      reader: {
        ...cluster.connection.reader,
        list: async () => ({
          ok: false,
          failure: { kind: "unreachable", doing: "kubectl get nodes", message: "connection refused" },
        }),
      },
    },
  };
  let text = "";
  try {
    await observe(preflightCluster, args, broken);
  } catch (thrown) {
    text = String(thrown);
  }
  assert.match(text, "connection refused");
});

test.after(() => {
  console.log(["", "| rule of preflight.cluster | severity | message |", "|---|---|---|", ...table].join("\n"));
});

test.run();
