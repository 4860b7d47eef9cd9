import type { LabKubeObject } from "../parts.ts";
import { podProcess } from "./agent-process.ts";
import { peerPassword } from "./calico-password.ts";
import { exportedPools, originatedPrefixes, podBlocks } from "./calico-routes.ts";
import { durationSeconds } from "./duration.ts";
import { at, type ClusterReader, listAt, textAt, textsAt } from "./kube-read.ts";
import { type Family, familyOf, withoutLength } from "./prefix.ts";
import { selectorTest } from "./selector.ts";
import { servicesOf } from "./service.ts";
import { imageTag, internalAddresses, ofFamilies, runningPods, type Speaker, type SpeakerPeer } from "./speaker.ts";

/** Calico's AS number when BGPConfiguration says nothing. */
const DEFAULT_AS = 64512;
/** What BIRD offers; Calico has no field for it (facts cni.md 1.5). */
const HOLD = 240;
/** Its graceful restart cannot be switched off, only `maxRestartTime` makes it shorter (facts cni.md 4.3). */
const RESTART = 120;

/** How Calico was installed: by the operator in calico-system, or by manifest in kube-system (facts cni.md 1.1). */
interface Install {
  readonly namespace: string;
  readonly families: readonly Family[];
}

/** The nodes where calico-node runs with BGP, with what the cluster's objects tell each of them. */
export function calicoSide(cluster: ClusterReader): Speaker[] {
  const install = installOf(cluster);
  if (install === undefined) return [];
  const asn = Number(at(cluster.find("BGPConfiguration", "default"), "spec", "asNumber") ?? DEFAULT_AS);
  const pods = runningPods(cluster, "calico-node", install.namespace);
  const services = servicesOf(cluster);
  const pools = exportedPools(cluster);
  const blocks = podBlocks(cluster);
  const peers = configuredPeers(cluster, install);
  return cluster.list("Node").flatMap((node) => {
    const pod = pods.get(node.metadata.name);
    if (pod === undefined) return [];
    const originates = ofFamilies(originatedPrefixes(cluster, blocks, services, node), install.families);
    const speaker: Speaker = {
      program: "calico",
      version: imageTag(pod),
      node: node.metadata.name,
      process: podProcess(pod),
      instance: "",
      addresses: ofFamilies(internalAddresses(node), install.families),
      asn,
      peers: peersOf(peers, node, originates),
      originates,
      imports: true,
      refuses: new Set(),
      reexports: pools,
    };
    return [speaker];
  });
}

function installOf(cluster: ClusterReader): Install | undefined {
  const installation = cluster.find("Installation", "default");
  if (installation === undefined) return manifestInstall(cluster);
  if (textAt(installation, "spec", "calicoNetwork", "bgp") === "Disabled") return undefined;
  const pools = listAt(installation, "spec", "calicoNetwork", "ipPools").map((pool) => familyOf(textAt(pool, "cidr") ?? ""));
  const has = (family: Family, field: string) =>
    pools.includes(family) || at(installation, "spec", "calicoNetwork", field) !== undefined;
  // Without a list of pools the operator looks for an IPv4 address only (facts cni.md 1.8).
  const families: Family[] = pools.length === 0 || has("ipv4", "nodeAddressAutodetectionV4") ? ["ipv4"] : [];
  if (has("ipv6", "nodeAddressAutodetectionV6")) families.push("ipv6");
  return { namespace: "calico-system", families };
}

function manifestInstall(cluster: ClusterReader): Install | undefined {
  const namespace = "kube-system";
  const daemonSet = cluster.find("DaemonSet", "calico-node", namespace);
  const backend = textAt(cluster.find("ConfigMap", "calico-config", namespace), "data", "calico_backend") ?? "bird";
  if (daemonSet === undefined || backend !== "bird") return undefined;
  const environment = listAt(daemonSet, "spec", "template", "spec", "containers").flatMap((container) =>
    listAt(container, "env"),
  );
  const value = (name: string) =>
    textAt(
      environment.find((entry) => textAt(entry, "name") === name),
      "value",
    ) ?? "";
  const families: Family[] = value("IP") === "none" ? [] : ["ipv4"];
  // Without IPv4 BIRD has no router ID, and does not start, unless it is told one (facts cni.md 1.8); the operator tells it.
  if (families.length === 0 && value("CALICO_ROUTER_ID") === "") return undefined;
  if (!["", "none"].includes(value("IP6"))) families.push("ipv6");
  return { namespace, families };
}

/** A BGPPeer read once, and whether it is for a node. */
interface ConfiguredPeer {
  readonly peer: SpeakerPeer;
  readonly isFor: (node: LabKubeObject) => boolean;
}

function configuredPeers(cluster: ClusterReader, install: Install): ConfiguredPeer[] {
  return cluster.list("BGPPeer").flatMap(({ spec }) => {
    const { address, port } = peerAddress(textAt(spec, "peerIP") ?? "");
    const family = familyOf(address);
    if (family === undefined || !install.families.includes(family)) return [];
    const everywhere = textAt(spec, "node") === undefined && textAt(spec, "nodeSelector") === undefined;
    const peer: SpeakerPeer = {
      address,
      port,
      remoteAs: Number(at(spec, "asNumber") ?? 0),
      password: peerPassword(cluster, install.namespace, spec),
      source: undefined,
      families: [family],
      announces: [],
      filters: textsAt(spec, "filters").map((name) => cluster.find("BGPFilter", name)),
      allowedOwnAs: Number(at(spec, "numAllowedLocalASNumbers") ?? 0),
      hold: HOLD,
      keepalive: durationSeconds(textAt(spec, "keepaliveTime")),
      restartTime: durationSeconds(textAt(spec, "maxRestartTime")) ?? RESTART,
      adminDown: false,
      label: everywhere ? "GlobalPeer" : "NodePeer",
    };
    return [{ peer, isFor: nodeTest(spec) }];
  });
}

/** BGPPeers that are for the node, one for each address: of two for the same address the first by name counts. */
function peersOf(configured: readonly ConfiguredPeer[], node: LabKubeObject, originates: readonly string[]): SpeakerPeer[] {
  const peers = new Map<string, SpeakerPeer>();
  for (const { peer, isFor } of configured) {
    if (peers.has(peer.address) || !isFor(node)) continue;
    peers.set(peer.address, { ...peer, announces: ofFamilies(originates, peer.families) });
  }
  return [...peers.values()];
}

/** `node` names one, `nodeSelector` selects by label, neither means every node (facts cni.md 1.3). */
function nodeTest(spec: unknown): (node: LabKubeObject) => boolean {
  const name = textAt(spec, "node") ?? "";
  if (name !== "") return (node) => node.metadata.name === name;
  const selector = textAt(spec, "nodeSelector") ?? "";
  if (selector === "") return () => true;
  const test = selectorTest(selector);
  return (node) => test(node.metadata.labels ?? {});
}

/** `192.168.2.201`, `192.168.2.201:179`, `fd00:2::c9` or `[fd00:2::c9]:179` (facts cni.md 1.3). */
function peerAddress(text: string): { readonly address: string; readonly port: number } {
  const match = /^\[(.+)\]:(\d+)$/.exec(text) ?? /^([^:]+):(\d+)$/.exec(text);
  return { address: withoutLength(match?.[1] ?? text), port: Number(match?.[2] ?? 179) };
}
