import { addressAt, addressCount, familyOf, parsePrefix } from "../addresses/prefix.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, textAt } from "../objects/kube-object.ts";

/** Addresses of one family in a row, both ends included. */
export interface AddressRange {
  readonly family: "IPv4" | "IPv6";
  readonly first: bigint;
  readonly last: bigint;
}

/** What an allocator has for a service. */
export interface Offer {
  readonly ranges: readonly AddressRange[];
  /** Addresses that the service asks for by annotation; empty: any. */
  readonly requested: readonly string[];
}

/** The addresses of a prefix; without its first and last one when `edges` is false (a prefix of up to two addresses keeps them). */
export function rangeOf(cidr: string, edges: boolean): AddressRange | undefined {
  const network = parsePrefix(cidr);
  if (network === undefined) return undefined;
  const count = addressCount(network);
  const cut = edges || count <= 2n ? 0n : 1n;
  const first = network.startAddress().bigInt();
  return { family: familyOf(cidr), first: first + cut, last: first + count - 1n - cut };
}

/** The addresses from one to another; only the first when there is no other. */
export function rangeBetween(start: string, stop: string): AddressRange | undefined {
  const first = parsePrefix(start);
  const last = parsePrefix(stop === "" ? start : stop);
  if (first === undefined || last === undefined) return undefined;
  return { family: familyOf(start), first: first.bigInt(), last: last.bigInt() };
}

/** The addresses that a service has from a load balancer. */
export function ingressOf(service: KubeObject): readonly string[] {
  return listAt(service, "status", "loadBalancer", "ingress").map((entry) => textAt(entry, "ip"));
}

/**
 * What every allocator of load balancer addresses does: a service of type LoadBalancer gets an address of each of its families, keeps it as
 * long as it is on offer, and loses it when it changes its type. `offer` gives undefined for services of another class. Gives the names
 * (`namespace/name`) of services that got nothing, or not what they asked for.
 */
export function assignAddresses(world: World, offer: (service: KubeObject) => Offer | undefined): ReadonlySet<string> {
  const resource = builtinOf("Service");
  const services = world.store.list(resource.storage);
  const taken = new Set(services.flatMap(ingressOf));
  const unserved = new Set<string>();
  for (const service of services) {
    const had = ingressOf(service);
    const balanced = textAt(service, "spec", "type") === "LoadBalancer";
    const found = balanced ? offer(service) : { ranges: [], requested: [] };
    if (found === undefined || (!balanced && had.length === 0)) continue;
    const kept = had.filter((address) => isOnOffer(address, found));
    for (const address of had) if (!kept.includes(address)) taken.delete(address);
    const addresses = found.requested.length > 0 ? requested(found, kept, taken) : anyOf(service, found, kept, taken);
    for (const address of addresses) taken.add(address);
    if (balanced && (addresses.length === 0 || addresses.length < found.requested.length)) unserved.add(nameOf(service));
    const status = isJsonObject(service.status) ? service.status : {};
    const ingress = addresses.map((ip) => ({ ip, ipMode: "VIP" }));
    const loadBalancer = ingress.length === 0 ? {} : { ingress };
    world.setStatus(resource, service, { ...status, loadBalancer });
  }
  return unserved;
}

/** `namespace/name` of a service. */
export function nameOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function isOnOffer(address: string, { ranges, requested: wanted }: Offer): boolean {
  if (wanted.length > 0 && !wanted.includes(address)) return false;
  const value = parsePrefix(address)?.bigInt();
  const family = familyOf(address);
  return value !== undefined && ranges.some((range) => range.family === family && range.first <= value && value <= range.last);
}

function requested(offer: Offer, kept: readonly string[], taken: ReadonlySet<string>): readonly string[] {
  return offer.requested.filter((address) => kept.includes(address) || (!taken.has(address) && isOnOffer(address, offer)));
}

function anyOf(service: KubeObject, offer: Offer, kept: readonly string[], taken: ReadonlySet<string>): readonly string[] {
  return listAt(service, "spec", "ipFamilies").flatMap((family) => {
    const address = kept.find((entry) => familyOf(entry) === family) ?? free(offer, String(family), taken);
    return address === undefined ? [] : [address];
  });
}

function free({ ranges }: Offer, family: string, taken: ReadonlySet<string>): string | undefined {
  for (const range of ranges) {
    if (range.family !== family) continue;
    const network = parsePrefix(family === "IPv4" ? "0.0.0.0/0" : "::/0");
    for (let value = range.first; network !== undefined && value <= range.last; value += 1n) {
      const address = addressAt(network, value);
      if (!taken.has(address)) return address;
    }
  }
  return undefined;
}
