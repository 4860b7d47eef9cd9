import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { preflightJoining } from "../../tasks/preflight/joining.ts";
import { fakeCluster, observe } from "../k8s/fake-cluster.ts";
import { type MemberParts, member } from "./member.ts";

const test = suite("preflight.joining");

const kubeadm: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "kubeadm-config", namespace: "kube-system" },
  data: { ClusterConfiguration: "networking:\n  podSubnet: 10.1.0.0/24\n" },
};
const clusterInfo: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "cluster-info", namespace: "kube-public" },
};
const agent = (name: string, namespace: string): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name, namespace },
});

const master: MemberParts = { addresses: ["192.168.2.1"], controlPlane: true, podCIDRs: ["10.1.0.0/26"] };
const worker: MemberParts = { addresses: ["192.168.2.2"], podCIDRs: ["10.1.0.64/26"] };

interface Parts {
  readonly nodes?: Readonly<Record<string, MemberParts>>;
  readonly maps?: readonly KubeObject[];
  readonly agents?: readonly KubeObject[];
  readonly lists?: Readonly<Record<string, readonly KubeObject[]>>;
}

const planned = (name: string, ...addresses: string[]) => ({ name, addresses, rack_id: "1" });

const args = {
  nodes: [planned("master-1", "192.168.2.1/24"), planned("worker-1", "192.168.2.2/24"), planned("worker-2", "192.168.2.3/24")],
  joining: ["worker-2"],
  join: true,
};

async function seen(
  { nodes = { "master-1": master, "worker-1": worker }, maps = [kubeadm, clusterInfo], agents = [], lists = {} }: Parts,
  more = {},
) {
  const found = Object.entries(nodes).map(([name, parts]) => member(name, parts));
  return observe(
    preflightJoining,
    { ...args, ...more },
    fakeCluster({ nodes: found, configmaps: maps, "daemonsets.apps": agents, ...lists }),
    true,
  );
}

async function found(parts: Parts, more = {}): Promise<string[]> {
  const { unmet, warnings = [] } = await seen(parts, more);
  return [...unmet.map((text) => `error: ${text}`), ...warnings.map((text) => `warning: ${text}`)];
}

test("a node that may join", async () => {
  const observed = await seen({});
  assert.equal([observed.unmet, observed.warnings], [[], []]);
  assert.equal(observed.facts, { new: ["worker-2"] });
  assert.is(observed.message, "1 of 1 are new, 2 nodes are in the cluster: nothing speaks against it");
});

test("a node that is in already needs neither join nor kubeadm nor room", async () => {
  const nodes = { "worker-1": worker, "worker-2": { addresses: ["192.168.2.3"], podCIDRs: ["10.1.0.128/26"] } };
  assert.equal(await found({ nodes, maps: [] }, { join: false }), []);
  assert.equal(await found({ nodes, maps: [] }), []);
});

const pool = (cidr: string, more: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: "projectcalico.org/v3",
  kind: "IPPool",
  metadata: { name: cidr.replace(/[/:]/g, "-") },
  spec: { cidr, blockSize: 26, ...more },
});
const block = (cidr: string): KubeObject => ({
  apiVersion: "projectcalico.org/v3",
  kind: "BlockAffinity",
  metadata: { name: cidr.replace(/[/:]/g, "-") },
  spec: { cidr, node: "worker-1", state: "confirmed" },
});
const ciliumConfig: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "cilium-config", namespace: "kube-system" },
  data: { ipam: "cluster-pool", "cluster-pool-ipv4-cidr": "10.1.0.0/25", "cluster-pool-ipv4-mask-size": "26" },
};
const ciliumNode = (name: string): KubeObject => ({ apiVersion: "cilium.io/v2", kind: "CiliumNode", metadata: { name } });

