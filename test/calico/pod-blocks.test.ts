import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { podBlocks } from "../../tasks/calico/pod-blocks.ts";
import { fakeCluster, observe } from "../k8s/fake-cluster.ts";

const test = suite("calico.pod_blocks");

function block(node: string, cidr: string, more: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: "projectcalico.org/v3",
    kind: "BlockAffinity",
    metadata: { name: `${node}-${cidr}` },
    spec: { node, cidr, state: "confirmed", deleted: "false", ...more },
  };
}

const blocks = [
  block("a", "10.1.10.0/26"),
  block("a", "10.1.2.0/26", { deleted: false }),
  block("b", "10.1.3.0/26"),
  block("b", "10.1.4.0/26", { state: "pending" }),
  block("b", "10.1.5.0/26", { deleted: "true" }),
  block("elsewhere", "10.1.6.0/26"),
];
const args = () => ({ nodes: ["a", "b"] });

for (const group of ["projectcalico.org", "crd.projectcalico.org"]) {
  test(`confirmed blocks of these nodes, sorted, from ${group}`, async () => {
    const seen = await observe(podBlocks, args(), fakeCluster({ [`blockaffinities.${group}`]: blocks }));
    assert.equal(seen.unmet, []);
    assert.equal(seen.facts, {
      prefixes: ["10.1.2.0/26", "10.1.3.0/26", "10.1.10.0/26"],
      by_node: { a: ["10.1.2.0/26", "10.1.10.0/26"], b: ["10.1.3.0/26"] },
    });
  });
}

test("a node without a block is waited for", async () => {
  const seen = await observe(podBlocks, { nodes: ["a", "c"] }, fakeCluster({ "blockaffinities.projectcalico.org": blocks }));
  assert.is(seen.unmet.length, 1);
  assert.match(seen.unmet[0] ?? "", /^c: /);
});

test("dual stack: a block of each family on every node", async () => {
  const cluster = fakeCluster({ "blockaffinities.projectcalico.org": [...blocks, block("a", "fd00:10::40/122")] });
  const seen = await observe(podBlocks, { ...args(), families: ["ipv4", "ipv6"] }, cluster);
  assert.is(seen.unmet.length, 1);
  assert.match(seen.unmet[0] ?? "", /^b: no confirmed IPv6 block/);
  assert.equal(seen.facts?.prefixes, ["10.1.2.0/26", "10.1.3.0/26", "10.1.10.0/26", "fd00:10::40/122"]);
});

test("while the cluster does not serve them: waited for in a run, unknown in check mode", async () => {
  assert.is((await observe(podBlocks, args(), fakeCluster({}))).unmet.length, 1);
  const seen = await observe(podBlocks, args(), fakeCluster({}), true);
  assert.equal(seen.unmet, []);
  assert.match(seen.unknown ?? "", "block affinities");
});

test.run();
