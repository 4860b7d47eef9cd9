import { Address4, Address6 } from "ip-address";
import { type BondSettings, type Link, linkTowards, type Network, type Route } from "./network.ts";

/** What the kernel says when it refuses, as iproute2 prints it; undefined when it did it. */
export type Refusal = string | undefined;

const NO_DEVICE = (name: string) => `Cannot find device "${name}"`;
const INVALID = "RTNETLINK answers: Invalid argument";
const EXISTS = "RTNETLINK answers: File exists";

/** Default bonding parameters of the kernel. */
export const BOND_DEFAULTS: BondSettings = {
  mode: "balance-rr",
  miimon: 0,
  lacpRate: "slow",
  transmitHashPolicy: "layer2",
  minLinks: 0,
};

/** Changes some fields of a link. */
export function changeLink(network: Network, name: string, change: Partial<Link>): void {
  const link = network.links.get(name);
  if (link !== undefined) network.links.set(name, { ...link, ...change });
}

/** `ip link set NAME mtu N`. A VLAN link cannot exceed its parent; members follow their bond, VLANs are pulled down with it. */
export function setMtu(network: Network, name: string, mtu: number): Refusal {
  const link = network.links.get(name);
  if (link === undefined) return NO_DEVICE(name);
  if (mtu < 68) return "Error: mtu less than device minimum.";
  if (mtu > 9216 && link.kind !== "loopback") return "Error: mtu greater than device maximum.";
  const parent = link.vlan === undefined ? undefined : network.links.get(link.vlan.parent);
  if (parent !== undefined && mtu > parent.mtu) return "RTNETLINK answers: Numerical result out of range";
  changeLink(network, name, { mtu });
  for (const other of network.links.values()) {
    if (other.master === name) changeLink(network, other.name, { mtu });
    if (other.vlan?.parent === name && other.mtu > mtu) changeLink(network, other.name, { mtu });
  }
  return undefined;
}

/** `ip link set NAME up|down`. */
export function setAdmin(network: Network, name: string, admin: boolean): Refusal {
  if (!network.links.has(name)) return NO_DEVICE(name);
  changeLink(network, name, { admin });
  return undefined;
}

/** `ip address add CIDR dev NAME`; `address` keeps its host bits. */
export function addAddress(network: Network, name: string, address: string): Refusal {
  const link = network.links.get(name);
  if (link === undefined) return NO_DEVICE(name);
  if (!Address4.isValid(address) && !Address6.isValid(address)) {
    return `Error: any valid prefix is expected rather than "${address}".`;
  }
  const full = address.includes("/") ? address : `${address}/${Address4.isValid(address) ? 32 : 128}`;
  if (link.addresses.includes(full)) return EXISTS;
  changeLink(network, name, { addresses: [...link.addresses, full] });
  return undefined;
}

/** `ip address del CIDR dev NAME`. */
export function removeAddress(network: Network, name: string, address: string): Refusal {
  const link = network.links.get(name);
  if (link === undefined) return NO_DEVICE(name);
  if (!link.addresses.includes(address)) return "RTNETLINK answers: Cannot assign requested address";
  changeLink(network, name, { addresses: link.addresses.filter((other) => other !== address) });
  return undefined;
}

/** `ip route add`: a gateway must lie on a link that is up. */
export function addRoute(network: Network, route: Omit<Route, "device"> & { readonly device: string | undefined }): Refusal {
  const device = route.device ?? (route.gateway === undefined ? undefined : linkTowards(network, route.gateway));
  if (route.gateway !== undefined && linkTowards(network, route.gateway) !== device) return "Error: Nexthop has invalid gateway.";
  if (device === undefined) return route.gateway === undefined ? INVALID : "Error: Nexthop has invalid gateway.";
  if (!network.links.has(device)) return NO_DEVICE(device);
  const same = (other: Route) =>
    other.family === route.family && other.destination === route.destination && other.metric === route.metric;
  if (network.routes.some(same)) return EXISTS;
  network.routes = [...network.routes, { ...route, device }];
  return undefined;
}

