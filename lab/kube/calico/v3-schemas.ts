import type { JsonObject } from "../../../runner/json.ts";
import { between, flag, listOf, number, object, oneOf, open, record, text } from "../schema/build.ts";

// Fields of projectcalico.org/v3 as of Calico 3.31 (facts, cni.md 1.3), which the aggregated API server decodes into fixed types.

/** AS numbers have four bytes (RFC 6793). */
const asNumber = between(0, 4294967295);

const secretKeyRef: JsonObject = {
  ...record({ name: text, key: text, optional: flag }, "key"),
  "x-kubernetes-map-type": "atomic",
};
const password = record({ secretKeyRef });
const blocks = listOf(record({ cidr: text }, "cidr"));
const mode = oneOf("Never", "Always", "CrossSubnet");

const filterRules = listOf(
  record(
    {
      action: oneOf("Accept", "Reject"),
      cidr: text,
      matchOperator: oneOf("Equal", "NotEqual", "In", "NotIn"),
      source: oneOf("RemotePeers"),
      interface: text,
      prefixLength: record({ min: between(0, 128), max: between(0, 128) }),
    },
    "action",
  ),
);

/** Schemas by kind. */
export const v3Schemas: Readonly<Record<string, JsonObject>> = {
  BGPConfiguration: object(
    record({
      asNumber,
      bindMode: oneOf("None", "NodeIP"),
      communities: listOf(record({ name: text, value: { type: "string", pattern: "^\\d+:\\d+(:\\d+)?$" } })),
      ignoredInterfaces: { ...listOf(text), "x-kubernetes-list-type": "set" },
      listenPort: between(1, 65535),
      localWorkloadPeeringIPV4: text,
      localWorkloadPeeringIPV6: text,
      logSeverityScreen: oneOf("Trace", "Debug", "Info", "Warning", "Error", "Fatal"),
      nodeMeshMaxRestartTime: text,
      nodeMeshPassword: password,
      nodeToNodeMeshEnabled: flag,
      prefixAdvertisements: listOf(record({ cidr: text, communities: listOf(text) })),
      serviceClusterIPs: blocks,
      serviceExternalIPs: blocks,
      serviceLoadBalancerIPs: blocks,
      serviceLoadBalancerAggregation: oneOf("Enabled", "Disabled"),
    }),
  ),
  BGPPeer: object(
    record({
      asNumber,
      filters: listOf(text),
      keepOriginalNextHop: flag,
      localASNumber: asNumber,
      localWorkloadSelector: text,
      maxRestartTime: text,
      nextHopMode: oneOf("Auto", "Self", "Keep"),
      node: text,
      nodeSelector: text,
      numAllowedLocalASNumbers: between(0, 2147483647),
      password,
      peerIP: text,
      peerSelector: text,
      reachableBy: text,
      reversePeering: oneOf("Auto", "Manual"),
      sourceAddress: oneOf("UseNodeIP", "None"),
      ttlSecurity: between(0, 255),
    }),
  ),
  BGPFilter: object(record({ importV4: filterRules, exportV4: filterRules, importV6: filterRules, exportV6: filterRules })),
  IPPool: object(
    record(
      {
        allowedUses: { ...listOf(oneOf("Workload", "Tunnel", "LoadBalancer")), "x-kubernetes-list-type": "set" },
        assignmentMode: oneOf("Automatic", "Manual"),
        blockSize: between(0, 128),
        cidr: text,
        disableBGPExport: flag,
        disabled: flag,
        ipipMode: mode,
        namespaceSelector: text,
        natOutgoing: flag,
        nodeSelector: text,
        vxlanMode: mode,
      },
      "cidr",
    ),
  ),
  CalicoNodeStatus: object(
    record(
      { node: text, classes: listOf(oneOf("Agent", "BGP", "Routes")), updatePeriodSeconds: between(0, 86400) },
      ...["node", "classes", "updatePeriodSeconds"],
    ),
  ),
  BlockAffinity: object(record({ state: text, node: text, cidr: text, deleted: flag, type: text }, "node", "cidr", "state")),
  ClusterInformation: object(
    record({ clusterGUID: text, clusterType: text, calicoVersion: text, datastoreReady: flag, variant: text }),
  ),
  FelixConfiguration: object({ ...open, properties: { bpfEnabled: flag, wireguardEnabled: flag, healthPort: number } }),
};
