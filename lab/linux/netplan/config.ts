import { isObject } from "../../../runner/json.ts";
import { BOND_DEFAULTS } from "../link-changes.ts";
import { type BondSettings, familyOf, hostPart } from "../network.ts";

/** One link as netplan wants it. */
export interface WantedLink {
  readonly name: string;
  readonly mtu: number | undefined;
  readonly addresses: readonly string[];
  readonly routes: readonly {
    readonly family: 4 | 6;
    readonly destination: string;
    readonly gateway: string | undefined;
    readonly metric: number | undefined;
  }[];
  readonly bond: BondSettings | undefined;
  readonly members: readonly string[];
  readonly vlan: { readonly id: number; readonly parent: string } | undefined;
}

/** The merged configuration as links, parents before what rides on them; or what is wrong across definitions. */
export function wantedLinks(network: Readonly<Record<string, unknown>>): { links: WantedLink[]; error: string | undefined } {
  const ethernets = sectionOf(network, "ethernets").map(([name, settings]) => wanted(name, settings));
  const bonds = sectionOf(network, "bonds").map(([name, settings]) => ({
    ...wanted(name, settings),
    bond: bondSettings(settings),
    members: strings(settings.interfaces),
  }));
  const vlans = sectionOf(network, "vlans").map(([name, settings]) => ({
    ...wanted(name, settings),
    vlan: { id: Number(settings.id), parent: String(settings.link) },
  }));
  const names = new Set([...ethernets, ...bonds, ...vlans].map((link) => link.name));
  const links: WantedLink[] = [...ethernets, ...bonds, ...vlans];
  return { links, error: crossError(links, names) };
}

function crossError(links: readonly WantedLink[], names: ReadonlySet<string>): string | undefined {
  const owner = new Map<string, string>();
  for (const link of links) {
    for (const member of link.members) {
      if (!names.has(member)) return `${link.name}: interface '${member}' is not defined`;
      const other = owner.get(member);
      if (other !== undefined) return `${link.name}: interface '${member}' is already assigned to bond ${other}`;
      owner.set(member, link.name);
    }
    if (link.vlan === undefined) continue;
    if (Number.isNaN(link.vlan.id)) return `${link.name}: missing 'id' property`;
    if (link.vlan.parent === "undefined") return `${link.name}: missing 'link' property`;
    if (!names.has(link.vlan.parent)) return `${link.name}: interface '${link.vlan.parent}' is not defined`;
  }
  return undefined;
}

/** netplan's warning about two default routes, which apply nevertheless. */
export function defaultRouteWarning(links: readonly WantedLink[]): string {
  const owners = links.filter((link) =>
    link.routes.some((route) => route.family === 4 && route.destination === "default" && route.metric === undefined),
  );
  const [first, second] = owners;
  if (first === undefined || second === undefined) return "";
  return (
    "\n** (generate:1): WARNING **: Problem encountered while validating default route consistency." +
    "Please set up multiple routing tables and use `routing-policy` instead.\n" +
    "Error: Conflicting default route declarations for IPv4 (table: main, metric: default), " +
    `first declared in ${first.name} but also in ${second.name}\n`
  );
}

function sectionOf(network: Readonly<Record<string, unknown>>, section: string): [string, Record<string, unknown>][] {
  const links = network[section];
  if (!isObject(links)) return [];
  return Object.entries(links).map(([name, settings]) => [name, isObject(settings) ? settings : {}]);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function wanted(name: string, settings: Readonly<Record<string, unknown>>): WantedLink {
  return {
    name,
    mtu: settings.mtu === undefined ? undefined : Number(settings.mtu),
    addresses: strings(settings.addresses),
    routes: routesOf(settings),
    bond: undefined,
    members: [],
    vlan: undefined,
  };
}

function routesOf(settings: Readonly<Record<string, unknown>>): WantedLink["routes"] {
  const routes: { family: 4 | 6; destination: string; gateway: string | undefined; metric: number | undefined }[] = [];
  for (const [key, family] of [
    ["gateway4", 4],
    ["gateway6", 6],
  ] as const) {
    const gateway = settings[key];
    if (gateway !== undefined) routes.push({ family, destination: "default", gateway: String(gateway), metric: undefined });
  }
  for (const route of Array.isArray(settings.routes) ? settings.routes : []) {
    if (!isObject(route)) continue;
    const to = String(route.to);
    const gateway = route.via === undefined ? undefined : hostPart(String(route.via));
    routes.push({
      family: familyOf(to === "default" ? (gateway ?? "") : to),
      destination: to === "0.0.0.0/0" || to === "::/0" ? "default" : to,
      gateway,
      metric: route.metric === undefined ? undefined : Number(route.metric),
    });
  }
  return routes;
}

function bondSettings(settings: Readonly<Record<string, unknown>>): BondSettings {
  const given = isObject(settings.parameters) ? settings.parameters : {};
  const text = (key: string, otherwise: string) => (given[key] === undefined ? otherwise : String(given[key]));
  return {
    mode: text("mode", BOND_DEFAULTS.mode),
    miimon: Number(text("mii-monitor-interval", "0")),
    lacpRate: text("lacp-rate", BOND_DEFAULTS.lacpRate),
    transmitHashPolicy: text("transmit-hash-policy", BOND_DEFAULTS.transmitHashPolicy),
    minLinks: Number(text("min-links", "0")),
  };
}
