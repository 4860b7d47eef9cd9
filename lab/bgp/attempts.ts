import type { LabCluster, LabNodeState, LabObject } from "../parts.ts";
import type { LabLeaf, LabNode, LabOutside } from "../spec.ts";
import { runningProcesses, runningSpeakers } from "./agent-process.ts";
import { calicoSide } from "./calico-side.ts";
import { ciliumSide } from "./cilium-side.ts";
import { fabricSide, type LeafSvi } from "./fabric-side.ts";
import { ClusterReader } from "./kube-read.ts";
import { kubeRouterSide } from "./kube-router-side.ts";
import type { NeighbourSwitches } from "./neighbour-switches.ts";
import { type NodeAddress, nodeAddresses } from "./node-side.ts";
import { outsideSessions } from "./outside-router.ts";
import { type Session, sessionsOf } from "./sessions.ts";
import type { Speaker } from "./speaker.ts";

/** All that routing depends on: what was written to the fabric, the nodes and the cluster. */
export interface RoutingInput {
  /** Fabric AS. */
  readonly asn: number;
  /** The APIC's tree. */
  readonly objects: ReadonlyMap<string, LabObject>;
  readonly leaves: readonly LabLeaf[];
  /** Which ports of which leaves each node is cabled to. */
  readonly cabling: readonly LabNode[];
  readonly nodes: readonly LabNodeState[];
  readonly cluster: Pick<LabCluster, "list">;
  /** Somebody else's L3Out with a router behind it. */
  readonly outside?: LabOutside | undefined;
  /** What was switched off by hand in running programs. */
  readonly switches?: NeighbourSwitches | undefined;
}

/** The sessions that the configuration asks for, before any of them had time to do something else. */
export interface Attempts {
  readonly svis: readonly LeafSvi[];
  /** Addresses of every node that frames can leave from, by node name. */
  readonly addresses: ReadonlyMap<string, readonly NodeAddress[]>;
  /** BGP programs that run on nodes, with the peers they have. */
  readonly agents: readonly Speaker[];
  /** `Speaker.process` of every program that runs, also of those without peers. */
  readonly processes: ReadonlySet<string>;
  readonly sessions: readonly Session[];
}

/** From configuration to attempts. Pure: the same input gives the same output, whatever the order of its parts. */
export function attemptsOf(input: RoutingInput): Attempts {
  const svis = fabricSide(input.objects, input.leaves, input.asn);
  const machines = new Map(input.nodes.map((state) => [state.name, state]));
  const cabling = input.cabling.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const addresses = new Map<string, readonly NodeAddress[]>();
  for (const node of cabling) {
    const state = machines.get(node.name);
    addresses.set(node.name, state === undefined ? [] : nodeAddresses(node, state));
  }
  const cluster = new ClusterReader(input.cluster);
  const running = runningSpeakers([...calicoSide(cluster), ...kubeRouterSide(cluster), ...ciliumSide(cluster)], machines);
  const agents = input.switches?.applyTo(running) ?? running;
  return {
    svis,
    addresses,
    agents,
    processes: runningProcesses(cluster, machines),
    sessions: [...sessionsOf(agents, addresses, svis), ...outsideSessions(input.outside, svis)],
  };
}
