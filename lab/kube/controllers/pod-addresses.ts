import { addressAt, addressCount, familyOf, parsePrefix } from "../addresses/prefix.ts";
import { v3Kind } from "../calico/aggregated-api.ts";
import { ciliumKind } from "../cilium/kinds.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, textAt, valueAt } from "../objects/kube-object.ts";
import { type Agent, agentsByNode } from "./agents.ts";
import type { World } from "./world.ts";

/** First addresses of a node's prefix that no pod gets: the network's own, and the one the CNI keeps on the node. */
const KEPT = 2n;

/**
 * Prefixes that pods of each node get their addresses from, by node name: Calico's blocks, kube-router's `spec.podCIDRs`, Cilium's
 * `CiliumNode.spec.ipam.podCIDRs`. A node whose CNI has none yet, or that has no CNI, is not in the map.
 */
export function podPrefixes(world: World): ReadonlyMap<string, readonly string[]> {
  const agents = agentsByNode(world);
  const found = new Map<string, string[]>();
  const take = (agent: Agent, node: string, cidrs: readonly string[]) => {
    if (agents.get(node) === agent && cidrs.length > 0) found.set(node, [...(found.get(node) ?? []), ...cidrs]);
  };
  for (const affinity of world.store.list(v3Kind("BlockAffinity").storage)) {
    take("calico-node", textAt(affinity, "spec", "node"), [textAt(affinity, "spec", "cidr")]);
  }
  for (const node of world.store.list(builtinOf("Node").storage)) {
    take("kube-router", node.metadata.name, listAt(node, "spec", "podCIDRs").map(String));
  }
  for (const node of world.store.list(ciliumKind("CiliumNode").storage)) {
    take("cilium", node.metadata.name, listAt(node, "spec", "ipam", "podCIDRs").map(String));
  }
  return found;
}

/** Hands out pod addresses: one of each family that a node has a prefix of, never one twice. */
export class PodAddresses {
  readonly #prefixes: ReadonlyMap<string, readonly string[]>;
  readonly #taken: Set<string>;

  constructor(world: World) {
    this.#prefixes = podPrefixes(world);
    const pods = world.store.list(builtinOf("Pod").storage).filter((pod) => !usesHostNetwork(pod));
    this.#taken = new Set(pods.flatMap((pod) => listAt(pod, "status", "podIPs").map((entry) => textAt(entry, "ip"))));
  }

  /** Addresses for a pod, the main family first; undefined when the node's prefixes are used up or there are none. */
  allocate(node: string): readonly string[] | undefined {
    const families = new Map<string, string | undefined>();
    for (const cidr of this.#prefixes.get(node) ?? []) {
      const family = familyOf(cidr);
      if (families.get(family) === undefined) families.set(family, this.#free(cidr));
    }
    const addresses = [...families.values()].filter((address) => address !== undefined);
    if (addresses.length === 0 || addresses.length < families.size) return undefined;
    for (const address of addresses) this.#taken.add(address);
    return addresses;
  }

  #free(cidr: string): string | undefined {
    const network = parsePrefix(cidr);
    if (network === undefined) return undefined;
    const last = addressCount(network) - 1n;
    for (let offset = KEPT; offset < last; offset += 1n) {
      const address = addressAt(network, offset);
      if (!this.#taken.has(address)) return address;
    }
    return undefined;
  }
}

/** Whether a pod lives in its node's network namespace. */
export function usesHostNetwork(pod: KubeObject): boolean {
  return valueAt(pod, "spec", "hostNetwork") === true;
}
