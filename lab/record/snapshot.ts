import { at, ClusterReader, listAt, textAt } from "../bgp/kube-read.ts";
import { byAddress, contains, prefixSet } from "../bgp/prefix.ts";
import type { Routing } from "../bgp/routing.ts";
import type { LabCluster, LabKubeObject, LabNodeState } from "../parts.ts";
import type { LabSpec } from "../spec.ts";
import { podPrefixes } from "./pod-prefixes.ts";
import { type GrowingState, nothing, take } from "./state.ts";

/** What a lab is made of at a moment. */
export interface Moment {
  readonly routing: Routing;
  readonly machines: readonly LabNodeState[];
  readonly cluster: Pick<LabCluster, "list">;
}

/** The part of a moment that the record is about. */
export function snapshotOf({ routing, machines, cluster }: Moment, spec: Pick<LabSpec, "cluster" | "cni">): GrowingState {
  const state = nothing();
  const reader = new ClusterReader(cluster);
  recordNodes(state, routing, machines, reader, podPrefixes(reader, spec.cni.name));
  const names = new Set(machines.map(({ name }) => name));
  for (const { leafId: leaf, leafAddress, node, nodeAddress, leafState } of routing.sessions) {
    if (leafState !== "established" || !names.has(node)) continue;
    take(state, { what: "session", leaf, node, leafAddress, nodeAddress, state: "up" });
  }
  const pools = spec.cluster.podSubnets.flatMap((subnet) => prefixSet(subnet, true) ?? []);
  for (const { leafId: leaf, vrf, prefix, nextHop, node, stale } of routing.paths) {
    if (!names.has(node)) continue;
    const pods = pools.some((pool) => contains(pool, prefix));
    take(state, { what: "route", leaf, vrf, prefix, nextHop, node, pods, state: stale ? "stale" : "held" });
  }
  for (const pod of reader.list("Pod")) recordPod(state, pod);
  return state;
}

function recordNodes(
  state: GrowingState,
  routing: Routing,
  machines: readonly LabNodeState[],
  reader: ClusterReader,
  prefixes: ReadonlyMap<string, readonly string[]>,
): void {
  const seen = new Map<string, Set<string>>();
  for (const { node, address } of routing.vrfs.flatMap(({ neighbours }) => neighbours)) {
    const known = seen.get(node);
    if (known === undefined) seen.set(node, new Set([address]));
    else known.add(address);
  }
  const agents = new Set(routing.agents.map(({ node }) => node));
  for (const { name, poweredOn, containers } of machines) {
    const object = reader.find("Node", name);
    const conditions = listAt(object, "status", "conditions");
    take(state, {
      what: "node",
      node: name,
      poweredOn,
      containers,
      addresses: [...(seen.get(name) ?? [])].sort(byAddress),
      inCluster: object !== undefined,
      ready: conditions.some((one) => textAt(one, "type") === "Ready" && textAt(one, "status") === "True"),
      cordoned: at(object, "spec", "unschedulable") === true,
      withdrawn: object?.metadata.labels?.["underlay/withdrawn"] !== undefined,
      agent: agents.has(name),
      podPrefixes: [...(prefixes.get(name) ?? [])].sort(byAddress),
    });
  }
}

function recordPod(state: GrowingState, pod: LabKubeObject): void {
  const { name, namespace = "default", labels } = pod.metadata;
  const node = textAt(pod, "spec", "nodeName");
  const hasEnded = ["Succeeded", "Failed"].includes(textAt(pod, "status", "phase") ?? "");
  if (node === undefined || at(pod, "spec", "hostNetwork") === true || hasEnded) return;
  const app = labels?.app ?? labels?.["app.kubernetes.io/name"] ?? labels?.["k8s-app"];
  take(state, { what: "pod", namespace, name, node, ...(app === undefined ? {} : { app }), state: "placed" });
}
