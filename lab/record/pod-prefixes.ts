import { podBlocks } from "../bgp/calico-routes.ts";
import { podCidrsOf } from "../bgp/cilium-routes.ts";
import type { ClusterReader } from "../bgp/kube-read.ts";
import { podCidrs } from "../bgp/kube-router-side.ts";
import { familyOf, networkOf } from "../bgp/prefix.ts";
import type { LabSpec } from "../spec.ts";

/** Which pod prefixes belong to which node, whether or not its BGP program runs: the kernel goes on forwarding to these. */
export function podPrefixes(cluster: ClusterReader, cni: LabSpec["cni"]["name"]): ReadonlyMap<string, readonly string[]> {
  if (cni === "calico") return podBlocks(cluster);
  if (cni === "cilium")
    return new Map(cluster.list("CiliumNode").map((object) => [object.metadata.name, podCidrsOf(object)] as const));
  return new Map(
    cluster.list("Node").map((node) => {
      const cidrs = podCidrs(node, node.metadata.annotations ?? {}).filter((cidr) => familyOf(cidr) !== undefined);
      return [node.metadata.name, cidrs.map(networkOf)] as const;
    }),
  );
}
