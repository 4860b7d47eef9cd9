import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { nodesReady } from "../../tasks/verify/nodes-ready.ts";
import { fakeCluster, observe } from "../k8s/fake-cluster.ts";

const test = suite("verify.nodes_ready");

function node(name: string, status: string, more: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: "v1", kind: "Node", metadata: { name }, status: { conditions: [{ type: "Ready", status, ...more }] } };
}

test("all Ready", async () => {
  const seen = await observe(nodesReady, { nodes: ["a", "b"] }, fakeCluster({ nodes: [node("a", "True"), node("b", "True")] }));
  const facts = { expected: 2, ready: 2, withdrawn: [], cordoned: [] };
  assert.equal(seen, { facts, unmet: [], message: "2 of 2 nodes Ready" });
});

test("nodes that are withdrawn or cordoned are Ready, and named", async () => {
  const resting: KubeObject = { ...node("a", "True"), metadata: { name: "a", labels: { "underlay/withdrawn": "true" } } };
  const cordoned: KubeObject = { ...node("b", "True"), spec: { unschedulable: true } };
  const { unmet, facts } = await observe(nodesReady, { nodes: ["a", "b"] }, fakeCluster({ nodes: [resting, cordoned] }));
  assert.equal([unmet, facts?.withdrawn, facts?.cordoned], [[], ["a"], ["b"]]);
});

test("each node that is not Ready is named with the kubelet's reason", async () => {
  const nodes = [
    node("a", "False", { reason: "KubeletNotReady", message: "cni plugin not initialized" }),
    node("b", "Unknown"),
    { apiVersion: "v1", kind: "Node", metadata: { name: "c" } },
  ];
  const seen = await observe(nodesReady, { nodes: ["a", "b", "c", "d"] }, fakeCluster({ nodes }));
  assert.is(seen.message, "0 of 4 nodes Ready");
  assert.is(seen.unmet[0], "a: not Ready: KubeletNotReady: cni plugin not initialized");
  assert.match(seen.unmet[1] ?? "", "no longer reports");
  assert.match(seen.unmet[2] ?? "", "no condition Ready");
  assert.match(seen.unmet[3] ?? "", "not in the cluster");
});

test.run();
