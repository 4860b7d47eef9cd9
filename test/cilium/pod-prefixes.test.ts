import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { ciliumPodPrefixes } from "../../tasks/cilium/pod-prefixes.ts";
import { fakeCluster, observe } from "../k8s/fake-cluster.ts";

const test = suite("cilium.pod_prefixes");

const node = (name: string, podCIDRs: readonly string[]): KubeObject => {
  return { apiVersion: "cilium.io/v2", kind: "CiliumNode", metadata: { name }, spec: { ipam: { podCIDRs } } };
};
const served = (...nodes: readonly KubeObject[]) => fakeCluster({ "ciliumnodes.cilium.io": nodes });
const args = () => ({ nodes: ["a", "b"] });

test("the prefixes of these nodes, both families, sorted", async () => {
  const cluster = served(
    node("b", ["fd00:10::40/122", "192.168.19.64/27"]),
    node("a", ["192.168.19.128/27"]),
    node("c", ["192.168.19.0/27"]),
  );
  assert.equal(await observe(ciliumPodPrefixes, args(), cluster), {
    facts: {
      prefixes: ["192.168.19.64/27", "192.168.19.128/27", "fd00:10::40/122"],
      by_node: { a: ["192.168.19.128/27"], b: ["192.168.19.64/27", "fd00:10::40/122"] },
    },
    unmet: [],
    message: "3 prefixes on 2 nodes",
  });
});

test("nodes without CiliumNode or prefix are waited for, with the likely cause", async () => {
  const { unmet } = await observe(ciliumPodPrefixes, args(), served(node("b", [])));
  assert.match(unmet[0] ?? "", "a: no CiliumNode");
  assert.match(unmet[1] ?? "", "b: no pod prefix; ");
});

test("while the cluster does not serve them: waited for in a run, unknown in check mode", async () => {
  assert.is((await observe(ciliumPodPrefixes, args(), fakeCluster({}))).unmet.length, 1);
  assert.match((await observe(ciliumPodPrefixes, args(), fakeCluster({}), true)).unknown ?? "", "CiliumNodes");
});

test.run();