const cases: readonly {
  readonly rule: string;
  readonly parts: Parts;
  readonly more?: object;
  readonly says: readonly string[];
}[] = [
  {
    rule: "a name that Kubernetes refuses",
    parts: {},
    more: { joining: ["Worker_2"], nodes: [...args.nodes, planned("Worker_2", "192.168.2.9/24")] },
    says: ["error: Worker_2 cannot be a Node's name"],
  },
  {
    rule: "addresses that moved with the inventory's order",
    parts: { nodes: { "master-1": master, "worker-1": { addresses: ["192.168.2.9"] } } },
    says: [
      "error: nodes in the cluster would have other addresses: worker-1 has 192.168.2.9, planned is 192.168.2.2. Computed addresses follow",
    ],
  },
  {
    rule: "another address of a node that is in and named",
    parts: { nodes: { "master-1": master, "worker-1": worker, "worker-2": { addresses: ["192.168.2.9"] } } },
    says: ["error: worker-2 has 192.168.2.9, planned is 192.168.2.3: its sessions would not come"],
  },
  {
    rule: "an address that a Node has which the inventory does not know",
    parts: { nodes: { "master-1": master, "worker-1": worker, stray: { addresses: ["192.168.2.3"] } } },
    says: ["error: 192.168.2.3, planned for worker-2, is the InternalIP of stray"],
  },
  {
    rule: "not in, and not to join",
    parts: {},
    more: { join: false },
    says: ["error: not in the cluster: worker-2: let kubeadm join run with -e join=true"],
  },
  {
    rule: "kubeadm's ConfigMaps are missing",
    parts: { maps: [kubeadm] },
    says: ["error: no ConfigMap kube-public/cluster-info: kubeadm did not make this cluster"],
  },
  {
    rule: "no control plane is Ready",
    parts: { nodes: { "master-1": { ...master, ready: false }, "worker-1": worker } },
    says: ["error: no control plane node is Ready"],
  },
  {
    rule: "no block is left in Calico's pools",
    parts: {
      agents: [agent("calico-node", "calico-system")],
      lists: {
        "ippools.projectcalico.org": [pool("10.1.0.0/25"), pool("10.9.0.0/16", { disabled: true })],
        "blockaffinities.projectcalico.org": [block("10.1.0.0/26"), block("10.1.0.64/26")],
      },
    },
    says: ["warning: 0 of 2 IPv4 prefixes of nodes are free for 1 that joins: their pods would borrow"],
  },
  {
    rule: "no podCIDR is left for kube-router",
    parts: {
      agents: [agent("kube-router", "kube-system")],
      maps: [{ ...kubeadm, data: { ClusterConfiguration: "networking: {podSubnet: 10.1.0.0/25}" } }, clusterInfo],
    },
    says: ["error: 0 of 2 IPv4 prefixes of nodes are free for 1 that joins: kube-router has nothing to announce"],
  },
  {
    rule: "Cilium's pool is used up",
    parts: {
      maps: [kubeadm, clusterInfo, ciliumConfig],
      lists: { "ciliumnodes.cilium.io": [ciliumNode("master-1"), ciliumNode("worker-1")] },
    },
    says: ["error: 0 of 2 IPv4 prefixes of nodes are free for 1 that joins: without a share of the cluster-pool"],
  },
];

for (const { rule, parts, more, says } of cases) {
  test(rule, async () => {
    const lines = await found(parts, more);
    assert.is(lines.length, says.length, lines.join("\n"));
    for (const [index, text] of says.entries()) assert.ok(lines[index]?.startsWith(text), lines[index]);
  });
}

test("with room for one more nothing is said", async () => {
  const lists = { "ciliumnodes.cilium.io": [ciliumNode("master-1")] };
  assert.equal(await found({ maps: [kubeadm, clusterInfo, ciliumConfig], lists }), []);
  assert.equal(await found({ agents: [agent("kube-router", "kube-system")] }), []);
  assert.equal(
    await found({
      agents: [agent("calico-node", "kube-system")],
      lists: { "ippools.projectcalico.org": [pool("10.1.0.0/25")], "blockaffinities.projectcalico.org": [block("10.1.0.0/26")] },
    }),
    [],
  );
});

test.run();
