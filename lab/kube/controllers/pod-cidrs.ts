import { parsePrefix, subnetAt, subnetCount } from "../addresses/prefix.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { listAt } from "../objects/kube-object.ts";
import type { Controller } from "./world.ts";

/** One family of pod addresses: the cluster's prefix and how long a node's part of it is (`--cluster-cidr`, `--node-cidr-mask-size-*`). */
export interface PodNetwork {
  readonly subnet: string;
  readonly length: number;
}

/**
 * What kube-controller-manager does with `--allocate-node-cidrs`: every node gets the next free prefix of each family as `spec.podCIDRs`, and
 * keeps it; those of deleted nodes are free again. A node stays without when a family has none left (event CIDRNotAvailable).
 */
export function allocatePodCidrs(networks: readonly PodNetwork[]): Controller {
  return (world) => {
    const resource = builtinOf("Node");
    const nodes = world.store.list(resource.storage);
    const waiting = nodes.filter((node) => listAt(node, "spec", "podCIDRs").length === 0);
    if (waiting.length === 0 || networks.length === 0) return;
    const taken = new Set(nodes.flatMap((node) => listAt(node, "spec", "podCIDRs").map(String)));
    const sources = networks.map((network) => freeSubnets(network, taken));
    for (const node of waiting) {
      const podCIDRs = sources.flatMap((source) => source.next().value ?? []);
      if (podCIDRs.length < networks.length) return;
      const [podCIDR = ""] = podCIDRs;
      world.ensure(resource, { name: node.metadata.name }, { spec: { podCIDR, podCIDRs } }, "kube-controller-manager");
    }
  };
}

/** The prefixes of a network that nobody has, in order. */
export function* freeSubnets({ subnet, length }: PodNetwork, taken: ReadonlySet<string>): Generator<string, undefined> {
  const network = parsePrefix(subnet);
  if (network === undefined) return;
  const count = subnetCount(network, length);
  for (let index = 0n; index < count; index += 1n) {
    const found = subnetAt(network, length, index);
    if (!taken.has(found)) yield found;
  }
}
