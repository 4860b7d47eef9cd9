import type { Change } from "../../runner/change.ts";
import type { Json } from "../../runner/json.ts";
import type { FoundLink, FoundNetwork } from "./found-network.ts";
import {
  addressLink,
  bondParameters,
  canonical,
  familyOf,
  hostOf,
  lowerLink,
  sameAddress,
  type WantedNetwork,
} from "./wanted-network.ts";

/** How the live network differs from what is wanted, and what of it netplan cannot put right by itself. */
export interface Drift {
  readonly changes: readonly Change[];
  /** Links to delete first: those in the way, and those with settings that only a new link can have. */
  readonly remove: readonly string[];
  /** Links that do not exist yet; a rollback deletes them again. */
  readonly create: readonly string[];
}

/** Compares the live network with the wanted one. Pure: the same input gives the same changes in the same order. */
export function findDrift(wanted: WantedNetwork, found: FoundNetwork): Drift {
  const byName = new Map(found.links.map((link) => [link.name, link]));
  const changes: Change[] = [];
  const remove = new Set<string>();
  const create: string[] = [];

  const inTheWay = found.links.filter((link) => isInTheWay(wanted, link));
  for (const link of inTheWay) {
    changes.push({ target: `link ${link.name}`, action: "delete", before: describe(link), after: null });
    remove.add(link.name);
  }

  for (const name of wanted.members) {
    const link = byName.get(name);
    if (link === undefined) continue; // The plan has refused this already.
    changes.push(...settings(wanted, link));
    if (wanted.bond === undefined) continue;
    for (const address of link.addresses) {
      changes.push({ target: `address on ${name}`, action: "delete", before: address, after: null });
    }
  }

  if (wanted.bond !== undefined) {
    const bond = byName.get(wanted.bond);
    if (bond === undefined) {
      create.push(wanted.bond);
      const after = { kind: "bond", members: sorted(wanted.members), mtu: wanted.mtu, parameters: bondParameters };
      changes.push({ target: `link ${wanted.bond}`, action: "create", before: null, after });
    } else {
      const drifted = parameterDrift(bond);
      if (drifted.length > 0) remove.add(bond.name);
      changes.push(...drifted, ...membership(wanted, bond.name, found), ...settings(wanted, bond));
    }
  }

  if (wanted.vlan !== undefined) {
    const { name, id } = wanted.vlan;
    const parent = lowerLink(wanted);
    const link = byName.get(name);
    if (link === undefined) {
      create.push(name);
      changes.push({
        target: `link ${name}`,
        action: "create",
        before: null,
        after: { kind: "vlan", id, link: parent, mtu: wanted.mtu },
      });
    } else {
      if (link.vlan?.id !== id || link.vlan.parent !== parent) {
        remove.add(name);
        changes.push(
          modify(`link ${name} vlan`, { id: link.vlan?.id ?? null, link: link.vlan?.parent ?? null }, { id, link: parent }),
        );
      }
      changes.push(...settings(wanted, link));
    }
  }

  for (const address of wanted.addresses) changes.push(...addressDrift(wanted, address, found, remove));
  for (const gateway of wanted.gateways) changes.push(...routeDrift(wanted, gateway, found));
  return { changes, remove: [...remove], create };
}

/** A VLAN link that cannot stay: it rides on a link that becomes a member, or it is the wanted VLAN under another name. */
function isInTheWay(wanted: WantedNetwork, link: FoundLink): boolean {
  if (link.vlan === undefined || link.name === wanted.vlan?.name) return false;
  const { id, parent } = link.vlan;
  if (parent === undefined) return false;
  if (wanted.bond !== undefined && wanted.members.includes(parent)) return true;
  return id === wanted.vlan?.id && parent === lowerLink(wanted);
}

/** MTU and administrative state. */
function settings(wanted: WantedNetwork, link: FoundLink): readonly Change[] {
  return [
    ...(link.mtu === wanted.mtu ? [] : [modify(`link ${link.name} mtu`, link.mtu, wanted.mtu)]),
    ...(link.up ? [] : [modify(`link ${link.name} state`, "down", "up")]),
  ];
}

function parameterDrift(bond: FoundLink): readonly Change[] {
  if (bond.kind !== "bond") return [modify(`link ${bond.name} kind`, bond.kind ?? "hardware", "bond")];
  return Object.entries(bondParameters).flatMap(([name, value]) => {
    const now = bond.parameters[name];
    return now === undefined || now === value ? [] : [modify(`link ${bond.name} ${name}`, now, value)];
  });
}

function membership(wanted: WantedNetwork, bond: string, found: FoundNetwork): readonly Change[] {
  const now = sorted(found.links.filter((link) => link.master === bond).map((link) => link.name));
  const after = sorted(wanted.members);
  return now.join() === after.join() ? [] : [modify(`link ${bond} members`, now, after)];
}

/**
 * A wanted address must be where it belongs, with its prefix length, and nowhere else. Further addresses on the same link are left
 * alone: a cluster may keep a virtual address there.
 */
function addressDrift(wanted: WantedNetwork, own: string, found: FoundNetwork, removed: ReadonlySet<string>): readonly Change[] {
  const place = addressLink(wanted);
  const host = hostOf(own);
  const changes: Change[] = [];
  let there = false;
  let otherLength: string | undefined;
  for (const link of found.links) {
    for (const address of link.addresses) {
      if (!sameAddress(hostOf(address), host)) continue;
      if (link.name === place) {
        if (canonical(address) === canonical(own)) there = true;
        else otherLength = address;
      } else if (!removed.has(link.name) && !(wanted.bond !== undefined && wanted.members.includes(link.name))) {
        changes.push({ target: `address on ${link.name}`, action: "delete", before: address, after: null });
      }
    }
  }
  if (there) return changes;
  const target = `address on ${place}`;
  if (otherLength !== undefined) return [...changes, modify(target, otherLength, own)];
  return [...changes, { target, action: "create", before: null, after: own }];
}

/** The default route of a gateway's family goes to it over our link. Routes that router advertisements bring are the kernel's business. */
function routeDrift(wanted: WantedNetwork, gateway: string, found: FoundNetwork): readonly Change[] {
  const place = addressLink(wanted);
  const family = familyOf(gateway);
  const routes = found.defaultRoutes.filter((route) => route.family === family && route.protocol !== "ra");
  const target = family === 4 ? "route default" : "route default IPv6";
  const ours = routes.filter((route) => route.device === place);
  const right = ours.filter((route) => route.gateway !== undefined && sameAddress(route.gateway, gateway));
  if (right.length > 0 && right.length === ours.length) return [];
  const text = (route: { gateway: string | undefined; device: string | undefined }) =>
    [route.gateway === undefined ? [] : ["via", route.gateway], ["dev", route.device ?? "?"]].flat().join(" ");
  const after = `via ${gateway} dev ${place}`;
  const [first, ...more] = (ours.length > 0 ? ours : routes).map(text);
  if (first === undefined) return [{ target, action: "create", before: null, after }];
  return [modify(target, more.length === 0 ? first : [first, ...more], after)];
}

function describe(link: FoundLink): Json {
  return {
    kind: link.kind ?? null,
    ...(link.vlan === undefined ? {} : { id: link.vlan.id, link: link.vlan.parent ?? null }),
    mtu: link.mtu,
    addresses: link.addresses,
  };
}

function modify(target: string, before: Json, after: Json): Change {
  return { target, action: "modify", before, after };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...names].sort();
}
