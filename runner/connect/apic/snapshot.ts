import type { FoundObject } from "../managed-object.ts";
import { canonicalDn, isWithin, parentDn } from "./dn.ts";

/** An object as it is known to be now: read, or laid over by a plan of check mode. */
export interface KnownObject {
  readonly className: string;
  /** As the server spells it. */
  readonly dn: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What is known of one or more owned roots. Objects are found by DN whatever the spelling of addresses in it. */
export interface Snapshot {
  get(dn: string): KnownObject | undefined;
  put(object: KnownObject): void;
  /** Takes an object and everything below it out. */
  remove(dn: string): void;
  /** Objects of a class directly below an object. */
  children(dn: string, className: string): KnownObject[];
  /** Everything directly below an object. */
  childrenOf(dn: string): KnownObject[];
  /** Objects of a class, wherever they are. */
  ofClass(className: string): KnownObject[];
  /** Objects of these classes at a DN or anywhere below it. */
  within(dn: string, classes: ReadonlySet<string>): KnownObject[];
}

/** An empty snapshot. */
export function snapshot(): Snapshot {
  const objects = new Map<string, KnownObject>();
  const below = new Map<string, Set<string>>();

  const remove = (key: string): void => {
    for (const child of below.get(key) ?? []) remove(child);
    below.delete(key);
    objects.delete(key);
    below.get(parentDn(key) ?? "")?.delete(key);
  };

  const childrenOf = (dn: string): KnownObject[] =>
    [...(below.get(canonicalDn(dn)) ?? [])].flatMap((key) => objects.get(key) ?? []);

  return {
    get: (dn) => objects.get(canonicalDn(dn)),
    put: (object) => {
      const key = canonicalDn(object.dn);
      objects.set(key, object);
      const parent = parentDn(key) ?? "";
      const siblings = below.get(parent) ?? new Set();
      below.set(parent, siblings.add(key));
    },
    remove: (dn) => remove(canonicalDn(dn)),
    children: (dn, className) => childrenOf(dn).filter((object) => object.className === className),
    childrenOf,
    ofClass: (className) => [...objects.values()].filter((object) => object.className === className),
    within: (dn, classes) => {
      const ancestor = canonicalDn(dn);
      return [...objects]
        .filter(([key, { className }]) => classes.has(className) && isWithin(key, ancestor))
        .map(([, known]) => known);
    },
  };
}

/** Puts an object and everything below it into a snapshot. */
export function putTree(into: Snapshot, found: FoundObject): void {
  into.put({ className: found.className, dn: found.dn, attributes: found.attributes });
  for (const child of found.children) putTree(into, child);
}
