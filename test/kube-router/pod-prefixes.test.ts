import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { kubeRouterPodPrefixes } from "../../tasks/kube-router/pod-prefixes.ts";
import { fakeCluster, observe } from "../k8s/fake-cluster.ts";

const test = suite("kube_router.pod_prefixes");

function node(name: string, spec: Record<string, unknown>, annotations: Record<string, string> = {}): KubeObject {
  return { apiVersion: "v1", kind: "Node", metadata: { name, annotations }, spec };
}

test("the prefixes of these nodes in their natural order, both families, annotations first", async () => {
  const nodes = [
    node("worker-1", { podCIDR: "10.1.10.0/24", podCIDRs: ["10.1.10.0/24", "fd00:10::a00/120"] }),
    node("worker-2", { podCIDR: "10.1.2.0/24" }),
    node("worker-3", { podCIDRs: ["10.1.3.0/24"] }, { "kube-router.io/pod-cidrs": "10.9.3.0/24, fd00:9::/120" }),
    node("other", { podCIDRs: ["10.1.4.0/24"] }),
  ];
  const found = await observe(kubeRouterPodPrefixes, { nodes: ["worker-1", "worker-2", "worker-3"] }, fakeCluster({ nodes }));
  assert.equal(found.unmet, []);
  assert.equal(found.facts, {
    prefixes: ["10.1.2.0/24", "10.1.10.0/24", "10.9.3.0/24", "fd00:9::/120", "fd00:10::a00/120"],
    by_node: {
      "worker-1": ["10.1.10.0/24", "fd00:10::a00/120"],
      "worker-2": ["10.1.2.0/24"],
      "worker-3": ["10.9.3.0/24", "fd00:9::/120"],
    },
  });
});

test("a node without a prefix, and one that is not there, each with its cause", async () => {
  const found = await observe(kubeRouterPodPrefixes, { nodes: ["bare", "lost"] }, fakeCluster({ nodes: [node("bare", {})] }));
  assert.match(found.unmet[0] ?? "", /^bare: no pod prefix; .*--allocate-node-cidrs/);
  assert.match(found.unmet[1] ?? "", /^lost: not in the cluster/);
});

test.run();
