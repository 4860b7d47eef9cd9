import type { LabKubeObject } from "../parts.ts";
import { advertised, isServed, selectedServices } from "./cilium-routes.ts";
import { at, type ClusterReader, listAt, secretText, textAt } from "./kube-read.ts";
import { matchesSelector } from "./label-selector.ts";
import { byAddress, FAMILIES, type Family, hostPrefix, withoutLength } from "./prefix.ts";
import type { ServiceView } from "./service.ts";
import { isAtLeast, ofFamilies, type SpeakerPeer } from "./speaker.ts";

/** A virtual router of an agent. */
export interface CiliumInstance {
  readonly name: string;
  readonly asn: number;
  /** Router ID of a CiliumBGPNodeConfigOverride; undefined: the agent finds one. */
  readonly routerId: string | undefined;
  readonly peers: readonly SpeakerPeer[];
}

/** What the instances of a node are made of. */
export interface CiliumNodeFacts {
  readonly cluster: ClusterReader;
  readonly node: LabKubeObject;
  readonly podCidrs: readonly string[];
  readonly services: readonly ServiceView[];
  readonly version: string | undefined;
  /** Where Secrets with passwords are looked for. */
  readonly secrets: string;
}

/**
 * BGP instances of a node as its agent reads them (1.16 and later): the CiliumBGPNodeConfig that the operator made of cluster configurations
 * and overrides, with CiliumBGPPeerConfig and CiliumBGPAdvertisement (facts cni.md 3.2).
 */
export function configuredInstances(facts: CiliumNodeFacts): CiliumInstance[] {
  const config = facts.cluster.find("CiliumBGPNodeConfig", facts.node.metadata.name);
  return listAt(config, "spec", "bgpInstances").map((instance) => ({
    name: textAt(instance, "name") ?? "",
    asn: Number(at(instance, "localASN") ?? 0),
    routerId: textAt(instance, "routerID"),
    peers: listAt(instance, "peers").flatMap((peer) => configuredPeer(facts, peer)),
  }));
}

/** A peer with its CiliumBGPPeerConfig; one that names a configuration which is not there is not set up. */
function configuredPeer(facts: CiliumNodeFacts, peer: unknown): SpeakerPeer[] {
  const reference = textAt(peer, "peerConfigRef", "name");
  const config = reference === undefined ? undefined : facts.cluster.find("CiliumBGPPeerConfig", reference);
  const address = textAt(peer, "peerAddress");
  if (address === undefined || (reference !== undefined && config === undefined)) return [];
  const spec = at(config, "spec");
  const families = listAt(spec, "families").filter((family) => textAt(family, "safi") === "unicast");
  const announces = families.flatMap((family) => {
    const own: Family = textAt(family, "afi") === "ipv6" ? "ipv6" : "ipv4";
    return ofFamilies(advertisedTo(facts, at(family, "advertisements")), [own]);
  });
  const local = textAt(peer, "localAddress");
  return [
    {
      address: withoutLength(address),
      port: Number(at(spec, "transport", "peerPort") ?? 179),
      remoteAs: Number(at(peer, "peerASN") ?? 0),
      password: password(facts, textAt(spec, "authSecretRef")),
      source: local === undefined ? undefined : withoutLength(local),
      families: negotiated(families),
      announces: inOrder(announces),
      filters: [],
      allowedOwnAs: 0,
      ...timers(at(spec, "timers")),
      restartTime: restartTime(spec),
      adminDown: false,
      label: textAt(peer, "name") ?? "",
    },
  ];
}

/** Families that are named; without any both are offered (facts cni.md 3.2). */
function negotiated(families: readonly unknown[]): readonly Family[] {
  const named = FAMILIES.filter((family) => families.some((item) => textAt(item, "afi") === family));
  return families.length === 0 ? FAMILIES : named;
}

function advertisedTo(facts: CiliumNodeFacts, selector: unknown): string[] {
  if (selector === undefined) return [];
  return facts.cluster
    .list("CiliumBGPAdvertisement")
    .filter(({ metadata }) => matchesSelector(selector, metadata.labels ?? {}))
    .flatMap((advertisement) => listAt(advertisement, "spec", "advertisements"))
    .flatMap((item) => advertised(item, facts.node.metadata.name, facts.podCidrs, facts.services));
}

/** A Secret that is missing means a session without password (facts cni.md 3.5). */
function password({ cluster, secrets }: CiliumNodeFacts, name: string | undefined): string | undefined {
  return name === undefined ? undefined : secretText(cluster.find("Secret", name, secrets), "password");
}

function timers(given: unknown): Pick<SpeakerPeer, "hold" | "keepalive"> {
  return { hold: Number(at(given, "holdTimeSeconds") ?? 90), keepalive: Number(at(given, "keepAliveTimeSeconds") ?? 30) };
}

/** Off unless enabled, then 120 s unless told otherwise (facts cni.md 3.2). */
function restartTime(given: unknown): number | undefined {
  if (at(given, "gracefulRestart", "enabled") !== true) return undefined;
  return Number(at(given, "gracefulRestart", "restartTimeSeconds") ?? 120);
}

/** BGP instances of a node from CiliumBGPPeeringPolicy, the only way up to 1.15; of two policies for a node neither counts. */
export function policyInstances(facts: CiliumNodeFacts): CiliumInstance[] {
  const labels = facts.node.metadata.labels ?? {};
  const [policy, ...others] = facts.cluster
    .list("CiliumBGPPeeringPolicy")
    .filter((object) => matchesSelector(at(object, "spec", "nodeSelector"), labels));
  if (policy === undefined || others.length > 0) return [];
  return listAt(policy, "spec", "virtualRouters").map((router) => {
    const services = selectedServices(facts.services, at(router, "serviceSelector")).filter(isServed);
    const here = services.filter(
      (service) => !isLocal(service, facts) || service.nodesWithReadyEndpoint.has(facts.node.metadata.name),
    );
    const told = here.flatMap((service) => service.loadBalancerIps.map(hostPrefix));
    const announces = inOrder([...(at(router, "exportPodCIDR") === true ? facts.podCidrs : []), ...told]);
    return {
      name: "",
      asn: Number(at(router, "localASN") ?? 0),
      routerId: undefined,
      peers: listAt(router, "neighbors").map((neighbour) => policyPeer(facts, neighbour, announces)),
    };
  });
}

/** externalTrafficPolicy Local counts from 1.14 on (facts cni.md 3.3). */
function isLocal(service: ServiceView, { version }: CiliumNodeFacts): boolean {
  return service.isLocalOutside && isAtLeast(version, 1, 14);
}

function policyPeer(facts: CiliumNodeFacts, neighbour: unknown, announces: readonly string[]): SpeakerPeer {
  const address = withoutLength(textAt(neighbour, "peerAddress") ?? "");
  const families = negotiated(listAt(neighbour, "families"));
  const secret = isAtLeast(facts.version, 1, 15) ? textAt(neighbour, "authSecretRef") : undefined;
  return {
    address,
    port: Number(at(neighbour, "peerPort") ?? 179),
    remoteAs: Number(at(neighbour, "peerASN") ?? 0),
    password: password(facts, secret),
    source: undefined,
    families,
    announces: ofFamilies(announces, families),
    filters: [],
    allowedOwnAs: 0,
    ...timers(neighbour),
    restartTime: restartTime(neighbour),
    adminDown: false,
    label: address,
  };
}

function inOrder(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes)].sort(byAddress);
}
