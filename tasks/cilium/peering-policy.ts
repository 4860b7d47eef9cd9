import type { KubeObject } from "../../runner/connect/cluster.ts";
import { MANAGED_BY } from "../calico/managed-by.ts";
import { isBefore, type Version } from "../cni/version.ts";
import { ALL_SERVICES, type BgpSettings, familyOf, gracefulRestartFields, timerFields } from "./bgp-settings.ts";
import type { PeerGroup } from "./peer-groups.ts";

/**
 * The CiliumBGPPeeringPolicy of a group of nodes, for Cilium up to 1.15, as the white paper prints it. The kind is cluster-scoped: the
 * namespace in the paper's example is left out. A peer's families, timers and graceful restart came with 1.14 (facts: Cilium section 3.2).
 */
export function peeringPolicy(group: PeerGroup, settings: BgpSettings, version: Version): KubeObject {
  const hasPeerFields = !isBefore(version, "1.14");
  return {
    apiVersion: "cilium.io/v2alpha1",
    kind: "CiliumBGPPeeringPolicy",
    metadata: { name: group.name, labels: MANAGED_BY },
    spec: {
      nodeSelector: group.nodeSelector,
      virtualRouters: [
        {
          localASN: settings.asn,
          exportPodCIDR: true,
          ...(settings.services.length === 0 ? {} : { serviceSelector: ALL_SERVICES }),
          neighbors: group.peers.map(({ address, family }) => ({
            peerAddress: `${address}/${family === "ipv4" ? 32 : 128}`,
            peerASN: settings.fabricAsn,
            ...(settings.secret === undefined ? {} : { authSecretRef: settings.secret }),
            ...timerFields(settings),
            ...gracefulRestartFields(settings),
            ...(hasPeerFields ? { families: [familyOf(family)] } : {}),
          })),
        },
      ],
    },
  };
}
