import { isBefore, type Version } from "../cni/version.ts";

/** A chart value that changed its name or went, with the releases where the old name does nothing. */
interface Renamed {
  /** Path of the old key; a map stands for all in it. */
  readonly key: string;
  /** First release that ignores it. undefined: no release ever knew it. */
  readonly since?: string;
  /** First release that knows it again (never, unless it is a new key). */
  readonly until?: string;
  /** What does its work now. */
  readonly now: string;
}

/** Facts: Cilium section 3.1, and the slips of the white paper's example (section 7). */
const RENAMED: readonly Renamed[] = [
  { key: "bgp", since: "1.17", now: "bgpControlPlane, which this task sets" },
  { key: "enable-endpoint-routes", now: "endpointRoutes.enabled, which this task sets" },
  { key: "ui", now: "hubble.ui (argument `hubble`)" },
  { key: "tls.enabled", now: "hubble.tls.enabled" },
  { key: "ipam.operator.clusterPoolIPv4PodCIDR", since: "1.14", now: "ipam.operator.clusterPoolIPv4PodCIDRList" },
  { key: "ipam.operator.clusterPoolIPv6PodCIDR", since: "1.14", now: "ipam.operator.clusterPoolIPv6PodCIDRList" },
  { key: "externalIPs", since: "1.17", now: "kubeProxyReplacement: true, which includes it" },
  { key: "hostPort", since: "1.18", now: "kubeProxyReplacement: true, which includes it" },
  { key: "nodePort.enabled", since: "1.19", now: "kubeProxyReplacement: true, which includes it" },
  { key: "routingMode", until: "1.14", now: "tunnel: disabled, which this task sets" },
];

/** What does the work of a key that the chart of this release ignores; undefined when it is not one of those. */
export function replacementOf(key: string, version: Version): string | undefined {
  return RENAMED.find(
    ({ key: old, since, until }) =>
      (key === old || key.startsWith(`${old}.`)) &&
      (since === undefined || !isBefore(version, since)) &&
      (until === undefined || isBefore(version, until)),
  )?.now;
}
