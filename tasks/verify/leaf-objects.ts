import { Address4, Address6 } from "ip-address";
import type { ApicQuery, FoundObject } from "../../runner/connect/managed-object.ts";

/** What the probes on a leaf have in common: names of a VRF's objects, and reading what came back. */

/** Part of the DN of everything that a leaf keeps for a VRF: `dom-tenant:vrf`. */
export function domainOf(args: { readonly tenant: string; readonly vrf: string }): string {
  return `dom-${args.tenant}:${args.vrf}`;
}

/** Query for the objects of a class in one VRF, with these classes below them. `wcard` searches; names are plain enough for it. */
export function inDomain(className: string, domain: string, children: readonly string[] = []): ApicQuery {
  return {
    "query-target-filter": `wcard(${className}.dn,"${domain}/")`,
    ...(children.length === 0 ? {} : { "rsp-subtree": "full", "rsp-subtree-class": children.join(",") }),
  };
}

/** Objects of a class among some objects and everything below them. */
export function ofClass(objects: readonly FoundObject[], className: string): FoundObject[] {
  return objects.flatMap((object) => [
    ...(object.className === className ? [object] : []),
    ...ofClass(object.children, className),
  ]);
}

/** One spelling of an address without its length: `192.168.2.4/32` and `192.168.2.4` are the same neighbour. */
export function plainAddress(text: string): string {
  const [address = text] = text.split("/");
  if (Address4.isValid(address)) return new Address4(address).correctForm();
  return Address6.isValid(address) ? new Address6(address).correctForm() : address;
}

/** One spelling of a prefix. */
export function plainPrefix(text: string): string {
  const length = text.split("/")[1];
  return length === undefined ? plainAddress(text) : `${plainAddress(text)}/${length}`;
}

/** Whether an address or prefix lies in a prefix (or is that address). */
export function lies(text: string, within: string): boolean {
  if (Address4.isValid(text) && Address4.isValid(within)) return new Address4(text).isInSubnet(new Address4(within));
  return Address6.isValid(text) && Address6.isValid(within) && new Address6(text).isInSubnet(new Address6(within));
}

/** Flags of a bitmask property. */
export function flagsOf(object: FoundObject | undefined, property: string): string[] {
  return (object?.attributes[property] ?? "").split(",").filter((flag) => flag !== "");
}
