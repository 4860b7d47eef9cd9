import type { KubeObject } from "../../runner/connect/cluster.ts";

/** How a Node of a test differs from a Ready worker without addresses. */
export interface MemberParts {
  readonly addresses?: readonly string[];
  readonly podCIDRs?: readonly string[];
  readonly controlPlane?: boolean;
  readonly ready?: boolean;
  readonly cordoned?: boolean;
  /** Effects of its taints. */
  readonly taints?: readonly string[];
}

/** A Node that is in the cluster. */
export function member(name: string, parts: MemberParts = {}): KubeObject {
  const { addresses = [], podCIDRs = [], controlPlane = false, ready = true, cordoned = false, taints = [] } = parts;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: controlPlane ? { "node-role.kubernetes.io/control-plane": "" } : {} },
    spec: {
      podCIDRs,
      ...(cordoned ? { unschedulable: true } : {}),
      taints: taints.map((effect) => ({ key: "example.org/kept", effect })),
    },
    status: {
      addresses: addresses.map((address) => ({ type: "InternalIP", address })),
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    },
  };
}
