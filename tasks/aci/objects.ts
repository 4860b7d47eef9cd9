import type { ExclusiveChildren, ManagedObject, MoValue } from "../../runner/connect/managed-object.ts";
import { contractDn, vrfDn } from "./names.ts";

/** An object that must exist already and stays somebody else's: only these properties of it are set. */
export function existing(
  className: string,
  dn: string,
  properties: Readonly<Record<string, MoValue>> = {},
  exclusive: readonly (string | ExclusiveChildren)[] = [],
): ManagedObject {
  return { kind: "mo", className, dn, state: "present", properties, exclusive, owned: false };
}

/** A VRF that must exist, in this tenant or in common, where its name is looked up (facts 3.1). */
export function existingVrf(tenant: string, vrf: string): ManagedObject {
  return { ...existing("fvCtx", vrfDn(tenant, vrf)), orElse: [vrfDn("common", vrf)] };
}

/** Puts properties of somebody else's object back, if the object exists; for `state: absent`. */
export function putBack(className: string, dn: string, properties: Readonly<Record<string, MoValue>>): ManagedObject {
  return { kind: "mo", className, dn, state: "absent", properties, exclusive: [], owned: false };
}

/** A contract that must exist, in this tenant or in common, where its name is looked up (facts 5.1). */
export function existingContract(tenant: string, contract: string): ManagedObject {
  return { ...existing("vzBrCP", contractDn(tenant, contract)), orElse: [contractDn("common", contract)] };
}

/**
 * The object with one more condition: where somebody else made it, the property is this already or empty. Replacing it would take away what
 * others stand on: the VLAN pool of a domain, the VRF of an L3Out.
 */
export function neverMoved(object: ManagedObject, property: string, because: string): ManagedObject {
  const value = object.properties[property];
  const wanted = Array.isArray(value) ? [...value].sort().join(",") : String(value);
  return { ...object, requires: [...(object.requires ?? []), { property, oneOf: [...new Set([wanted, ""])], because }] };
}
