import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";
import { isWithdrawn, WITHDRAWN_CAUSE } from "../cni/withdrawn.ts";
import type { CiliumPeer } from "./node-peers.ts";
import { isSelected } from "./node-selector.ts";

/** What the cluster says about its BGP configuration, to name the cause of a session that is not up. */
export interface BgpEvidence {
  readonly nodes: readonly KubeObject[];
  /** CiliumBGPClusterConfigs, or CiliumBGPPeeringPolicies up to 1.15. */
  readonly configs: readonly KubeObject[];
  /** Conditions that say what is wrong, `CiliumBGPPeerConfig aci-ipv4: MissingAuthSecret`. */
  readonly complaints: readonly string[];
  readonly rackLabel: string;
}

const KINDS = [
  ["ciliumbgpclusterconfigs.cilium.io", "CiliumBGPClusterConfig"],
  ["ciliumbgppeerconfigs.cilium.io", "CiliumBGPPeerConfig"],
  ["ciliumbgpnodeconfigs.cilium.io", "CiliumBGPNodeConfig"],
  ["ciliumbgppeeringpolicies.cilium.io", "CiliumBGPPeeringPolicy"],
] as const;

/** Reads nodes and BGP objects; kinds that the cluster does not serve have no objects. */
export async function gatherEvidence(
  reader: ClusterReader,
  nodeNames: readonly string[],
  rackLabel: string,
): Promise<Result<BgpEvidence>> {
  const nodes = await reader.objects(nodeNames.map((name) => ({ apiVersion: "v1", kind: "Node", name })));
  if (!nodes.ok) return nodes;
  const configs: KubeObject[] = [];
  const complaints: string[] = [];
  for (const [resource, kind] of KINDS) {
    const listed = await reader.list(resource);
    if (!listed.ok) return listed;
    const objects = listed.value ?? [];
    if (kind === "CiliumBGPClusterConfig" || kind === "CiliumBGPPeeringPolicy") configs.push(...objects);
    complaints.push(
      ...objects.flatMap((object) => complaintsOf(object).map((text) => `${kind} ${object.metadata.name}: ${text}`)),
    );
  }
  return ok({ nodes: nodes.value, configs, complaints, rackLabel });
}

/** What a condition means and who puts it right (facts: Cilium sections 3.4, 3.5). */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  [
    "MissingAuthSecret",
    "sessions are tried without a password, and the leaves want one; the Secret is made by cilium.bgp_password, in the namespace where Cilium looks for it",
  ],
  ["MissingPeerConfigs", "these peers have no families, password or timers; cilium.bgp makes it again"],
  ["NoMatchingNode", "no node has the rack label that it selects (k8s.node_label)"],
  ["ConflictingClusterConfig", "a node takes only one of them; delete the one that is not of underlay"],
]);

/**
 * Conditions of Cilium's BGP objects are bad when True: `MissingAuthSecret` with status False says that the Secret is there (facts:
 * Cilium section 3.4).
 */
function complaintsOf({ status }: KubeObject): readonly string[] {
  const conditions: unknown = isObject(status) ? status.conditions : undefined;
  if (!Array.isArray(conditions)) return [];
  return conditions
    .filter(isObject)
    .filter((condition) => condition.status === "True")
    .map(({ type, message }) => {
      const name = String(type).replace(/^cilium\.io\//, "");
      const said = typeof message === "string" && message !== "" ? `${name} (${message})` : name;
      const meaning = MEANINGS.get(name);
      return meaning === undefined ? said : `${said}: ${meaning}`;
    });
}

/** Why a node has no BGP peers at all. */
export function causeOfUnselected(node: { readonly name: string; readonly rack: string | null }, evidence: BgpEvidence): string {
  const { nodes, configs, rackLabel } = evidence;
  const found = nodes.find(({ metadata }) => metadata.name === node.name);
  if (found === undefined) return "the cluster has no node of this name";
  if (isWithdrawn(found)) return WITHDRAWN_CAUSE;
  const labels = found.metadata.labels ?? {};
  if (configs.length === 0) return "there is no BGP configuration in the cluster (cilium.bgp)";
  const selecting = configs.find((config) => selects(config, labels));
  if (selecting !== undefined) {
    return `${selecting.kind} ${selecting.metadata.name} selects it; is cilium-operator up, or does another one select it too?`;
  }
  const usesRacks = configs.some((config) => asksFor(config, rackLabel));
  const label = labels[rackLabel];
  if (usesRacks && label === undefined) return `the node lacks the label ${rackLabel}`;
  if (usesRacks && node.rack !== null && label !== node.rack)
    return `the node's label ${rackLabel} is ${label}, not ${node.rack}`;
  return "no BGP configuration selects it (cilium.bgp)";
}

/** AS numbers of the plan; undefined: not compared. */
export interface PlannedAsns {
  readonly cluster: number | undefined;
  readonly fabric: number | undefined;
}

/**
 * What a BGP state that does not pass usually means here. A wrong MD5 password is silent: TCP just does not come up, and `look` says where
 * to search.
 */
export function causeOfState({ state, asn, localAsn }: CiliumPeer, asns: PlannedAsns, look: string): string {
  if (asns.fabric !== undefined && asn !== undefined && asn !== asns.fabric) {
    return `wrong AS number: the node expects AS ${asn} of the leaf, the fabric is AS ${asns.fabric}; look at peerASN in the node's BGP configuration (fabric_asn of cilium.bgp)`;
  }
  if (asns.cluster !== undefined && localAsn !== undefined && localAsn !== asns.cluster) {
    return `wrong AS number: the node runs as AS ${localAsn}, the cluster is AS ${asns.cluster}; look at localASN in the node's BGP configuration (asn of cilium.bgp)`;
  }
  const isKnown = asns.fabric !== undefined && asns.cluster !== undefined;
  switch (state.toLowerCase()) {
    case "idle":
      return isKnown
        ? `refused by the leaf: wrong AS number there? The node's are as planned; the leaf must expect AS ${asns.cluster} (asn of aci.bgp_peer)`
        : "refused by one side: wrong AS number (asn, fabric_asn of cilium.bgp or aci.bgp_peer)?";
    case "connect":
    case "active":
      return `TCP does not come up: ${look}`;
    case "open_sent":
    case "open_confirm":
      return "TCP is up and BGP is being agreed on: wrong AS number (asn, fabric_asn of cilium.bgp or aci.bgp_peer), if it stays so?";
    default:
      return "look at cilium-dbg bgp peers in the node's Cilium pod";
  }
}

function selects({ spec }: KubeObject, labels: Readonly<Record<string, string>>): boolean {
  return isObject(spec) && isSelected(spec.nodeSelector, labels) === true;
}

/** Whether a node selector names this label. */
function asksFor({ spec }: KubeObject, label: string): boolean {
  const selector = isObject(spec) && isObject(spec.nodeSelector) ? spec.nodeSelector : {};
  return isObject(selector.matchLabels) && Object.hasOwn(selector.matchLabels, label);
}
