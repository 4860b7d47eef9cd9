import type { LabRoute } from "../parts.ts";
import type { LeafSvi } from "./fabric-side.ts";
import type { LeafPath } from "./import-routes.ts";
import type { EcmpWidth } from "./leaf-domain.ts";
import { byAddress, type Family, familyOf, hostPrefix, withoutLength } from "./prefix.ts";

/** Administrative distances (bgpCtxAfPol eDist and iDist). */
const EBGP = 20;
const IBGP = 200;

/** A leaf's best route to a prefix, with the path it tells its peers. */
export interface BestRoute extends LabRoute {
  readonly vrf: string;
  /** The first of the equal best paths; undefined for a connected subnet. */
  readonly best: LeafPath | undefined;
  readonly learned: "ebgp" | "fabric" | "direct";
}

/** A leaf that has the VRF. */
interface VrfOnLeaf {
  readonly leafId: number;
  readonly vrf: string;
  readonly svis: readonly LeafSvi[];
  /** Connected subnets. */
  readonly networks: ReadonlySet<string>;
}

/**
 * Every leaf's table: connected subnets, eBGP paths of its own nodes, and what other leaves learned, over MP-BGP with the other leaf's
 * TEP as next hop in `overlay-1` (aci-objects 6.3). As many equal paths as the VRF's policy allows (steps 11, 12).
 */
export function leafRoutes(
  svis: readonly LeafSvi[],
  paths: readonly LeafPath[],
  asn: number,
  tepOf: (leafId: number) => string,
): BestRoute[] {
  const tables = tablesOf(svis);
  const byPrefix = new Map<string, Map<string, LeafPath[]>>();
  for (const path of paths) {
    const inVrf = byPrefix.get(path.vrf) ?? new Map<string, LeafPath[]>();
    byPrefix.set(path.vrf, inVrf);
    const known = inVrf.get(path.prefix);
    if (known === undefined) inVrf.set(path.prefix, [path]);
    else known.push(path);
  }
  const routes: BestRoute[] = [];
  for (const table of tables) {
    const inVrf = byPrefix.get(table.vrf) ?? new Map<string, LeafPath[]>();
    routes.push(...connected(table));
    for (const [prefix, all] of inVrf) {
      if (table.networks.has(prefix)) continue;
      const own = shortest(all.filter((path) => path.leafId === table.leafId));
      if (own.length > 0) routes.push(ebgpRoute(table, prefix, own, asn));
      else routes.push(fabricRoute(table, prefix, shortest(all), asn, tepOf));
    }
    routes.push(...connectedElsewhere(table, tables, inVrf, asn, tepOf));
  }
  return routes.sort((a, b) => a.leafId - b.leafId || byAddress(a.prefix, b.prefix) || (a.vrf < b.vrf ? -1 : 1));
}

function tablesOf(svis: readonly LeafSvi[]): VrfOnLeaf[] {
  const found = new Map<string, LeafSvi[]>();
  for (const svi of svis) {
    const key = `${svi.leaf.id} ${svi.vrf}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, [svi]);
    else known.push(svi);
  }
  return [...found.values()].flatMap((own) => {
    const [first] = own;
    const networks = new Set(own.map((svi) => svi.network));
    return first === undefined ? [] : [{ leafId: first.leaf.id, vrf: first.vrf, svis: own, networks }];
  });
}

/** Subnets of SVIs that only other leaves have: the fabric's MP-BGP carries them too. */
function connectedElsewhere(
  table: VrfOnLeaf,
  tables: readonly VrfOnLeaf[],
  learned: ReadonlyMap<string, unknown>,
  asn: number,
  tepOf: (leafId: number) => string,
): BestRoute[] {
  const leavesOf = new Map<string, number[]>();
  for (const other of tables) {
    if (other.vrf !== table.vrf || other.leafId === table.leafId) continue;
    for (const network of other.networks) leavesOf.set(network, [...(leavesOf.get(network) ?? []), other.leafId]);
  }
  return [...leavesOf]
    .filter(([prefix]) => !table.networks.has(prefix) && !learned.has(prefix))
    .map(([prefix, leaves]) => throughFabric(table, prefix, leaves, asn, tepOf));
}

/** Shortest AS paths, in order of next hop: the first is the best, the others are equal to it. */
function shortest(paths: readonly LeafPath[]): LeafPath[] {
  const length = Math.min(...paths.map((path) => path.asPath.length));
  return paths
    .filter((path) => path.asPath.length === length)
    .sort((a, b) => byAddress(a.nextHop, b.nextHop) || a.leafId - b.leafId);
}

/** The subnets of a leaf's SVIs and its own addresses on them. */
function connected({ svis, leafId, vrf }: VrfOnLeaf): BestRoute[] {
  const routes = new Map<string, BestRoute>();
  const put = (prefix: string, address: string, owner: string) => {
    const hop = { address: withoutLength(address), vrf, owner, routeType: owner, preference: 0, tag: 0 };
    if (!routes.has(prefix)) routes.set(prefix, { leafId, vrf, prefix, nextHops: [hop], best: undefined, learned: "direct" });
  };
  for (const svi of svis) {
    put(svi.network, svi.address, "direct");
    for (const address of [svi.address, ...svi.secondaries]) put(hostPrefix(address), address, "local");
  }
  return [...routes.values()];
}

function widthOf(table: VrfOnLeaf, prefix: string): EcmpWidth {
  const family: Family = familyOf(prefix) ?? "ipv4";
  return table.svis[0]?.domain.widths[family] ?? { maxEcmp: 16, maxEcmpIbgp: 16 };
}

function ebgpRoute(table: VrfOnLeaf, prefix: string, paths: readonly LeafPath[], asn: number): BestRoute {
  const nextHops = paths.slice(0, widthOf(table, prefix).maxEcmp).map((path) => ({
    address: path.nextHop,
    vrf: table.vrf,
    owner: `bgp-${asn}`,
    routeType: "ebgp",
    preference: EBGP,
    tag: path.asPath[0] ?? 0,
  }));
  return { leafId: table.leafId, vrf: table.vrf, prefix, nextHops, best: paths[0], learned: "ebgp" };
}

function fabricRoute(
  table: VrfOnLeaf,
  prefix: string,
  paths: readonly LeafPath[],
  asn: number,
  tepOf: (leafId: number) => string,
): BestRoute {
  const leaves = [...new Set(paths.map((path) => path.leafId))];
  return { ...throughFabric(table, prefix, leaves, asn, tepOf), best: paths[0] };
}

function throughFabric(
  table: VrfOnLeaf,
  prefix: string,
  leaves: readonly number[],
  asn: number,
  tepOf: (leafId: number) => string,
): BestRoute {
  const sorted = [...leaves].sort((a, b) => a - b);
  const nextHops = sorted.slice(0, widthOf(table, prefix).maxEcmpIbgp).map((leafId) => ({
    address: tepOf(leafId),
    vrf: "overlay-1",
    owner: `bgp-${asn}`,
    routeType: "ibgp",
    preference: IBGP,
    tag: asn,
  }));
  return { leafId: table.leafId, vrf: table.vrf, prefix, nextHops, best: undefined, learned: "fabric" };
}
