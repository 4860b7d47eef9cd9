import type { FileTree } from "../files.ts";
import { addBond, addRoute, addVlan, changeLink, deleteLink, enslave, release, setMtu } from "../link-changes.ts";
import { isUp, type Network, routeTo } from "../network.ts";
import { defaultRouteWarning, type WantedLink, wantedLinks } from "./config.ts";
import { readNetplan } from "./read.ts";

/** What `netplan generate` and `netplan apply` print to standard error, and whether they succeeded. */
export interface NetplanOutcome {
  readonly ok: boolean;
  readonly stderr: string;
}

/** `netplan generate`: reads and checks all files, changes nothing. */
export function generate(tree: FileTree): NetplanOutcome & { readonly links: readonly WantedLink[] } {
  const merged = readNetplan(tree);
  if (merged.error !== undefined) return { ok: false, stderr: merged.warnings + merged.error, links: [] };
  const { links, error } = wantedLinks(merged.network);
  if (error !== undefined) return { ok: false, stderr: `${merged.warnings}Error in network definition: ${error}\n`, links: [] };
  return { ok: true, stderr: merged.warnings + defaultRouteWarning(links), links };
}

/**
 * `netplan apply` with systemd-networkd below: virtual links it no longer names go away, physical ones lose what it gave them, the
 * rest is made as written. An MTU that is no longer written stays as it is, as networkd leaves it. `macOf` gives new bonds their MAC.
 */
export function apply(tree: FileTree, network: Network, macOf: (link: string) => string): NetplanOutcome {
  const wanted = generate(tree);
  if (!wanted.ok) return wanted;
  clearOld(network, wanted.links);
  for (const link of wanted.links) makeLink(network, link, macOf);
  for (const link of wanted.links) configureLink(network, link);
  for (const link of wanted.links) {
    if (link.vlan === undefined && link.mtu !== undefined) setMtu(network, link.name, link.mtu);
  }
  for (const link of wanted.links) {
    if (link.vlan !== undefined && link.mtu !== undefined) setMtu(network, link.name, link.mtu);
  }
  // networkd.conf(5), ManageForeignRoutes: routes added by hand on its links go too.
  network.routes = network.routes.filter((route) => network.links.get(route.device)?.netplan !== true);
  for (const link of wanted.links) addRoutes(network, link);
  return { ok: true, stderr: wanted.stderr };
}

function clearOld(network: Network, wanted: readonly WantedLink[]): void {
  const byName = new Map(wanted.map((link) => [link.name, link]));
  for (const link of [...network.links.values()].reverse()) {
    const next = byName.get(link.name);
    const moved = link.vlan !== undefined && (next?.vlan?.id !== link.vlan.id || next.vlan.parent !== link.vlan.parent);
    if (link.netplan && link.kind !== "ethernet" && (next === undefined || moved)) deleteLink(network, link.name);
    else if (link.netplan && next === undefined) changeLink(network, link.name, { addresses: [], netplan: false });
    const bond = link.master;
    if (bond !== undefined && byName.get(bond)?.members.includes(link.name) !== true) release(network, link.name);
  }
}

function makeLink(network: Network, wanted: WantedLink, macOf: (link: string) => string): void {
  const exists = network.links.has(wanted.name);
  if (wanted.bond !== undefined) {
    const [first] = wanted.members;
    const mac = (first === undefined ? undefined : network.links.get(first)?.permanentMac) ?? macOf(wanted.name);
    if (!exists) addBond(network, wanted.name, wanted.bond, mac);
    else changeLink(network, wanted.name, { bond: wanted.bond });
    for (const member of wanted.members) enslave(network, member, wanted.name);
  }
  if (wanted.vlan !== undefined && !exists) addVlan(network, wanted.name, wanted.vlan.parent, wanted.vlan.id);
}

function configureLink(network: Network, wanted: WantedLink): void {
  const master = network.links.get(wanted.name)?.master;
  changeLink(network, wanted.name, { admin: true, netplan: true, addresses: master === undefined ? wanted.addresses : [] });
}

function addRoutes(network: Network, wanted: WantedLink): void {
  if (!isUp(network, wanted.name)) return;
  for (const route of wanted.routes) {
    const onLink = route.gateway === undefined || routeTo(network, route.gateway)?.device === wanted.name;
    if (onLink) addRoute(network, { ...route, device: wanted.name, protocol: "static" });
  }
}
