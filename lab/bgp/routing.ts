import type { LabCluster, LabNodeState, LabObject, LabRoute, LabRouting } from "../parts.ts";
import type { LabLeaf, LabNode } from "../spec.ts";
import { type CalicoSpeaker, calicoSide } from "./calico-side.ts";
import { exportRoutes, type NodeRoute } from "./export-routes.ts";
import { fabricSide, type LeafDomain, type LeafSvi } from "./fabric-side.ts";
import { importRoutes, type Rejected } from "./import-routes.ts";
import { leafRoutes } from "./leaf-routes.ts";
import { defaultGateway, type NodeAddress, nodeAddresses, separation } from "./node-side.ts";
import { withoutLength } from "./prefix.ts";
import { publicSession, type Session, sessionsOf } from "./sessions.ts";

/** All that routing depends on: what was written to the fabric, the nodes and the cluster. */
export interface RoutingInput {
  /** Fabric AS. */
  readonly asn: number;
  /** The APIC's tree. */
  readonly objects: ReadonlyMap<string, LabObject>;
  readonly leaves: readonly LabLeaf[];
  /** Which rack each node is cabled to. */
  readonly cabling: readonly LabNode[];
  readonly nodes: readonly LabNodeState[];
  readonly cluster: Pick<LabCluster, "list">;
}

/** Counters of a session as its leaf shows them (bgpPeerAfEntry). */
export interface SessionCount {
  readonly leafId: number;
  readonly node: string;
  readonly vrf: string;
  /** The leaf's peer that the session belongs to, as configured: `192.168.2.0/24`; undefined when it has none. */
  readonly peer: string | undefined;
  /** Whether the leaf signs the session (TCP MD5). */
  readonly password: boolean;
  readonly received: number;
  readonly accepted: number;
  readonly sent: number;
  readonly overLimit: boolean;
}

/** A VRF on a leaf, with what is on it. */
export interface LeafVrf {
  readonly leafId: number;
  readonly pod: number;
  readonly vrf: string;
  readonly domain: LeafDomain;
  /** Nodes whose ARP the leaf has. */
  readonly neighbours: readonly { readonly node: string; readonly address: string; readonly vlan: number }[];
}

/** Everything the model finds out, beyond what other parts need. */
export interface Routing extends LabRouting {
  /** With the VRF whose table holds it, `T:V`. */
  readonly routes: readonly (LabRoute & { readonly tableVrf: string })[];
  readonly counts: readonly SessionCount[];
  readonly vrfs: readonly LeafVrf[];
  /** Nodes where calico-node runs, with the peers it has. */
  readonly agents: readonly CalicoSpeaker[];
  readonly nodeRoutes: readonly NodeRoute[];
  readonly rejected: readonly Rejected[];
  /** Nodes whose default gateway does not answer them, and why. */
  readonly unreachable: readonly { readonly node: string; readonly reason: string }[];
}

/** From configuration to sessions and routes. Pure: the same input gives the same output, whatever the order of its parts. */
export function computeRouting(input: RoutingInput): Routing {
  const svis = fabricSide(input.objects, input.leaves, input.asn);
  const racks = new Set(input.leaves.map((leaf) => leaf.rack));
  const states = new Map(input.nodes.map((state) => [state.name, state]));
  const cabling = [...input.cabling].sort((a, b) => (a.name < b.name ? -1 : 1));
  const addresses = new Map<string, readonly NodeAddress[]>();
  for (const node of cabling) {
    const state = states.get(node.name);
    addresses.set(node.name, state === undefined ? [] : nodeAddresses(node, state));
  }
  const agents = calicoSide(input.cluster);
  const attempts = sessionsOf(agents, addresses, svis, racks);
  const imports = attempts.map((session) => ({ session, ...importRoutes(session) }));
  const sessions = imports.map(({ session, closed }) => (closed === undefined ? session : shut(session, closed)));
  const paths = imports.flatMap((one) => one.paths);
  const tables = leafRoutes(svis, paths, input.asn, (leafId) => tepOf(input, leafId));
  const exports = exportRoutes(sessions, tables);
  return {
    sessions: sessions.map(publicSession),
    routes: tables.map(({ leafId, prefix, nextHops, vrf }) => ({ leafId, prefix, nextHops, tableVrf: vrf })),
    counts: imports.map(({ session, received, paths: accepted, overLimit }) => ({
      leafId: session.leafId,
      node: session.node,
      vrf: session.svi?.vrf ?? "",
      peer: session.leafPeer?.address,
      password: session.leafPeer?.password !== undefined,
      received,
      accepted: accepted.length,
      sent: exports.sent.get(`${session.leafId} ${session.node}`) ?? 0,
      overLimit,
    })),
    vrfs: leafVrfs(svis, [...addresses.values()].flat(), racks),
    agents,
    nodeRoutes: exports.routes,
    rejected: [...imports.flatMap((one) => one.rejected), ...exports.rejected],
    unreachable: cabling.flatMap((node) => {
      const reason = gatewayProblem(states.get(node.name), addresses.get(node.name) ?? [], svis, racks);
      return reason === undefined ? [] : [{ node: node.name, reason }];
    }),
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

function leafVrfs(
  svis: readonly LeafSvi[],
  addresses: readonly NodeAddress[],
  racks: ReadonlySet<string | undefined>,
): LeafVrf[] {
  return svis.map((svi) => ({
    leafId: svi.leaf.id,
    pod: svi.leaf.pod,
    vrf: svi.vrf,
    domain: svi.domain,
    neighbours: addresses
      .filter((address) => address.rack === svi.leaf.rack && separation(address, svi, racks) === undefined)
      .map(({ node, address }) => ({ node, address: withoutLength(address), vlan: svi.vlan })),
  }));
}

/** Only a primary or secondary address of an SVI on the node's own segment answers ARP (paper step 6). */
function gatewayProblem(
  state: LabNodeState | undefined,
  addresses: readonly NodeAddress[],
  svis: readonly LeafSvi[],
  racks: ReadonlySet<string | undefined>,
): string | undefined {
  if (state === undefined || addresses.length === 0) return "no link to a leaf is up";
  const gateway = defaultGateway(state);
  if (gateway === undefined) return "no default route";
  const onSegment = svis.filter((svi) => addresses.some((address) => separation(address, svi, racks) === undefined));
  const answers = onSegment.some((svi) =>
    [svi.address, ...svi.secondaries].some((address) => withoutLength(address) === gateway),
  );
  if (answers) return undefined;
  return onSegment.length === 0 ? "no SVI on the node's VLAN and subnet" : `no leaf has the address ${gateway}`;
}
