import type { LabCluster, LabNodeState, LabObject, LabRoute, LabRouting } from "../parts.ts";
import type { LabLeaf, LabNode, LabOutside } from "../spec.ts";
import { calicoSide } from "./calico-side.ts";
import { ciliumSide } from "./cilium-side.ts";
import { exportRoutes, type NodeRoute, senderOf } from "./export-routes.ts";
import { fabricSide } from "./fabric-side.ts";
import { gatewaysOf, type NodeGateways } from "./gateways.ts";
import { type Import, importRoutes, type Rejected } from "./import-routes.ts";
import { ClusterReader } from "./kube-read.ts";
import { kubeRouterSide } from "./kube-router-side.ts";
import type { LeafDomain } from "./leaf-domain.ts";
import { type BestRoute, leafRoutes } from "./leaf-routes.ts";
import { type LeafVrf, leafVrfs } from "./leaf-vrfs.ts";
import { type NodeAddress, nodeAddresses } from "./node-side.ts";
import { outsideSessions } from "./outside-router.ts";
import { reexportedRoutes } from "./reexports.ts";
import { publicSession, type Session, sessionsOf } from "./sessions.ts";
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
}

/** Counters of a session at both ends. */
export interface SessionCount {
  readonly leafId: number;
  readonly node: string;
  readonly vrf: string;
  /** The leaf's peer that the session belongs to, as configured: `192.168.2.0/24`; undefined when it has none. */
  readonly peer: string | undefined;
  /** Whether the leaf signs the session (TCP MD5). */
  readonly password: boolean;
  /** Prefixes that came from the node, before and after the leaf's import policy. */
  readonly received: number;
  readonly accepted: number;
  /** Prefixes that the leaf sent, and how many of them the node took. */
  readonly sent: number;
  readonly acceptedByNode: number;
  readonly overLimit: boolean;
  readonly domain: LeafDomain | undefined;
  /** Seconds; the lower one of what both ends offer. */
  readonly hold: number;
}

/** Everything the model finds out, beyond what other parts need. */
export interface Routing extends LabRouting {
  /** With the VRF whose table holds it, `T:V`. */
  readonly routes: readonly (LabRoute & { readonly tableVrf: string })[];
  /** In the order of `sessions`. */
  readonly counts: readonly SessionCount[];
  readonly vrfs: readonly LeafVrf[];
  /** BGP programs that run on nodes, with the peers they have. */
  readonly agents: readonly Speaker[];
  readonly nodeRoutes: readonly NodeRoute[];
  readonly rejected: readonly Rejected[];
  readonly gateways: readonly NodeGateways[];
  /** Nodes whose default gateway does not answer them, and why. */
  readonly unreachable: readonly { readonly node: string; readonly reason: string }[];
  /** The sessions with both ends, and the leaves' tables, for the programs in the pods. */
  readonly links: readonly Session[];
  readonly tables: readonly BestRoute[];
}

/** From configuration to sessions and routes. Pure: the same input gives the same output, whatever the order of its parts. */
export function computeRouting(input: RoutingInput): Routing {
  const svis = fabricSide(input.objects, input.leaves, input.asn);
  const states = new Map(input.nodes.map((state) => [state.name, state]));
  const cabling = [...input.cabling].sort((a, b) => (a.name < b.name ? -1 : 1));
  const addresses = new Map<string, readonly NodeAddress[]>();
  for (const node of cabling) {
    const state = states.get(node.name);
    addresses.set(node.name, state === undefined ? [] : nodeAddresses(node, state));
  }
  const cluster = new ClusterReader(input.cluster);
  const agents = [...calicoSide(cluster), ...kubeRouterSide(cluster), ...ciliumSide(cluster)];
  const attempts = [...sessionsOf(agents, addresses, svis), ...outsideSessions(input.outside, svis)];
  const imports = attempts.map(importRoutes);
  const links = attempts.map((session, index) => {
    const closed = imports[index]?.closed;
    return closed === undefined ? session : shut(session, closed);
  });
  const tables = leafRoutes(
    svis,
    imports.flatMap(({ paths }) => paths),
    input.asn,
    (leafId) => tepOf(input, leafId),
  );
  const exports = exportRoutes(links, senderOf(tables));
  const gateways = cabling.map((node) => gatewaysOf(node.name, states.get(node.name), addresses.get(node.name) ?? [], svis));
  return {
    sessions: links.map(publicSession),
    routes: tables.map(({ leafId, prefix, nextHops, vrf }) => ({ leafId, prefix, nextHops, tableVrf: vrf })),
    counts: links.map((session, index) => countOf(session, imports[index], exports.counts[index])),
    vrfs: leafVrfs(svis, [...addresses.values()].flat()),
    agents,
    nodeRoutes: exports.routes,
    rejected: [...imports.flatMap(({ rejected }) => rejected), ...exports.rejected, ...reexportedRoutes(links, exports.routes)],
    gateways,
    unreachable: gateways.flatMap(({ node, problems }) => problems.map((reason) => ({ node, reason }))),
    links,
    tables,
  };
}

function countOf(
  session: Session,
  fromNode: Import | undefined,
  toNode: { readonly sent: number; readonly accepted: number } | undefined,
): SessionCount {
  const { leafId, node, svi, leafPeer, nodePeer } = session;
  return {
    leafId,
    node,
    vrf: svi?.vrf ?? "",
    peer: leafPeer?.address,
    password: leafPeer?.password !== undefined,
    received: fromNode?.received ?? 0,
    accepted: fromNode?.paths.length ?? 0,
    sent: toNode?.sent ?? 0,
    acceptedByNode: toNode?.accepted ?? 0,
    overLimit: fromNode?.overLimit ?? false,
    domain: svi?.domain,
    hold: Math.min(svi?.domain.hold ?? 180, nodePeer?.hold ?? 180),
  };
}

/** A session that the prefix limit ended: Cease at the node, `shutStQual` at the leaf (aci-objects 3.10). */
function shut(session: Session, reason: string): Session {
  return { ...session, established: false, leafState: "idle", nodeState: "Idle", reason };
}

/** The leaf's tunnel endpoint, from its topSystem. */
function tepOf(input: RoutingInput, leafId: number): string {
  const pod = input.leaves.find((leaf) => leaf.id === leafId)?.pod ?? 1;
  const address = input.objects.get(`topology/pod-${pod}/node-${leafId}/sys`)?.attributes.address ?? "";
  return address === "" || address === "0.0.0.0" ? `10.0.${Math.floor(leafId / 250)}.${(leafId % 250) + 1}` : address;
}
