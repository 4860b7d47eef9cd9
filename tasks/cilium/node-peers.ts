import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";
import { bareAddress } from "../calico/bare-address.ts";
import { isBefore, type Version } from "../cni/version.ts";
import { bgpApiOf } from "./release-line.ts";

/** A BGP peer as a node sees it. */
export interface CiliumPeer {
  /** Without length, in its correct form. */
  readonly address: string;
  /** `established`, `active`, `open_sent` …, as Cilium writes it. */
  readonly state: string;
  /** AS that the node expects of the leaf, and its own; undefined when it does not say. */
  readonly asn: number | undefined;
  readonly localAsn: number | undefined;
}

/** What is known of a node's BGP. */
export type NodeReport =
  | { readonly kind: "peers"; readonly peers: readonly CiliumPeer[] }
  /** No CiliumBGPNodeConfig: no CiliumBGPClusterConfig selects the node. */
  | { readonly kind: "unselected" }
  /** The node cannot be asked, with the reason. */
  | { readonly kind: "silent"; readonly reason: string };

/** The resource in whose status each node reports from 1.16 on. */
const NODE_CONFIGS = "ciliumbgpnodeconfigs.cilium.io";

/**
 * What each node says about its peers: from the status of its CiliumBGPNodeConfig, and where there is none (up to 1.15, or status reports
 * switched off) from the agent itself (facts: Cilium section 3.4).
 *
 * @param version of Cilium; undefined when it cannot be told: then what the cluster serves decides
 */
export async function nodeReports(
  reader: ClusterReader,
  nodes: readonly string[],
  namespace: string,
  version: Version | undefined,
): Promise<Result<ReadonlyMap<string, NodeReport>>> {
  const listed = await reader.list(NODE_CONFIGS);
  if (!listed.ok) return listed;
  const configs = new Map((listed.value ?? []).map((config) => [config.metadata.name, config]));
  const usesPolicies = version === undefined ? configs.size === 0 : bgpApiOf(version) === "policy";
  const asked = nodes.filter((node) => usesPolicies || (configs.has(node) && statusPeers(configs.get(node)) === undefined));
  const agents = asked.length === 0 ? ok(new Map<string, string>()) : await agentPods(reader, namespace);
  if (!agents.ok) return agents;
  const program = version !== undefined && isBefore(version, "1.15") ? "cilium" : "cilium-dbg";
  const answers = await Promise.all(
    asked.map(async (node) => [node, await askAgent(reader, namespace, agents.value.get(node), program)] as const),
  );
  const told = new Map(answers);
  return ok(new Map(nodes.map((node) => [node, told.get(node) ?? reportOf(configs.get(node))])));
}

function reportOf(config: KubeObject | undefined): NodeReport {
  const peers = statusPeers(config);
  return peers === undefined ? { kind: "unselected" } : { kind: "peers", peers };
}

/** Peers in the status of a CiliumBGPNodeConfig; undefined without a status. */
function statusPeers(config: KubeObject | undefined): readonly CiliumPeer[] | undefined {
  const instances: unknown = isObject(config?.status) ? config.status.bgpInstances : undefined;
  if (!Array.isArray(instances)) return undefined;
  return instances.filter(isObject).flatMap(({ peers, localASN }) => {
    const own: readonly unknown[] = Array.isArray(peers) ? peers : [];
    return own.flatMap((peer) => (isObject(peer) ? peerOf(peer.peerAddress, peer.peeringState, peer.peerASN, localASN) : []));
  });
}

/** Node name to the name of the agent's pod there. */
async function agentPods(reader: ClusterReader, namespace: string): Promise<Result<ReadonlyMap<string, string>>> {
  const pods = await reader.list("pods", { namespace, selector: "k8s-app=cilium" });
  if (!pods.ok) return pods;
  return ok(
    new Map(
      (pods.value ?? []).flatMap(({ metadata, spec }) =>
        isObject(spec) && typeof spec.nodeName === "string" ? [[spec.nodeName, metadata.name] as const] : [],
      ),
    ),
  );
}

async function askAgent(
  reader: ClusterReader,
  namespace: string,
  pod: string | undefined,
  program: "cilium" | "cilium-dbg",
): Promise<NodeReport> {
  if (pod === undefined) return { kind: "silent", reason: "no Cilium agent runs there" };
  const said = await reader.exec({ namespace, pod, container: "cilium-agent" }, [program, "bgp", "peers", "-o", "json"]);
  if (!said.ok) return { kind: "silent", reason: `${program} bgp peers in ${pod}: ${said.failure.message}` };
  const peers = printedPeers(said.value);
  return peers === undefined
    ? { kind: "silent", reason: `${program} bgp peers in ${pod} gave no JSON list` }
    : { kind: "peers", peers };
}

/** Reads `bgp peers -o json`; fields that are zero are left out there, an agent without peers prints `null` or an empty list. */
function printedPeers(text: string): readonly CiliumPeer[] | undefined {
  try {
    const printed: unknown = JSON.parse(text);
    if (printed === null) return [];
    if (!Array.isArray(printed)) return undefined;
    return printed
      .filter(isObject)
      .flatMap((peer) => peerOf(peer["peer-address"], peer["session-state"], peer["peer-asn"], peer["local-asn"]));
  } catch {
    return undefined;
  }
}

function peerOf(address: unknown, state: unknown, asn: unknown, localAsn: unknown): readonly CiliumPeer[] {
  if (typeof address !== "string") return [];
  const number = (value: unknown) => (typeof value === "number" ? value : undefined);
  return [
    {
      address: bareAddress(address),
      state: typeof state === "string" ? state : "unknown",
      asn: number(asn),
      localAsn: number(localAsn),
    },
  ];
}
