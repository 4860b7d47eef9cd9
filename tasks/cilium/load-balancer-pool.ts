import { Type } from "#typebox";
import type { ClusterResource, KubeObject } from "../../runner/connect/cluster.ts";
import { declareTask } from "../../runner/task-type.ts";
import { MANAGED_BY } from "../calico/managed-by.ts";
import { isBefore, type Version } from "../cni/version.ts";
import { State } from "../k8s/state.ts";
import { CiliumVersion, checkedVersion, refuseVersion } from "./release-line.ts";

/** Addresses that Cilium gives to services of type LoadBalancer (white paper, section *Cilium routing and BGP configuration*). */
export const ciliumLoadBalancerPool = declareTask({
  name: "cilium.load_balancer_pool",
  summary: "Addresses for services of type LoadBalancer",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      version: CiliumVersion,
      name: Type.String({
        pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        maxLength: 63,
        description: "Name of the CiliumLoadBalancerIPPool",
      }),
      prefixes: Type.Array(Type.String({ format: "network" }), {
        uniqueItems: true,
        description: "One or more prefixes, of either family; empty: no pool",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "CiliumLoadBalancerIPPool: `spec.cidrs` up to 1.14, `spec.blocks` from 1.15; at API version v2 from 1.18.",
    "Without prefixes nothing is wanted: a pool of this name that this task made is deleted, others are left alone.",
    "Up to 1.15 Cilium keeps the first and the last address of each prefix back.",
  ],
  example: `- name: Addresses for services of type LoadBalancer
  cilium.load_balancer_pool:
    version: 1.19.6
    name: lb-pool
    prefixes: [192.168.21.0/24]`,
  refuse: ({ version }) => refuseVersion(version),
  desired: ({ args: { version: text, name, prefixes, state } }) => {
    const version = checkedVersion(text);
    const apiVersion = isBefore(version, "1.18") ? "cilium.io/v2alpha1" : "cilium.io/v2";
    const labels = { ...MANAGED_BY, "app.kubernetes.io/instance": name };
    const object: KubeObject = {
      apiVersion,
      kind: "CiliumLoadBalancerIPPool",
      metadata: { name, labels },
      spec: rangesOf(prefixes, version),
    };
    const pool: ClusterResource = { kind: "manifest", state, object, force: true };
    const exclusive: ClusterResource = { kind: "exclusive", apiVersion, objectKind: object.kind, labels };
    return [...(prefixes.length === 0 ? [] : [pool]), exclusive];
  },
});

function rangesOf(prefixes: readonly string[], version: Version) {
  const ranges = prefixes.map((cidr) => ({ cidr }));
  return isBefore(version, "1.15") ? { cidrs: ranges } : { blocks: ranges };
}
