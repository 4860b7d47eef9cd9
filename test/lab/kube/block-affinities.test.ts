import * as fc from "fast-check";
import { Address4, Address6 } from "ip-address";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { v3Kind } from "../../../lab/kube/calico/aggregated-api.ts";
import { assignBlocks } from "../../../lab/kube/calico/block-affinities.ts";
import { SYSTEM } from "../../../lab/kube/calico/kinds.ts";
import { Clock } from "../../../lab/kube/controllers/clock.ts";
import { createWorld, type World } from "../../../lab/kube/controllers/world.ts";
import { builtinOf } from "../../../lab/kube/objects/builtin-resources.ts";
import { textAt } from "../../../lab/kube/objects/kube-object.ts";
import { ObjectStore } from "../../../lab/kube/objects/store.ts";
import { paceOf } from "../../../lab/kube/pace.ts";

/** A world with these nodes, calico-node running on each, and one pool. */
function world(nodes: readonly string[], cidr: string, blockSize: number): World {
  const made = createWorld(new ObjectStore(), new Clock(() => undefined), paceOf(new Map()));
  for (const node of nodes) {
    made.ensure(builtinOf("Node"), { name: node }, {}, "test");
    const status = { conditions: [{ type: "Ready", status: "True" }] };
    const labels = { "k8s-app": "calico-node" };
    made.ensure(
      builtinOf("Pod"),
      { name: node, namespace: SYSTEM },
      { metadata: { labels }, spec: { nodeName: node }, status },
      "test",
    );
  }
  made.ensure(v3Kind("IPPool"), { name: "pool" }, { spec: { cidr, blockSize } }, "test");
  assignBlocks(made, new Map());
  return made;
}

function blocks(made: World): readonly string[] {
  return made.store.list(v3Kind("BlockAffinity").storage).map((affinity) => textAt(affinity, "spec", "cidr"));
}

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 8 });
const test = suite("block affinities");

test("blocks never collide, and lie in the pool, however full it is", () => {
  fc.assert(
    fc.property(names, fc.integer({ min: 29, max: 32 }), (nodes, blockSize) => {
      const made = blocks(world(nodes, "10.1.0.0/26", blockSize));
      assert.is(made.length, nodes.length);
      assert.is(new Set(made).size, nodes.length);
      for (const block of made) {
        assert.ok(new Address4(block).isInSubnet(new Address4("10.1.0.0/26")));
        assert.is(new Address4(block).startAddress().correctForm(), new Address4(block).correctForm());
      }
    }),
  );
});

test("a pool that is used up leaves the rest without a block", () => {
  assert.equal([...blocks(world(["a", "b", "c"], "10.1.0.0/25", 26))].sort(), ["10.1.0.0/26", "10.1.0.64/26"]);
});

test("the same node gets the same block, whoever else is there", () => {
  fc.assert(
    fc.property(names, (nodes) => {
      const [first = ""] = nodes;
      const alone = blocks(world([first], "10.0.0.0/8", 26));
      assert.equal(blocks(world([first], "10.0.0.0/8", 26)), alone);
      assert.ok(blocks(world(nodes, "10.0.0.0/8", 26)).includes(alone[0] ?? ""));
    }),
  );
});

test("IPv6 pools have blocks too", () => {
  const [block = ""] = blocks(world(["a"], "fd00:10:1::/48", 122));
  assert.ok(new Address6(block).isInSubnet(new Address6("fd00:10:1::/48")));
  assert.ok(block.endsWith("/122"));
});

test("a block of a node that is gone is released when kube-controllers runs and has looked", () => {
  const made = world(["a", "b"], "10.1.0.0/16", 26);
  const holders = () => made.store.list(v3Kind("BlockAffinity").storage).map((affinity) => textAt(affinity, "spec", "node"));
  const abandoned = new Map<string, number>();
  const node = made.store.get(builtinOf("Node").storage, undefined, "b");
  if (node !== undefined) made.store.remove(builtinOf("Node").storage, node);
  assignBlocks(made, abandoned);
  assert.is(abandoned.size, 1);
  for (const name of abandoned.keys()) abandoned.set(name, 0);
  assignBlocks(made, abandoned);
  assert.equal(holders(), ["a", "b"], "nobody runs to release it");
  const labels = { "k8s-app": "calico-kube-controllers" };
  const status = { conditions: [{ type: "Ready", status: "True" }] };
  made.ensure(builtinOf("Pod"), { name: "controllers", namespace: SYSTEM }, { metadata: { labels }, status }, "test");
  assignBlocks(made, new Map());
  assert.equal(holders(), ["a", "b"], "it has not looked yet");
  assignBlocks(made, abandoned);
  assert.equal(holders(), ["a"]);
});

test.run();
