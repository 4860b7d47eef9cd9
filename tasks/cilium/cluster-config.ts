import type { KubeObject } from "../../runner/connect/cluster.ts";
import { MANAGED_BY } from "../calico/managed-by.ts";
import { ALL_SERVICES, type BgpSettings, familyOf, gracefulRestartFields, timerFields } from "./bgp-settings.ts";
import type { Peer, PeerGroup } from "./peer-groups.ts";

/** Name of the BGP instance on each node, of the advertisement and, with the family behind it, of the peers' settings. */
const INSTANCE = "aci";
/** The label by which a peer's settings find the advertisement. */
const ADVERTISE = { advertise: INSTANCE } as const;

/** API version of Cilium's BGP kinds from 1.16 on. */
export type ConfigApi = "v2alpha1" | "v2";

/**
 * The objects for Cilium 1.16 and later (facts: Cilium section 3.2): what is announced, the settings of the peers of each family, and
 * for each group of nodes its instance with its peers. What is referred to comes first.
 */
export function clusterConfigs(groups: readonly PeerGroup[], settings: BgpSettings, api: ConfigApi): readonly KubeObject[] {
  const families = [...new Set(groups.flatMap(({ peers }) => peers.map(({ family }) => family)))].sort();
  return [
    advertisement(settings, api),
    ...families.map((family) => peerConfig(family, settings, api)),
    ...groups.map((group) => clusterConfig(group, settings, api)),
  ];
}

/** One node's router ID, which Cilium cannot take from an address when the node has none of IPv4 (CiliumBGPNodeConfigOverride). */
export function routerIdOverride(node: string, routerID: string, api: ConfigApi): KubeObject {
  return {
    apiVersion: `cilium.io/${api}`,
    kind: "CiliumBGPNodeConfigOverride",
    metadata: { name: node, labels: MANAGED_BY },
    spec: { bgpInstances: [{ name: INSTANCE, routerID }] },
  };
}

function advertisement(settings: BgpSettings, api: ConfigApi): KubeObject {
  const services = {
    advertisementType: "Service",
    service: { addresses: settings.services },
    selector: ALL_SERVICES,
  };
  return {
    apiVersion: `cilium.io/${api}`,
    kind: "CiliumBGPAdvertisement",
    metadata: { name: INSTANCE, labels: { ...MANAGED_BY, ...ADVERTISE } },
    spec: { advertisements: [{ advertisementType: "PodCIDR" }, ...(settings.services.length === 0 ? [] : [services])] },
  };
}

/** Cilium's own timers, longer than the fabric's, so that the fabric's decide (facts: Cilium section 3.5). */
const TIMERS = { holdTimeSeconds: 90, keepAliveTimeSeconds: 30 };

/**
 * Families are always named: without them both are negotiated and nothing is announced. Timers and graceful restart too: a field that
 * is left out is nobody's, and what somebody else writes there would not be noticed.
 */
function peerConfig(family: Peer["family"], settings: BgpSettings, api: ConfigApi): KubeObject {
  return {
    apiVersion: `cilium.io/${api}`,
    kind: "CiliumBGPPeerConfig",
    metadata: { name: peerConfigName(family), labels: MANAGED_BY },
    spec: {
      ...(settings.secret === undefined ? {} : { authSecretRef: settings.secret }),
      timers: { ...TIMERS, ...timerFields(settings) },
      gracefulRestart: { enabled: false },
      ...gracefulRestartFields(settings),
      families: [{ ...familyOf(family), advertisements: { matchLabels: ADVERTISE } }],
    },
  };
}

function clusterConfig({ name, nodeSelector, peers }: PeerGroup, settings: BgpSettings, api: ConfigApi): KubeObject {
  return {
    apiVersion: `cilium.io/${api}`,
    kind: "CiliumBGPClusterConfig",
    metadata: { name, labels: MANAGED_BY },
    spec: {
      nodeSelector,
      bgpInstances: [
        {
          name: INSTANCE,
          localASN: settings.asn,
          peers: peers.map((peer) => ({
            name: peer.name,
            peerASN: settings.fabricAsn,
            peerAddress: peer.address,
            peerConfigRef: { name: peerConfigName(peer.family) },
          })),
        },
      ],
    },
  };
}

function peerConfigName(family: Peer["family"]): string {
  return `${INSTANCE}-${family}`;
}
