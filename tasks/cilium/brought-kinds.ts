import type { Version } from "../cni/version.ts";
import { bgpApiOf } from "./release-line.ts";

const POLICY = ["ciliumbgppeeringpolicies"];
const CLUSTER_CONFIG = [
  "ciliumbgpclusterconfigs",
  "ciliumbgppeerconfigs",
  "ciliumbgpadvertisements",
  "ciliumbgpnodeconfigs",
  "ciliumbgpnodeconfigoverrides",
];

/**
 * The resources that Cilium's operator registers when it starts (facts: Cilium sections 3.1, 3.2), by full name: the CRDs are not in the
 * chart, so that BGP objects can be written only after the release.
 */
export function broughtKinds(version: Version): readonly string[] {
  const bgp = bgpApiOf(version) === "policy" ? POLICY : CLUSTER_CONFIG;
  return ["ciliumnodes", "ciliumloadbalancerippools", ...bgp].map((kind) => `${kind}.cilium.io`);
}
