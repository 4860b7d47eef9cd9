import type { JsonObject } from "../../../runner/json.ts";
import { between, flag, labelSelector, listOf, mapOf, object, oneOf, record, text } from "../schema/build.ts";
import { validation } from "../schema/cel.ts";
import { atLeast, type Release } from "../version.ts";

// Cilium's BGP kinds (facts, cni.md 3.2): fields, limits, defaults and required lists of the releases that serve them.

const name: JsonObject = { type: "string", minLength: 1, maxLength: 255 };
const port = between(1, 65535);
const asNumber = between(0, 4294967295);
const localAsNumber = between(1, 4294967295);
const OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

/** A plain address: without prefix length. */
const address: JsonObject = {
  type: "string",
  pattern: `^\\s*((${OCTET}\\.){3}${OCTET}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%.+)?)\\s*$`,
};

const SAFI = [
  ...["unicast", "multicast", "mpls_label", "encapsulation", "vpls", "evpn", "ls", "sr_policy", "mup", "mpls_vpn"],
  ...["mpls_vpn_multicast", "route_target_constraints", "flowspec_unicast", "flowspec_vpn", "key_value"],
];
const WELL_KNOWN = [
  ...["internet", "planned-shut", "accept-own", "route-filter-translated-v4", "route-filter-v4", "route-filter-translated-v6"],
  ...["route-filter-v6", "llgr-stale", "no-llgr", "blackhole", "no-export", "no-advertise", "no-export-subconfed", "no-peer"],
];
const family = { afi: oneOf("ipv4", "ipv6", "l2vpn", "ls", "opaque"), safi: oneOf(...SAFI) };
const serviceAddresses = listOf(oneOf("LoadBalancerIP", "ClusterIP", "ExternalIP"));
const gracefulRestart = record({ enabled: flag, restartTimeSeconds: { ...between(1, 4095), default: 120 } }, "enabled");
const timers = {
  connectRetryTimeSeconds: { ...between(1, 2147483647), default: 120 },
  holdTimeSeconds: { ...between(3, 65535), default: 90 },
  keepAliveTimeSeconds: { ...between(1, 65535), default: 30 },
};

/** RFC 1997 communities, one number or two with a colon, and RFC 8092's of three. */
const communities = record({
  standard: listOf({ type: "string", pattern: "^\\d{1,10}$|^\\d{1,5}:\\d{1,5}$" }),
  wellKnown: listOf(oneOf(...WELL_KNOWN)),
  large: listOf({ type: "string", pattern: "^\\d{1,10}:\\d{1,10}:\\d{1,10}$" }),
});

function peerFields(version: string, release: Release): JsonObject {
  const old = version === "v2alpha1";
  const autoDiscovery = record(
    { mode: oneOf("DefaultGateway"), defaultGateway: record({ addressFamily: oneOf("ipv4", "ipv6") }, "addressFamily") },
    "mode",
  );
  const reference = old ? { group: { ...text, default: "cilium.io" }, kind: { ...text, default: "CiliumBGPPeerConfig" } } : {};
  return {
    peerAddress: address,
    peerConfigRef: record({ ...reference, name: text }, "name"),
    ...(!old && atLeast(release, 1, 18) ? { autoDiscovery } : {}),
  };
}

/** The same list in four kinds: instances with peers, each by its name. */
function instances(fields: JsonObject, peer: JsonObject, maxItems: JsonObject = { maxItems: 16 }): JsonObject {
  const peers = mapOf("name", record(peer, "name"));
  return { ...mapOf("name", record({ name, ...fields, peers }, "name")), minItems: 1, ...maxItems };
}

function advertisement(version: string, release: Release): JsonObject {
  const newer = version === "v2" && atLeast(release, 1, 19);
  const service = validation(
    "self.advertisementType != 'Service' || has(self.service)",
    "service field is required for the 'Service' advertisementType",
  );
  const selector = validation(
    "self.advertisementType != 'PodCIDR' || !has(self.selector)",
    "selector field is not allowed for the 'PodCIDR' advertisementType",
  );
  const later = [
    validation(
      "self.advertisementType == 'Service' || !has(self.service)",
      "service field is not allowed for non-'Service' advertisementType",
    ),
    validation(
      "self.advertisementType != 'Interface' || has(self.interface)",
      "interface field is required for the 'Interface' advertisementType",
    ),
    validation(
      "self.advertisementType == 'Interface' || !has(self.interface)",
      "interface field is not allowed for non-'Interface' advertisementType",
    ),
  ];
  const lengths = { aggregationLengthIPv4: between(0, 31), aggregationLengthIPv6: between(0, 127) };
  return {
    ...record(
      {
        advertisementType: oneOf("PodCIDR", "CiliumPodIPPool", "Service", ...(newer ? ["Interface"] : [])),
        service: record(
          { addresses: { ...serviceAddresses, minItems: 1 }, ...(atLeast(release, 1, 18) ? lengths : {}) },
          "addresses",
        ),
        ...(newer ? { interface: record({ name: text }, "name") } : {}),
        selector: labelSelector,
        attributes: record({ communities, localPreference: { type: "integer" } }),
      },
      "advertisementType",
    ),
    "x-kubernetes-validations": [service, selector, ...(newer ? later : [])],
  };
}

