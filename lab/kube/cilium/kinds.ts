import type { ResourceType } from "../objects/resource-type.ts";
import { schemaOf } from "./schemas.ts";

/** API group of all of Cilium's kinds. */
export const GROUP = "cilium.io";

/** Cilium's kinds that the lab serves: plural and short names. */
export const CILIUM_KINDS = {
  CiliumNode: { plural: "ciliumnodes", shortNames: ["cn", "ciliumn"], status: true },
  CiliumLoadBalancerIPPool: {
    plural: "ciliumloadbalancerippools",
    shortNames: ["ippools", "ippool", "lbippool", "lbippools"],
    status: true,
  },
  CiliumBGPPeeringPolicy: { plural: "ciliumbgppeeringpolicies", shortNames: ["bgpp"], status: false },
  CiliumBGPClusterConfig: { plural: "ciliumbgpclusterconfigs", shortNames: ["cbgpcluster"], status: true },
  CiliumBGPPeerConfig: { plural: "ciliumbgppeerconfigs", shortNames: ["cbgppeer"], status: true },
  CiliumBGPAdvertisement: { plural: "ciliumbgpadvertisements", shortNames: ["cbgpadvert"], status: false },
  CiliumBGPNodeConfig: { plural: "ciliumbgpnodeconfigs", shortNames: ["cbgpnode"], status: true },
  CiliumBGPNodeConfigOverride: { plural: "ciliumbgpnodeconfigoverrides", shortNames: ["cbgpnodeoverride"], status: false },
} as const;

/** A kind of Cilium's. */
export type CiliumKind = keyof typeof CILIUM_KINDS;

/** Schemas of the newest release serve for what the lab itself writes. */
const NEWEST = { major: 1, minor: 20 };

function resourceOf(kind: CiliumKind): ResourceType {
  const { plural, shortNames, status } = CILIUM_KINDS[kind];
  return {
    group: GROUP,
    version: "v2",
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced: false,
    shortNames,
    subresources: status ? ["status"] : [],
    storage: `${GROUP}/${plural}`,
    schema: schemaOf(kind, "v2", NEWEST),
    rules: undefined,
  };
}

const RESOURCES: Readonly<Record<CiliumKind, ResourceType>> = {
  CiliumNode: resourceOf("CiliumNode"),
  CiliumLoadBalancerIPPool: resourceOf("CiliumLoadBalancerIPPool"),
  CiliumBGPPeeringPolicy: resourceOf("CiliumBGPPeeringPolicy"),
  CiliumBGPClusterConfig: resourceOf("CiliumBGPClusterConfig"),
  CiliumBGPPeerConfig: resourceOf("CiliumBGPPeerConfig"),
  CiliumBGPAdvertisement: resourceOf("CiliumBGPAdvertisement"),
  CiliumBGPNodeConfig: resourceOf("CiliumBGPNodeConfig"),
  CiliumBGPNodeConfigOverride: resourceOf("CiliumBGPNodeConfigOverride"),
};

/** A kind as the operator and the agents write it: v2, whatever version clients see. */
export function ciliumKind(kind: CiliumKind): ResourceType {
  return RESOURCES[kind];
}
