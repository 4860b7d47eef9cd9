import type { LabRoute } from "../parts.ts";
import type { LeafSvi } from "./fabric-side.ts";
import type { LeafPath } from "./import-routes.ts";
import { byAddress, networkOf, withoutLength } from "./prefix.ts";

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
  const tables = new Map<string, VrfOnLeaf>();
  for (const svi of svis) {
    const key = `${svi.leaf.id} ${svi.vrf}`;
    const known = tables.get(key);
    tables.set(key, { leafId: svi.leaf.id, vrf: svi.vrf, svis: [...(known?.svis ?? []), svi] });
  }
  const byPrefix = new Map<string, LeafPath[]>();
  for (const path of paths) byPrefix.set(path.prefix, [...(byPrefix.get(path.prefix) ?? []), path]);

  const routes: BestRoute[] = [];
  for (const table of tables.values()) {
    routes.push(...table.svis.flatMap(connected));
    for (const [prefix, all] of byPrefix) {
      const inVrf = all.filter((path) => path.vrf === table.vrf);
      const own = shortest(inVrf.filter((path) => path.leafId === table.leafId));
      if (own.length > 0) routes.push(ebgpRoute(table, prefix, own, asn));
      else if (inVrf.length > 0) routes.push(fabricRoute(table, prefix, shortest(inVrf), asn, tepOf));
    }
  }
  return routes.sort((a, b) => a.leafId - b.leafId || byAddress(a.prefix, b.prefix));
}

/** Shortest AS paths, in order of next hop: the first is the best, the others are equal to it. */
function shortest(paths: readonly LeafPath[]): LeafPath[] {
  const length = Math.min(...paths.map((path) => path.asPath.length));
  return paths
    .filter((path) => path.asPath.length === length)
    .sort((a, b) => byAddress(a.nextHop, b.nextHop) || a.leafId - b.leafId);
}

function connected(svi: LeafSvi): BestRoute[] {
  const hop = (address: string, owner: string) => [
    { address: withoutLength(address), vrf: svi.vrf, owner, routeType: owner, preference: 0, tag: 0 },
  ];
  const common = { leafId: svi.leaf.id, vrf: svi.vrf, best: undefined, learned: "direct" as const };
  const own = [svi.address, ...svi.secondaries].map((address) => ({
    ...common,
    prefix: `${withoutLength(address)}/32`,
    nextHops: hop(address, "local"),
  }));
  return [{ ...common, prefix: networkOf(svi.address), nextHops: hop(svi.address, "direct") }, ...own];
}

function ebgpRoute(table: VrfOnLeaf, prefix: string, paths: readonly LeafPath[], asn: number): BestRoute {
  const { maxEcmp = 16 } = table.svis[0]?.domain ?? {};
  const nextHops = paths.slice(0, maxEcmp).map((path) => ({
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
  const { maxEcmpIbgp = 16 } = table.svis[0]?.domain ?? {};
  const leaves = [...new Set(paths.map((path) => path.leafId))].sort((a, b) => a - b);
  const nextHops = leaves.slice(0, maxEcmpIbgp).map((leafId) => ({
    address: tepOf(leafId),
    vrf: "overlay-1",
    owner: `bgp-${asn}`,
    routeType: "ibgp",
    preference: IBGP,
    tag: asn,
  }));
  return { leafId: table.leafId, vrf: table.vrf, prefix, nextHops, best: paths[0], learned: "fabric" };
}
