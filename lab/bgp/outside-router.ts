import type { LabOutside } from "../spec.ts";
import type { LeafSvi } from "./fabric-side.ts";
import { withoutLength } from "./prefix.ts";
import type { Session } from "./sessions.ts";
import { ofFamilies } from "./speaker.ts";

/** What the router tells the fabric. */
const DEFAULT_ROUTES = ["0.0.0.0/0", "::/0"];

/** How sessions call the router behind somebody else's L3Out. */
function routerName(outside: LabOutside): string {
  return `router of ${outside.l3out}`;
}

/**
 * Sessions with the router behind somebody else's L3Out (paper, transit routing). It does whatever its leaf was told, so that only the
 * fabric's own configuration decides what it learns; it tells a default route.
 */
export function outsideSessions(outside: LabOutside | undefined, svis: readonly LeafSvi[]): Session[] {
  if (outside === undefined) return [];
  const out = `uni/tn-${outside.tenant}/out-${outside.l3out}`;
  const node = routerName(outside);
  return svis
    .filter((svi) => svi.out === out && svi.bgp)
    .flatMap((svi) =>
      svi.peers
        .filter((peer) => !peer.dynamic && peer.enabled)
        .map((leafPeer) => ({
          leafId: svi.leaf.id,
          leafAddress: withoutLength(svi.address),
          node,
          nodeAddress: withoutLength(leafPeer.address),
          established: true,
          leafState: "established",
          nodeState: "Established",
          reason: undefined,
          svi,
          leafPeer,
          ...routerEnds(node, svi, leafPeer.remoteAs, leafPeer.localAs, leafPeer.password),
        })),
    );
}

function routerEnds(
  node: string,
  svi: LeafSvi,
  asn: number,
  remoteAs: number,
  password: string | undefined,
): Pick<Session, "speaker" | "nodePeer"> {
  const announces = ofFamilies(DEFAULT_ROUTES, [svi.family]);
  const nodePeer = {
    address: withoutLength(svi.address),
    port: 179,
    remoteAs,
    password,
    source: undefined,
    families: [svi.family],
    announces,
    filters: [],
    allowedOwnAs: 0,
    hold: 180,
    keepalive: undefined,
    restartTime: undefined,
    adminDown: false,
    label: `leaf ${svi.leaf.id}`,
  };
  const speaker = {
    program: "router" as const,
    version: undefined,
    node,
    process: "",
    instance: "",
    addresses: [],
    asn,
    peers: [nodePeer],
    originates: announces,
    imports: true,
    refuses: new Set<string>(),
    reexports: undefined,
  };
  return { speaker, nodePeer };
}
