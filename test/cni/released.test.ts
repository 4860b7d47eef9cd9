import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { blocksReleased } from "../../tasks/calico/blocks-released.ts";
import { podBlocks } from "../../tasks/calico/pod-blocks.ts";
import { ciliumPrefixesReleased } from "../../tasks/cilium/prefixes-released.ts";
import { fakeCluster, observe } from "../k8s/fake-cluster.ts";

const test = suite("pod prefixes of nodes that come and go");

const block = (node: string, cidr: string, more: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: "projectcalico.org/v3",
  kind: "BlockAffinity",
  metadata: { name: `${node}-${cidr.replace("/", "-")}` },
  spec: { node, cidr, state: "confirmed", ...more },
});

const args = { nodes: ["worker-6", "worker-7"] };

for (const group of ["projectcalico.org", "crd.projectcalico.org"]) {
  test(`blocks of nodes that left, also such as are being deleted, as ${group} has them`, async () => {
    const list = [
      block("worker-1", "10.1.0.0/26"),
      block("worker-6", "10.1.0.128/26"),
      block("worker-6", "10.1.0.64/26", { state: "pendingDeletion" }),
    ];
    const { unmet } = await observe(blocksReleased, args, fakeCluster({ [`blockaffinities.${group}`]: list }));
    assert.is(unmet.length, 1);
    assert.match(unmet[0] ?? "", /^worker-6 still has 10.1.0.64\/26, 10.1.0.128\/26: .*By hand: calicoctl ipam check/);
    const gone = await observe(blocksReleased, args, fakeCluster({ [`blockaffinities.${group}`]: list.slice(0, 1) }));
    assert.equal([gone.unmet, gone.message], [[], "no blocks left of worker-6, worker-7"]);
  });
}

test("CiliumNodes of nodes that left", async () => {
  const node = (name: string): KubeObject => ({ apiVersion: "cilium.io/v2", kind: "CiliumNode", metadata: { name } });
  const { unmet } = await observe(
    ciliumPrefixesReleased,
    args,
    fakeCluster({ "ciliumnodes.cilium.io": [node("worker-1"), node("worker-7")] }),
  );
  assert.equal(
    unmet.map((text) => text.split(":")[0]),
    ["worker-7 still has its CiliumNode"],
  );
  const gone = await observe(ciliumPrefixesReleased, args, fakeCluster({ "ciliumnodes.cilium.io": [node("worker-1")] }));
  assert.equal(gone.unmet, []);
});

test("a cluster without the CNI's kinds cannot tell: unmet, and unknown in check mode", async () => {
  for (const type of [blocksReleased, ciliumPrefixesReleased]) {
    assert.is((await observe(type, args, fakeCluster({}))).unmet.length, 1);
    assert.match((await observe(type, args, fakeCluster({}), true)).unknown ?? "", "does not serve");
  }
});

test("a node without block is missed unless blocks are not required; what there is is told", async () => {
  const cluster = fakeCluster({ "blockaffinities.projectcalico.org": [block("worker-6", "10.1.0.64/26")] });
  assert.match((await observe(podBlocks, args, cluster)).unmet[0] ?? "", "worker-7: no confirmed IPv4 block");
  const relaxed = await observe(podBlocks, { ...args, required: false }, cluster);
  assert.equal(relaxed.unmet, []);
  assert.equal(relaxed.facts?.by_node, { "worker-6": ["10.1.0.64/26"], "worker-7": [] });
});

test.run();
