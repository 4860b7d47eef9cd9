import type { Json, JsonObject } from "../../../runner/json.ts";
import { condition, type World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, objectAt, textAt, valueAt, without } from "../objects/kube-object.ts";
import { selectsLabels } from "../objects/label-selector.ts";
import type { CiliumOperator } from "./config.ts";
import { ciliumKind } from "./kinds.ts";

const MANAGER = "cilium-operator-generic";

/**
 * The operator's part of the BGP control plane: a CiliumBGPNodeConfig for each node that a CiliumBGPClusterConfig selects, with the node's
 * overrides laid over, and the conditions of both. A node belongs to the first cluster configuration that took it; NodeConfigs that
 * nobody wants any more go. Status of a NodeConfig is the agent's.
 */
export function keepNodeConfigs(world: World, { setting }: CiliumOperator): void {
  const resource = ciliumKind("CiliumBGPNodeConfig");
  const enabled = setting("enable-bgp-control-plane") === "true";
  const configs = enabled ? world.store.list(ciliumKind("CiliumBGPClusterConfig").storage) : [];
  const wanted = new Set<string>();
  for (const config of configs) {
    const selected = world.store
      .list(ciliumKind("CiliumNode").storage)
      .filter((node) => selectsLabels(valueAt(config, "spec", "nodeSelector"), node.metadata.labels ?? {}));
    const rivals = new Set<string>();
    for (const node of selected) {
      const { name } = node.metadata;
      const owner = ownerOf(world.store.get(resource.storage, undefined, name), configs);
      const rival = owner !== undefined && owner !== config && isSelected(owner, node);
      if (rival) rivals.add(owner.metadata.name);
      else world.ensure(resource, { name }, nodeConfig(world, config, name), MANAGER);
      wanted.add(name);
    }
    reportCluster(world, config, selected.length, [...rivals].sort());
  }
  for (const found of world.store.list(resource.storage)) {
    if (!wanted.has(found.metadata.name)) world.store.remove(resource.storage, found);
  }
  if (enabled) for (const peer of world.store.list(ciliumKind("CiliumBGPPeerConfig").storage)) reportPeer(world, peer, setting);
}

function isSelected(config: KubeObject, node: KubeObject): boolean {
  return selectsLabels(valueAt(config, "spec", "nodeSelector"), node.metadata.labels ?? {});
}

function ownerOf(found: KubeObject | undefined, configs: readonly KubeObject[]): KubeObject | undefined {
  const [owner] = listAt(found, "metadata", "ownerReferences");
  return configs.find((config) => config.metadata.uid === textAt(owner, "uid"));
}

function nodeConfig(world: World, config: KubeObject, node: string): JsonObject {
  const override = world.store.get(ciliumKind("CiliumBGPNodeConfigOverride").storage, undefined, node);
  const overrides = listAt(override, "spec", "bgpInstances");
  const owner = { apiVersion: config.apiVersion, kind: config.kind, name: config.metadata.name, uid: config.metadata.uid ?? "" };
  return {
    metadata: { ownerReferences: [{ ...owner, controller: true }] },
    spec: { bgpInstances: listAt(config, "spec", "bgpInstances").map((instance) => overridden(instance, overrides)) },
  };
}

/** An instance, or a peer, with what the entry of the same name overrides. */
function overridden(entry: Json, overrides: readonly Json[]): Json {
  if (!isJsonObject(entry)) return entry;
  const found = objectAt({ found: overrides.find((other) => textAt(other, "name") === textAt(entry, "name")) ?? {} }, "found");
  const peers = listAt(entry, "peers").map((peer) => overridden(peer, listAt(found, "peers")));
  return { ...entry, ...without(found, "peers"), ...(peers.length === 0 ? {} : { peers }) };
}

/** Conditions of a cluster configuration: bad when True (facts, cni.md 3.4). */
function reportCluster(world: World, config: KubeObject, selected: number, rivals: readonly string[]): void {
  const peers = listAt(config, "spec", "bgpInstances").flatMap((instance) => listAt(instance, "peers"));
  const names = peers.map((peer) => textAt(peer, "peerConfigRef", "name")).filter((name) => name !== "");
  const storage = ciliumKind("CiliumBGPPeerConfig").storage;
  const missing = [...new Set(names)].filter((name) => world.store.get(storage, undefined, name) === undefined);
  report(world, ciliumKind("CiliumBGPClusterConfig"), config, [
    ["NoMatchingNode", selected === 0, "No node matches spec.nodeSelector"],
    ["MissingPeerConfigs", missing.length > 0, `Referenced CiliumBGPPeerConfig(s) are missing: [${missing.join(" ")}]`],
    ["ConflictingClusterConfig", rivals.length > 0, `Selecting the same node(s) with ClusterConfig(s): [${rivals.join(" ")}]`],
  ]);
}

function reportPeer(world: World, peer: KubeObject, setting: CiliumOperator["setting"]): void {
  const name = textAt(peer, "spec", "authSecretRef");
  const namespace = setting("bgp-secrets-namespace");
  const missing = name !== "" && world.store.get(builtinOf("Secret").storage, namespace, name) === undefined;
  const message = `Referenced Auth Secret ${JSON.stringify(name)} is missing`;
  report(world, ciliumKind("CiliumBGPPeerConfig"), peer, [["MissingAuthSecret", missing, message]]);
}

function report(
  world: World,
  resource: ReturnType<typeof ciliumKind>,
  object: KubeObject,
  states: readonly (readonly [type: string, bad: boolean, message: string])[],
): void {
  const known = listAt(object, "status", "conditions");
  const conditions = states.map(([type, bad, message]) => ({
    ...condition(known, { type: `cilium.io/${type}`, status: bad, reason: type, message: bad ? message : "" }),
    observedGeneration: object.metadata.generation ?? 1,
  }));
  world.setStatus(resource, object, { conditions });
}
