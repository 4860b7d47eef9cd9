import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { podNetwork } from "../../tasks/calico/pod-network.ts";
import { fakeCluster, observe } from "../k8s/fake-cluster.ts";

const test = suite("calico.pod_network");

const args = (more: Record<string, unknown> = {}) => ({
  pools: [
    { family: "ipv4", pod_subnet: "10.1.0.0/16", block_size: 26 },
    { family: "ipv6", pod_subnet: "fd00:10::/112", block_size: 122 },
  ],
  ...more,
});

function kubeadm(podSubnet: string): KubeObject {
  const ClusterConfiguration = `apiVersion: kubeadm.k8s.io/v1beta4\nnetworking:\n  podSubnet: ${podSubnet}\n`;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "kubeadm-config", namespace: "kube-system" },
    data: { ClusterConfiguration },
  };
}

function openshift(...networks: readonly string[]): KubeObject {
  const clusterNetwork = networks.map((cidr) => ({ cidr, hostPrefix: 23 }));
  return { apiVersion: "config.openshift.io/v1", kind: "Network", metadata: { name: "cluster" }, spec: { clusterNetwork } };
}

function pool(name: string, cidr: string, more: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: "projectcalico.org/v3", kind: "IPPool", metadata: { name }, spec: { cidr, ...more } };
}

const cluster = (source: readonly KubeObject[], pools: readonly KubeObject[] = []) =>
  fakeCluster({ sources: source, "ippools.crd.projectcalico.org": pools });

for (const [name, source] of [
  ["kubeadm's podSubnet", kubeadm("10.0.0.0/8,fd00:10::/112")],
  ["OpenShift's clusterNetwork", openshift("10.1.0.0/16", "fd00::/16")],
] as const) {
  test(`prefixes within ${name} pass, without a warning`, async () => {
    const seen = await observe(podNetwork, args(), cluster([source]));
    assert.equal([seen.unmet, seen.warnings], [[], []]);
  });
}

for (const [source, outside] of [
  [kubeadm("10.2.0.0/16"), "10.1.0.0/16, fd00:10::/112 not within 10.2.0.0/16"],
  [kubeadm("10.1.0.0/16"), "fd00:10::/112 not within 10.1.0.0/16"],
  [openshift("10.1.0.0/17", "fd00:10::/112"), "10.1.0.0/16 not within"],
] as const) {
  test(`outside of the cluster's pod network: ${outside}`, async () => {
    for (const check of [false, true]) {
      const message = await observe(podNetwork, args(), cluster([source]), check).then(
        () => "",
        (error: Error) => error.message,
      );
      assert.match(message, outside);
    }
  });
}

test("a cluster that does not say is warned about, no more", async () => {
  const seen = await observe(podNetwork, args(), cluster([]));
  assert.is(seen.unmet.length, 0);
  assert.match(seen.warnings?.[0] ?? "", "does not say");
});

const ours = [pool("default-ipv4-ippool", "10.1.0.0/16"), pool("default-ipv6-ippool", "fd00:10::/112", { blockSize: 122 })];
const conflicts: readonly (readonly [string, readonly KubeObject[], RegExp | undefined])[] = [
  ["the same pools", ours, undefined],
  ["a pool beside", [...ours, pool("lb", "192.168.13.0/24", { allowedUses: ["LoadBalancer"] })], undefined],
  ["another prefix", [pool("default-ipv4-ippool", "10.2.0.0/16")], /default-ipv4-ippool is 10\.2\.0\.0\/16/],
  ["another block size", [pool("default-ipv4-ippool", "10.1.0.0/16", { blockSize: 24 })], /blocks of \/24, not .* \/26/],
  ["an overlapping pool", [pool("old", "10.1.128.0/17")], /pool old is 10\.1\.128\.0\/17/],
];
for (const [name, pools, message] of conflicts) {
  test(`pools in the cluster: ${name}`, async () => {
    const seen = observe(podNetwork, args(), cluster([kubeadm("10.1.0.0/16,fd00:10::/112")], pools));
    const said = await seen.then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (message === undefined) assert.is(said, undefined);
    else assert.match(said ?? "", message);
  });
}

test("with Calico present, pools that do not fit the design are warned about", async () => {
  const pools = [pool("default", "10.1.0.0/16", { ipipMode: "Always", vxlanMode: "Never", natOutgoing: true, blockSize: 24 })];
  const seen = await observe(podNetwork, args({ install: "present" }), cluster([kubeadm("10.1.0.0/16,fd00:10::/112")], pools));
  assert.equal(
    seen.warnings?.map((warning) => /ipipMode|natOutgoing|no enabled IPPool lies in fd00:10::\/112/.exec(warning)?.[0]),
    ["ipipMode", "natOutgoing", "no enabled IPPool lies in fd00:10::/112"],
  );
});

test.run();
