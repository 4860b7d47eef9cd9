import { createHash } from "node:crypto";
import { contains, familyOf, parsePrefix, subnetAt, subnetCount } from "../addresses/prefix.ts";
import { nodesWith } from "../controllers/agents.ts";
import { isReady } from "../controllers/pods.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, textAt, valueAt } from "../objects/kube-object.ts";
import { v3Kind } from "./aggregated-api.ts";

/** Block sizes of pools that do not say theirs (facts, cni.md 1.2). */
const BLOCK_SIZE = { IPv4: 26, IPv6: 122 } as const;

/**
 * Calico's IPAM, as far as routing sees it: every node on which calico-node runs holds one block of each pool for pods, confirmed. Where a
 * node's block lies follows from a hash of its name, so it is spread over the pool and the same every time; a block that is taken makes it
 * try the next. Blocks of deleted nodes are released by kube-controllers, which does not look all the time (facts, cni.md 4.5).
 */
export function assignBlocks(world: World, abandoned: AbandonedBlocks): void {
  const nodes = world.store.list(builtinOf("Node").storage).map((node) => node.metadata.name);
  releaseBlocks(world, new Set(nodes), abandoned);
  const running = new Set(nodesWith(world, "calico-node"));
  for (const pool of world.store.list(v3Kind("IPPool").storage)) {
    if (isForPods(pool))
      assignPool(
        world,
        pool,
        nodes.filter((name) => running.has(name)),
      );
  }
}

/** When the node of a block was first seen to be gone, by name of the BlockAffinity. */
export type AbandonedBlocks = Map<string, number>;

function releaseBlocks(world: World, nodes: ReadonlySet<string>, abandoned: AbandonedBlocks): void {
  const affinities = v3Kind("BlockAffinity");
  const pods = world.store.list(builtinOf("Pod").storage);
  const isRunning = pods.some((pod) => pod.metadata.labels?.["k8s-app"] === "calico-kube-controllers" && isReady(pod));
  const now = world.clock.now();
  for (const affinity of world.store.list(affinities.storage)) {
    const { name } = affinity.metadata;
    if (nodes.has(textAt(affinity, "spec", "node"))) {
      abandoned.delete(name);
      continue;
    }
    const since = abandoned.get(name) ?? now;
    abandoned.set(name, since);
    const due = since + world.pace.blockRelease;
    if (now < due) world.clock.wakeAt(due);
    else if (isRunning) {
      abandoned.delete(name);
      world.store.remove(affinities.storage, affinity);
    }
  }
}

/** Whether pods get addresses of a pool: not when it is disabled or only for tunnels or load balancers. */
function isForPods(pool: KubeObject): boolean {
  const uses = listAt(pool, "spec", "allowedUses");
  return valueAt(pool, "spec", "disabled") !== true && (uses.length === 0 || uses.includes("Workload"));
}

function assignPool(world: World, pool: KubeObject, nodes: readonly string[]): void {
  const affinities = v3Kind("BlockAffinity");
  const cidr = textAt(pool, "spec", "cidr");
  const network = parsePrefix(cidr);
  if (network === undefined) return;
  const size = Number(valueAt(pool, "spec", "blockSize") ?? BLOCK_SIZE[familyOf(cidr)]);
  const inPool = world.store.list(affinities.storage).filter((affinity) => contains(cidr, textAt(affinity, "spec", "cidr")));
  const holders = new Set(inPool.map((affinity) => textAt(affinity, "spec", "node")));
  const taken = new Set(inPool.map((affinity) => textAt(affinity, "spec", "cidr")));
  const count = subnetCount(network, size);
  for (const node of nodes) {
    if (holders.has(node) || BigInt(taken.size) >= count) continue;
    const start = createHash("sha256").update(node).digest().readBigUInt64BE() % count;
    let step = 0n;
    let block = subnetAt(network, size, start);
    while (taken.has(block) && step < count) {
      step += 1n;
      block = subnetAt(network, size, (start + step) % count);
    }
    taken.add(block);
    const name = `${node}-${block.replaceAll(/[./:]+/g, "-")}`;
    world.ensure(affinities, { name }, { spec: { state: "confirmed", node, cidr: block, deleted: false } }, "calico-node");
  }
}
