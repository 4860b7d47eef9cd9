import type { LabKubeObject } from "../parts.ts";
import { type CiliumNodeFacts, configuredInstances, policyInstances } from "./cilium-instances.ts";
import { podCidrsOf } from "./cilium-routes.ts";
import { type ClusterReader, textAt } from "./kube-read.ts";
import { byAddress } from "./prefix.ts";
import { servicesOf } from "./service.ts";
import { imageTag, internalAddresses, isAtLeast, runningPods, type Speaker } from "./speaker.ts";

const NAMESPACE = "kube-system";

/** The nodes where a Cilium agent runs with its BGP control plane; several instances of a node are several speakers (facts cni.md 3). */
export function ciliumSide(cluster: ClusterReader): Speaker[] {
  const config = cluster.find("ConfigMap", "cilium-config", NAMESPACE);
  if (textAt(config, "data", "enable-bgp-control-plane") !== "true") return [];
  const secrets = textAt(config, "data", "bgp-secrets-namespace") ?? NAMESPACE;
  const services = servicesOf(cluster);
  const pods = runningPods(cluster, "cilium", NAMESPACE);
  return cluster.list("Node").flatMap((node) => {
    const pod = pods.get(node.metadata.name);
    if (pod === undefined) return [];
    const podCidrs = podCidrsOf(cluster.find("CiliumNode", node.metadata.name));
    return speakersOf({ cluster, node, podCidrs, services, version: imageTag(pod), secrets }, node);
  });
}

function speakersOf(facts: CiliumNodeFacts, node: LabKubeObject): Speaker[] {
  const instances = isAtLeast(facts.version, 1, 16) ? configuredInstances(facts) : policyInstances(facts);
  return instances.map(({ name, asn, peers }) => ({
    program: "cilium",
    version: facts.version,
    node: node.metadata.name,
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
