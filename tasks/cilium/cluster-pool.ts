import type { Refusal } from "../../runner/task.ts";

/** What a pool has to do with: the parts of a family of `underlay.families` that matter here. */
export interface PodPool {
  readonly family: "ipv4" | "ipv6";
  /** The cluster's pod prefix. */
  readonly pod_subnet: string;
  /** Prefix length of a node's share. */
  readonly block_size: number;
}

/** Addresses of a node's share that no pod gets: the network's own, the agent's router and its health check (facts: Cilium section 3.1). */
const TAKEN = 3;

/** How many nodes a pool is for: the number of shares in it; less than 1 when a share is larger than the pool. */
export function nodesOf({ pod_subnet: subnet, block_size: size }: PodPool): number {
  return 2 ** (size - Number(subnet.split("/")[1]));
}

/** How many pods a node's share is for. */
export function podsOf({ family, block_size: size }: PodPool): number {
  return Math.max(2 ** ((family === "ipv4" ? 32 : 128) - size) - TAKEN, 0);
}

/** Pools that cannot give each node a share: cluster-pool gives exactly one, and its length cannot change later. */
export function refusePools(pools: readonly PodPool[], nodes: number | undefined): readonly Refusal[] {
  return pools.flatMap((pool, index) => {
    const argument = ["families", String(index)];
    const { pod_subnet: subnet, block_size: size, family } = pool;
    const longest = family === "ipv4" ? 32 : 128;
    if (size > longest || nodesOf(pool) < 1) {
      const message = `cannot cut shares of length ${size} from ${subnet}`;
      return [{ argument, message, hint: `block_size from ${subnet.split("/")[1]} to ${longest}` }];
    }
    if (nodes === undefined || nodesOf(pool) >= nodes) return [];
    const message = `has room for ${nodesOf(pool)} nodes (/${size} of ${subnet}), not for ${nodes}`;
    return [{ argument, message, hint: "a larger pod_subnet, or a longer block_size; neither can be changed once Cilium runs" }];
  });
}

/** Shares that are used up before kubelet stops starting pods. */
export function poolWarnings(pools: readonly PodPool[], maxPods: number): readonly string[] {
  return pools
    .filter((pool) => podsOf(pool) < maxPods)
    .map(
      (pool) =>
        `a /${pool.block_size} of ${pool.pod_subnet} is for about ${podsOf(pool)} pods on a node, where kubelet starts up to ${maxPods}: ` +
        "the others will wait for an address; say `max_pods` when kubelet's is lower",
    );
}
