import { isObject } from "../../runner/json.ts";
import type { LabKubeObject } from "../parts.ts";
import { podProcess } from "./agent-process.ts";
import { durationSeconds } from "./duration.ts";
import { type ClusterReader, textAt, textsAt } from "./kube-read.ts";
import { type KubeRouterArguments, kubeRouterArguments } from "./kube-router-arguments.ts";
import { kubeRouterPeers } from "./kube-router-peers.ts";
import { byAddress, type Family, hostPrefix, isHostIn, networkOf } from "./prefix.ts";
import { type ServiceView, servicesOf } from "./service.ts";
import { imageTag, internalAddresses, isAtLeast, ofFamilies, runningPods, type Speaker } from "./speaker.ts";

/** Where the lab keeps a node's annotations as they were when the pod started: kube-router reads them only then (facts cni.md 2.3). */
const AT_START = "lab.underlay/node-annotations";
const DEFAULT_ROUTES = ["0.0.0.0/0", "::/0"];

/** The nodes where kube-router runs with BGP, with what its arguments and the node's annotations tell it (facts cni.md 2). */
export function kubeRouterSide(cluster: ClusterReader): Speaker[] {
  const services = servicesOf(cluster);
  const addresses = services.flatMap((one) => [...one.clusterIps, ...one.externalIps, ...one.loadBalancerIps]);
  const refuses = new Set([...addresses.map(hostPrefix), ...DEFAULT_ROUTES]);
  const speakers: Speaker[] = [];
  for (const [name, pod] of runningPods(cluster, "kube-router", "kube-system")) {
    const node = cluster.find("Node", name);
    const flags = kubeRouterArguments(pod);
    const speaker = node === undefined || flags === undefined ? undefined : speakerOf(node, pod, flags, services, refuses);
    if (speaker !== undefined) speakers.push(speaker);
  }
  return speakers.sort((a, b) => (a.node < b.node ? -1 : 1));
}

/** Undefined when kube-router does not get as far as BGP. */
function speakerOf(
  node: LabKubeObject,
  pod: LabKubeObject,
  flags: KubeRouterArguments,
  services: readonly ServiceView[],
  refuses: ReadonlySet<string>,
): Speaker | undefined {
  const version = imageTag(pod);
  const annotations = annotationsAtStart(pod);
  const families: Family[] = [];
  if (flags.isOn("enable-ipv4", true)) families.push("ipv4");
  if (flags.isOn("enable-ipv6", false)) families.push("ipv6");
  const addresses = ofFamilies(internalAddresses(node), families);
  const asn = Number(flags.text("cluster-asn") ?? 64512);
  const told = kubeRouterPeers(flags, annotations, version);
  // A family without an address of the node, a node without IPv4 and without --router-id, an AS number that is not private, and peers that
  // cannot be read end the BGP server (facts cni.md 2.1, 2.2, 2.3).
  const hasId = ofFamilies(addresses, ["ipv4"]).length > 0 || flags.text("router-id") !== undefined;
  const hasAddresses = hasId && families.every((family) => ofFamilies(addresses, [family]).length > 0);
  if (!flags.isOn("run-router", true) || told === undefined || !isPrivateAs(asn) || !hasAddresses) return undefined;
  const originates = ofFamilies(originatedPrefixes(node, flags, annotations, services, version), families);
  return {
    program: "kube-router",
    version,
    node: node.metadata.name,
    process: podProcess(pod),
    instance: "",
    addresses,
    asn,
    peers: told.map((peer) => ({
      address: peer.address,
      port: peer.port,
      remoteAs: peer.asn,
      password: peer.password,
      source: peer.source,
      families,
      announces: originates,
      filters: [],
      allowedOwnAs: 0,
      hold: durationSeconds(flags.text("bgp-holdtime")) ?? 90,
      keepalive: undefined,
      restartTime: flags.isOn("bgp-graceful-restart", false)
        ? (durationSeconds(flags.text("bgp-graceful-restart-time")) ?? 90)
        : undefined,
      adminDown: false,
      label: peer.address,
    })),
    originates,
    imports: true,
    refuses,
    reexports: undefined,
  };
}

function isPrivateAs(asn: number): boolean {
  return (asn >= 64512 && asn <= 65535) || (asn >= 4200000000 && asn <= 4294967294);
}

function annotationsAtStart(pod: LabKubeObject): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(pod.metadata.annotations?.[AT_START] ?? "{}");
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** The node's pod CIDRs and the service addresses it may tell (facts cni.md 2.4). */
function originatedPrefixes(
  node: LabKubeObject,
  flags: KubeRouterArguments,
  annotations: Readonly<Record<string, unknown>>,
  services: readonly ServiceView[],
  version: string | undefined,
): string[] {
  const pods = flags.isOn("advertise-pod-cidr", true) ? podCidrs(node, annotations) : [];
  const vips = services.flatMap((service) => serviceAddresses(service, node.metadata.name, flags, version));
  return [...new Set([...pods.map(networkOf), ...vips.map(hostPrefix)])].sort(byAddress);
}

/** A node's pod CIDRs: those annotated by hand before those of the controller manager. */
export function podCidrs(node: LabKubeObject, annotations: Readonly<Record<string, unknown>>): string[] {
  const given = annotations["kube-router.io/pod-cidrs"] ?? annotations["kube-router.io/pod-cidr"];
  if (typeof given === "string" && given !== "") return given.split(",").map((cidr) => cidr.trim());
  const cidrs = textsAt(node, "spec", "podCIDRs");
  return cidrs.length > 0 ? cidrs : [textAt(node, "spec", "podCIDR") ?? ""];
}

function serviceAddresses(
  service: ServiceView,
  node: string,
  flags: KubeRouterArguments,
  version: string | undefined,
): readonly string[] {
  const annotations = service.object.metadata.annotations ?? {};
  const tells = (kind: string, flag: string) => {
    const own = annotations[`kube-router.io/service.advertise.${kind}`];
    return own === undefined ? flags.isOn(flag, false) : own === "true";
  };
  const onlyLocal = annotations["kube-router.io/service.local"] === "true";
  const isHere = (isLocal: boolean) => !(isLocal || onlyLocal) || service.nodesWithEndpoint.has(node);
  // 2.8: addresses outside the ranges go neither into IPVS nor into BGP (facts cni.md 2.2).
  const strict = isAtLeast(version, 2, 8) && flags.isOn("strict-external-ip-validation", true);
  const inRange = (flag: string) => (address: string) => !strict || flags.list(flag).some((range) => isHostIn(address, range));
  const told: string[] = [];
  if (tells("clusterip", "advertise-cluster-ip") && isHere(service.isLocalInside)) told.push(...service.clusterIps);
  if (!isHere(service.isLocalOutside)) return told;
  if (tells("externalip", "advertise-external-ip"))
    told.push(...service.externalIps.filter(inRange("service-external-ip-range")));
  if (tells("loadbalancerip", "advertise-loadbalancer-ip"))
    told.push(...service.loadBalancerIps.filter(inRange("loadbalancer-ip-range")));
  return told;
}