/** `ip route del`: the first route that matches what was given. */
export function removeRoute(
  network: Network,
  given: {
    readonly family: 4 | 6;
    readonly destination: string;
    readonly gateway: string | undefined;
    readonly device: string | undefined;
  },
): Refusal {
  const found = network.routes.find(
    (route) =>
      route.family === given.family &&
      route.destination === given.destination &&
      (given.gateway === undefined || route.gateway === given.gateway) &&
      (given.device === undefined || route.device === given.device),
  );
  if (found === undefined) return "RTNETLINK answers: No such process";
  network.routes = network.routes.filter((route) => route !== found);
  return undefined;
}

/** A free interface index: the kernel counts on. */
function nextIndex(network: Network): number {
  return Math.max(0, ...[...network.links.values()].map((link) => link.index)) + 1;
}

/** A new bond, down and without members. */
export function addBond(network: Network, name: string, settings: BondSettings, mac: string): Refusal {
  if (network.links.has(name)) return EXISTS;
  network.links.set(name, { ...blank(network, name, mac), kind: "bond", bond: settings });
  return undefined;
}

/** A new VLAN link, with its parent's MTU and MAC. */
export function addVlan(network: Network, name: string, parent: string, id: number): Refusal {
  const below = network.links.get(parent);
  if (below === undefined) return NO_DEVICE(parent);
  const taken = [...network.links.values()].some((link) => link.vlan?.parent === parent && link.vlan.id === id);
  if (network.links.has(name) || taken) return EXISTS;
  network.links.set(name, { ...blank(network, name, below.mac), kind: "vlan", mtu: below.mtu, vlan: { id, parent } });
  return undefined;
}

function blank(network: Network, name: string, mac: string): Omit<Link, "kind"> {
  return {
    name,
    index: nextIndex(network),
    mac,
    permanentMac: mac,
    admin: false,
    mtu: 1500,
    mtuBefore: undefined,
    master: undefined,
    bond: undefined,
    vlan: undefined,
    addresses: [],
    netplan: false,
  };
}

/** `ip link set NAME master BOND`: the member takes the bond's MAC and MTU. */
export function enslave(network: Network, name: string, bond: string): Refusal {
  const link = network.links.get(name);
  const master = network.links.get(bond);
  if (link === undefined) return NO_DEVICE(name);
  if (master === undefined) return `Error: argument "${bond}" is wrong: Device does not exist`;
  if (link.master === bond) return undefined;
  if (master.kind !== "bond") return "RTNETLINK answers: Operation not supported";
  changeLink(network, name, { master: bond, mac: master.mac, mtuBefore: link.mtu, mtu: master.mtu, addresses: [] });
  return undefined;
}

/** `ip link set NAME nomaster`. */
export function release(network: Network, name: string): Refusal {
  const link = network.links.get(name);
  if (link === undefined) return NO_DEVICE(name);
  if (link.master === undefined) return undefined;
  changeLink(network, name, {
    master: undefined,
    mac: link.permanentMac,
    mtu: link.mtuBefore ?? link.mtu,
    mtuBefore: undefined,
  });
  return undefined;
}

/** `ip link del NAME`, with the VLANs on it; members of a bond are set free. */
export function deleteLink(network: Network, name: string): Refusal {
  const link = network.links.get(name);
  if (link === undefined) return NO_DEVICE(name);
  if (link.kind === "ethernet" || link.kind === "loopback") return "RTNETLINK answers: Operation not supported";
  for (const other of [...network.links.values()]) {
    if (other.vlan?.parent === name) deleteLink(network, other.name);
    if (other.master === name) release(network, other.name);
  }
  network.links.delete(name);
  network.routes = network.routes.filter((route) => route.device !== name);
  return undefined;
}
