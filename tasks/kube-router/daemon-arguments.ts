import { isBefore, type Version } from "../cni/version.ts";
import { DUAL_STACK } from "./release.ts";

/** What decides the daemon's arguments. */
export interface DaemonSettings {
  readonly asn: number;
  readonly families: readonly {
    readonly family: "ipv4" | "ipv6";
    readonly service_subnet: string;
    readonly external_service_subnet?: string;
    readonly load_balancer_subnet?: string;
  }[];
  readonly serviceProxy: boolean;
  readonly advertiseClusterIps: boolean;
  readonly allocateLoadBalancers: boolean;
  readonly overrideNextHop: boolean;
  readonly gracefulRestart: boolean;
  /** Seconds. */
  readonly holdTime: number | undefined;
}

/** Where the container finds the kubeconfig. */
export const KUBECONFIG = "/var/lib/kube-router/kubeconfig";

/**
 * The white paper's arguments (section on kube-router) and what later releases need besides (facts 2.2). Always `--flag=value`: a bare
 * flag means true, and `--flag false` too.
 *
 * The ranges are needed because since 2.8 (`--strict-external-ip-validation`) a service address outside of them is neither load balanced
 * nor announced. `--nodes-full-mesh` stays true though there is no iBGP: false asks for an AS annotation on every node.
 */
export function daemonArguments(settings: DaemonSettings, version: Version): readonly string[] {
  const { families } = settings;
  const ranges = (key: "service_subnet" | "external_service_subnet" | "load_balancer_subnet") =>
    families.flatMap((family) => family[key] ?? []).join(",");
  const external = ranges("external_service_subnet");
  return [
    "--run-router=true",
    "--run-firewall=true",
    `--run-service-proxy=${settings.serviceProxy}`,
    `--kubeconfig=${KUBECONFIG}`,
    `--cluster-asn=${settings.asn}`,
    "--nodes-full-mesh=true",
    "--enable-ibgp=false",
    "--enable-overlay=false",
    "--enable-pod-egress=false",
    `--override-nexthop=${settings.overrideNextHop}`,
    "--advertise-pod-cidr=true",
    `--advertise-cluster-ip=${settings.advertiseClusterIps}`,
    "--advertise-external-ip=true",
    "--advertise-loadbalancer-ip=true",
    `--service-cluster-ip-range=${ranges("service_subnet")}`,
    ...(external === "" ? [] : [`--service-external-ip-range=${external}`]),
    `--bgp-graceful-restart=${settings.gracefulRestart}`,
    ...(settings.holdTime === undefined ? [] : [`--bgp-holdtime=${settings.holdTime}s`]),
    ...(isBefore(version, DUAL_STACK) ? [] : sinceTwo(settings, ranges("load_balancer_subnet"))),
  ];
}

/** Flags that came with 2.0; an older kube-router does not start with them. */
function sinceTwo({ families, allocateLoadBalancers }: DaemonSettings, loadBalancers: string): readonly string[] {
  const has = (wanted: "ipv4" | "ipv6") => families.some(({ family }) => family === wanted);
  return [
    `--enable-ipv4=${has("ipv4")}`,
    `--enable-ipv6=${has("ipv6")}`,
    // A router ID is 32 bits; without an IPv4 address kube-router has none to take and wants to be told (its user guide).
    ...(has("ipv4") ? [] : ["--router-id=generate"]),
    ...(loadBalancers === "" ? [] : [`--loadbalancer-ip-range=${loadBalancers}`, `--run-loadbalancer=${allocateLoadBalancers}`]),
  ];
}
