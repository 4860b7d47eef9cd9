import { createHash } from "node:crypto";
import { Address4, Address6 } from "ip-address";
import { isReady } from "../controllers/pods.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, textAt, valueAt } from "../objects/kube-object.ts";
import { v3Kind } from "./aggregated-api.ts";
import { SYSTEM } from "./kinds.ts";

/**
 * Calico's IPAM, as far as routing sees it: every node on which calico-node runs holds one block of each pool, confirmed. Where a node's
 * block lies follows from a hash of its name, so it is spread over the pool and the same every time; a block that is taken makes it try
 * the next. Blocks of deleted nodes are released.
 */
export function assignBlocks(world: World): void {
  const affinities = v3Kind("BlockAffinity");
  const nodes = world.store.list(builtinOf("Node").storage).map((node) => node.metadata.name);
  for (const affinity of world.store.list(affinities.storage)) {
    if (!nodes.includes(textAt(affinity, "spec", "node"))) world.store.remove(affinities.storage, affinity);
  }
  const running = new Set(
    world.store
      .list(builtinOf("Pod").storage, SYSTEM)
      .filter((pod) => pod.metadata.labels?.["k8s-app"] === "calico-node" && isReady(pod))
      .map((pod) => textAt(pod, "spec", "nodeName")),
  );
  for (const pool of world.store.list(v3Kind("IPPool").storage)) {
    for (const node of nodes.filter((name) => running.has(name))) assign(world, pool, node);
  }
}

function assign(world: World, pool: KubeObject, node: string): void {
  const affinities = v3Kind("BlockAffinity");
  const cidr = textAt(pool, "spec", "cidr");
  const size = Number(valueAt(pool, "spec", "blockSize") ?? 26);
  const taken = world.store.list(affinities.storage).map((affinity) => ({
    node: textAt(affinity, "spec", "node"),
    cidr: textAt(affinity, "spec", "cidr"),
  }));
  const network = parse(cidr);
  if (taken.some((block) => block.node === node && parse(block.cidr).isInSubnet(network))) return;
  const bits = network instanceof Address4 ? 32 : 128;
  const count = 1n << BigInt(size - network.subnetMask);
  const start = createHash("sha256").update(node).digest().readBigUInt64BE() % count;
  const blocks = new Set(taken.map((block) => block.cidr));
  for (let step = 0n; step < count; step += 1n) {
    const base = network.startAddress().bigInt() + (((start + step) % count) << BigInt(bits - size));
    const address = network instanceof Address4 ? Address4.fromBigInt(base) : Address6.fromBigInt(base);
    const block = `${address.correctForm()}/${size}`;
    if (blocks.has(block)) continue;
    const name = `${node}-${block.replaceAll(/[./:]+/g, "-")}`;
    world.ensure(affinities, { name }, { spec: { state: "confirmed", node, cidr: block, deleted: false } }, "calico-node");
    return;
  }
}

function parse(cidr: string): Address4 | Address6 {
  return Address4.isValid(cidr) ? new Address4(cidr) : new Address6(cidr);
}
