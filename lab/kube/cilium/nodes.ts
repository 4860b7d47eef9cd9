import { nodesWith } from "../controllers/agents.ts";
import { freeSubnets, type PodNetwork } from "../controllers/pod-cidrs.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, textAt } from "../objects/kube-object.ts";
import type { CiliumOperator } from "./config.ts";
import { ciliumKind } from "./kinds.ts";

/**
 * Keeps a CiliumNode for each node on which the agent runs, with the node's labels and addresses, and gives it its pod prefixes: one of each
 * family from the cluster pool (`ipam: cluster-pool`), in the order of its list, or the node's own (`ipam: kubernetes`). What a node has it
 * keeps; CiliumNodes of deleted nodes go and free theirs.
 */
export function keepNodes(world: World, { setting }: CiliumOperator): void {
  const resource = ciliumKind("CiliumNode");
  const nodes = builtinOf("Node").storage;
  for (const found of world.store.list(resource.storage)) {
    if (world.store.get(nodes, undefined, found.metadata.name) === undefined) world.store.remove(resource.storage, found);
  }
  for (const name of nodesWith(world, "cilium")) {
    const node = world.store.get(nodes, undefined, name);
    const found = world.store.get(resource.storage, undefined, name);
    if (node !== undefined) world.ensure(resource, { name }, agentFields(node, found), "cilium-agent");
  }
  const pools = setting("ipam") === "kubernetes" ? undefined : clusterPools(setting);
  const taken = new Set(world.store.list(resource.storage).flatMap(prefixesOf));
  const sources = pools?.map((pool) => poolSubnets(pool, taken));
  for (const found of world.store.list(resource.storage)) {
    if (prefixesOf(found).length > 0) continue;
    const { name } = found.metadata;
    const podCIDRs =
      sources?.flatMap((source) => source.next().value ?? []) ??
      listAt(world.store.get(nodes, undefined, name), "spec", "podCIDRs").map(String);
    if (podCIDRs.length === 0 || (sources !== undefined && podCIDRs.length < sources.length)) return;
    world.ensure(resource, { name }, { spec: { ipam: { podCIDRs } } }, "cilium-operator-generic");
  }
}

function prefixesOf(node: KubeObject): readonly string[] {
  return listAt(node, "spec", "ipam", "podCIDRs").map(String);
}

/** What an agent writes about its node. Labels are the node's and no others: one that was taken off it goes here too. */
function agentFields(node: KubeObject, found: KubeObject | undefined) {
  const gone = Object.keys(found?.metadata.labels ?? {}).map((label) => [label, null] as const);
  const addresses = listAt(node, "status", "addresses").filter(isJsonObject);
  const owner = { apiVersion: "v1", kind: "Node", name: node.metadata.name, uid: node.metadata.uid ?? "" };
  return {
    metadata: { labels: { ...Object.fromEntries(gone), ...node.metadata.labels }, ownerReferences: [owner] },
    spec: {
      addresses: addresses
        .filter((entry) => textAt(entry, "type") !== "Hostname")
        .map((entry) => ({ type: textAt(entry, "type"), ip: textAt(entry, "address") })),
    },
  };
}

/** The cluster pool by family: several prefixes and one mask size. */
function clusterPools(setting: CiliumOperator["setting"]): readonly (readonly PodNetwork[])[] {
  const pool = (family: string): readonly (readonly PodNetwork[])[] => {
    if (setting(`enable-${family}`) !== "true") return [];
    const length = Number(setting(`cluster-pool-${family}-mask-size`));
    const prefixes = setting(`cluster-pool-${family}-cidr`).split(/[ ,]+/);
    return [prefixes.filter((subnet) => subnet !== "").map((subnet) => ({ subnet, length }))];
  };
  return [...pool("ipv4"), ...pool("ipv6")];
}

function* poolSubnets(pool: readonly PodNetwork[], taken: ReadonlySet<string>): Generator<string, undefined> {
  for (const network of pool) yield* freeSubnets(network, taken);
}
