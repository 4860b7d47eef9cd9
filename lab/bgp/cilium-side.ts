import type { LabKubeObject } from "../parts.ts";
import { podProcess } from "./agent-process.ts";
import { type CiliumNodeFacts, configuredInstances, policyInstances } from "./cilium-instances.ts";
import { podCidrsOf } from "./cilium-routes.ts";
import { type ClusterReader, textAt } from "./kube-read.ts";
import { byAddress } from "./prefix.ts";
import { servicesOf } from "./service.ts";
import { imageTag, internalAddresses, isAtLeast, ofFamilies, runningPods, type Speaker } from "./speaker.ts";

const NAMESPACE = "kube-system";
/** Where the lab keeps ConfigMap cilium-config as it was when a pod started. */
const CONFIG_AT_START = "lab.underlay/cilium-config";

/** The nodes where a Cilium agent runs with its BGP control plane; several instances of a node are several speakers (facts cni.md 3). */
export function ciliumSide(cluster: ClusterReader): Speaker[] {
  const services = servicesOf(cluster);
  const pods = runningPods(cluster, "cilium", NAMESPACE);
  return cluster.list("Node").flatMap((node) => {
    const pod = pods.get(node.metadata.name);
    const config = configAtStart(pod);
    if (pod === undefined || textAt(config, "enable-bgp-control-plane") !== "true") return [];
    const secrets = textAt(config, "bgp-secrets-namespace") ?? NAMESPACE;
    const podCidrs = podCidrsOf(cluster.find("CiliumNode", node.metadata.name));
    return speakersOf({ cluster, node, podCidrs, services, version: imageTag(pod), secrets }, node, podProcess(pod));
  });
}

/** What an agent was told: it reads ConfigMap cilium-config only when it starts. */
function configAtStart(pod: LabKubeObject | undefined): unknown {
  try {
    return JSON.parse(pod?.metadata.annotations?.[CONFIG_AT_START] ?? "{}");
  } catch {
    return {};
  }
}

function speakersOf(facts: CiliumNodeFacts, node: LabKubeObject, process: string): Speaker[] {
  const instances = isAtLeast(facts.version, 1, 16) ? configuredInstances(facts) : policyInstances(facts);
  // A router ID is the node's IPv4 address; where there is none, agents make one up only since 1.18 and need to be told before.
  const hasId = ofFamilies(internalAddresses(node), ["ipv4"]).length > 0 || isAtLeast(facts.version, 1, 18);
  const running = instances.filter(({ routerId }) => hasId || routerId !== undefined);
  return running.map(({ name, asn, peers }) => ({
    program: "cilium",
    version: facts.version,
    node: node.metadata.name,
    process,
    instance: name,
    addresses: internalAddresses(node),
    asn,
    peers,
    originates: [...new Set(peers.flatMap((peer) => peer.announces))].sort(byAddress),
    imports: false,
    refuses: new Set(),
    reexports: undefined,
  }));
}
