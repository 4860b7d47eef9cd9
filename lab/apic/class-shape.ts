import type { Property } from "./property.ts";

/**
 * How a class points at another one (aci-objects 2.3). `named`: by a `tn…Name` that is looked up in the own tenant, then in common.
 * `explicit`: by the DN in `tDn`.
 */
export interface Relation {
  readonly kind: "named" | "explicit";
  /** Property the client writes. */
  readonly property: string;
  /** Class pointed at; abstract for domains (`infraDomP`). */
  readonly target: string;
  /** Fault raised when there is no such target; undefined: no code is known. */
  readonly fault: string | undefined;
  /** What an empty name resolves to. */
  readonly fallback: string | undefined;
}

/** A class of managed objects, as written down in `classes/`. Checked against the APIC's own metadata by a test. */
export interface ClassShape {
  /** `peerP-[{addr}]`: naming properties in braces, verbatim. */
  readonly rn: string;
  /** Classes it may lie in; `*`: any. */
  readonly parents: readonly string[];
  /** Made by switches and controllers, not by clients. */
  readonly operational?: boolean;
  /** `derived`: made with its parent, deleting resets it. `never`: cannot be deleted. */
  readonly life?: "derived" | "never";
  /** Children the server makes together with the object (aci-objects 2.4). */
  readonly implicit?: readonly string[];
  readonly relation?: Relation;
  /** Which of nameAlias, descr, ownerKey, ownerTag it has. */
  readonly carries?: readonly string[];
  /** What clients may set. */
  readonly set?: Readonly<Record<string, Property>>;
  /** Read-only properties with what they show at first. */
  readonly shown?: Readonly<Record<string, string>>;
}

/** A relation by name. */
export function named(property: string, target: string, fault?: string, fallback?: string): Relation {
  return { kind: "named", property, target, fault, fallback };
}

/** A relation by DN. */
export function explicit(target: string, fault?: string): Relation {
  return { kind: "explicit", property: "tDn", target, fault, fallback: undefined };
}

/** Targets whose relations stay `unformed` on a healthy fabric (aci-objects 2.3). */
export const NEVER_FORMED: ReadonlySet<string> = new Set(["fabricNode", "fabricPathEp"]);