function peerConfig(version: string, release: Release): JsonObject {
  const transport = {
    peerPort: { ...port, default: 179 },
    ...(version === "v2alpha1" ? { localPort: port } : {}),
    ...(version === "v2" && atLeast(release, 1, 19) ? { sourceInterface: text } : {}),
  };
  const rule = validation(
    "self.keepAliveTimeSeconds <= self.holdTimeSeconds",
    "keepAliveTimeSeconds can not be larger than holdTimeSeconds",
  );
  return record({
    transport: record(transport),
    timers: { ...record(timers), "x-kubernetes-validations": [rule] },
    authSecretRef: text,
    gracefulRestart,
    ebgpMultihop: { ...between(1, 255), default: 1 },
    families: listOf(record({ ...family, advertisements: labelSelector }, "afi", "safi")),
  });
}

/** Fields of a policy's neighbour that 1.14 brought. */
const since114: JsonObject = {
  eBGPMultihopTTL: { ...between(1, 255), default: 1 },
  ...timers,
  gracefulRestart,
  families: listOf(record(family, "afi", "safi")),
};

const policyNeighbor = (release: Release) =>
  record(
    {
      peerAddress: text,
      peerASN: asNumber,
      peerPort: { ...port, default: 179 },
      ...(atLeast(release, 1, 15) ? { authSecretRef: text } : {}),
      ...(atLeast(release, 1, 14) ? since114 : {}),
      advertisedPathAttributes: listOf(
        record(
          {
            selectorType: oneOf("PodCIDR", "CiliumLoadBalancerIPPool", "CiliumPodIPPool"),
            selector: labelSelector,
            communities,
            localPreference: asNumber,
          },
          "selectorType",
        ),
      ),
    },
    "peerAddress",
    "peerASN",
  );

/** CiliumBGPPeeringPolicy, the only BGP kind up to 1.15 and gone with 1.19. */
export const peeringPolicy = (release: Release): JsonObject =>
  record(
    {
      nodeSelector: labelSelector,
      virtualRouters: {
        ...listOf(
          record(
            {
              localASN: asNumber,
              exportPodCIDR: { ...flag, default: false },
              podIPPoolSelector: labelSelector,
              serviceSelector: labelSelector,
              serviceAdvertisements: { ...serviceAddresses, default: ["LoadBalancerIP"] },
              neighbors: { ...listOf(policyNeighbor(release)), minItems: 1 },
            },
            "localASN",
            "neighbors",
          ),
        ),
        minItems: 1,
      },
    },
    "virtualRouters",
  );

/** Specification of a BGP kind from 1.16 on, in one API version of a release. */
function bgpSpec(kind: string, version: string, release: Release): JsonObject | undefined {
  const peer = peerFields(version, release);
  const local = { localASN: localAsNumber, localPort: port };
  if (kind === "CiliumBGPClusterConfig") {
    const list = instances(local, { name, peerASN: { ...asNumber, default: 0 }, ...peer });
    return record({ nodeSelector: labelSelector, bgpInstances: list }, "bgpInstances");
  }
  if (kind === "CiliumBGPNodeConfig") {
    const list = instances({ ...local, routerID: text }, { name: text, peerASN: asNumber, localAddress: address, ...peer });
    return record({ bgpInstances: list }, "bgpInstances");
  }
  if (kind === "CiliumBGPNodeConfigOverride") {
    const fields = { routerID: text, localPort: { type: "integer" }, localASN: localAsNumber };
    const list = instances(fields, { name, localAddress: address, localPort: { type: "integer" } }, {});
    return record({ bgpInstances: list }, "bgpInstances");
  }
  if (kind === "CiliumBGPAdvertisement")
    return record({ advertisements: listOf(advertisement(version, release)) }, "advertisements");
  return kind === "CiliumBGPPeerConfig" ? peerConfig(version, release) : undefined;
}

/** A whole BGP object; undefined when the kind is no BGP kind of 1.16 or newer. */
export function bgpSchema(kind: string, version: string, release: Release): JsonObject | undefined {
  const spec = bgpSpec(kind, version, release);
  return spec === undefined ? undefined : object(spec);
}
