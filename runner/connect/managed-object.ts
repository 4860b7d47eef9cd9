import type { Result } from "../result.ts";
import type { Secret } from "../secret.ts";

/** What a task type may set on a property. Flags are lists; booleans become `yes`/`no`; a Secret is write-only. */
export type MoValue = string | number | boolean | readonly string[] | Secret;

/** A managed object of the APIC as a task type wants it: only the properties it sets (facts, section 2). */
export interface ManagedObject {
  readonly kind: "mo";
  readonly className: string;
  /** Distinguished name, brackets literal: `uni/tn-prod/out-k8s/lnodep-border`. */
  readonly dn: string;
  readonly state: "present" | "absent";
  readonly properties: Readonly<Record<string, MoValue>>;
  /**
   * Child classes of which only the ones wanted in the same task may exist below this object: extra ones are deleted
   * (the prefixes of a match rule, the subnets of an external EPG). Below an object that was there before underlay came, those of
   * somebody else stay.
   */
  readonly exclusive: readonly (string | ExclusiveChildren)[];
  /**
   * False for an object that somebody else made and owns (the VRF, the tenant): it is never created, annotated or deleted, only
   * the properties named here are set. Absent then means: these properties are put back to the values here, if the object exists.
   */
  readonly owned: boolean;
  /**
   * Not owned only: DNs that do as well, asked in order: a VRF may be in `common`. What is set, is set on the first that exists.
   */
  readonly orElse?: readonly string[];
  /** Values that an object of somebody else must have; another one is a failure, and is never changed. What underlay made may change. */
  readonly requires?: readonly Requirement[];
  /**
   * Absent only: makes it a shared object, which stays, with a warning, while one of these uses exists after this task, or while it
   * holds objects of somebody else. An object without `usedBy` that holds objects of somebody else is a failure.
   */
  readonly usedBy?: readonly Use[];
  /**
   * Shared objects only: DNs of what the task puts into it. From one that somebody else made only these go, and not what underlay
   * put there for another cluster.
   */
  readonly parts?: readonly string[];
  /** Shared objects only: it also stays while it holds children of these classes after this task, those of other clusters too. */
  readonly keptBy?: readonly string[];
  /** Absent only: nothing is deleted. It is a failure when deleting would fail, so that this is known before others are deleted. */
  readonly onlyAsked?: true;
  /**
   * Known by its members and not by its name: a sibling of the same class with exactly these children is the same object and stays as it
   * is, whoever made it. A sibling with some of them is a failure: nothing is moved (the vPC pair of two leaves).
   */
  readonly members?: Members;
}

/** What a property must be, and why: `the contract crosses tenants`. */
export interface Requirement {
  readonly property: string;
  readonly oneOf: readonly string[];
  readonly because: string;
}

/** How other objects use one: those of a class whose property has, begins with or ends with a value. */
export interface Use {
  readonly className: string;
  readonly property: string;
  readonly value: string;
  readonly match: "is" | "begins" | "ends";
  /** Only users at or below this DN: a name is looked up in the user's own tenant first (facts 2.3). */
  readonly within?: string;
}

/** Children by their class and relative names: `nodepep-201`. */
export interface Members {
  readonly className: string;
  readonly names: readonly string[];
}

/** Children of a class that have this value in a property: the relations of one address family. */
export interface ExclusiveChildren {
  readonly className: string;
  readonly property: string;
  readonly value: string;
}

/** A managed object that should exist with these properties. */
export function mo(
  className: string,
  dn: string,
  properties: Readonly<Record<string, MoValue>> = {},
  exclusive: readonly (string | ExclusiveChildren)[] = [],
): ManagedObject {
  return { kind: "mo", className, dn, state: "present", properties, exclusive, owned: true };
}

/** A managed object that should not exist, if it is ours: one without our annotation stays, without what we put into it. */
export function absentMo(className: string, dn: string): ManagedObject {
  return { kind: "mo", className, dn, state: "absent", properties: {}, exclusive: [], owned: true };
}

/** Asks whether an object could be taken away, and takes nothing. */
export function removable(className: string, dn: string): ManagedObject {
  return { ...absentMo(className, dn), onlyAsked: true };
}

/** A shared object that should not exist unless others use it; `parts` are what the task put into it. */
export function absentUnlessUsed(
  className: string,
  dn: string,
  usedBy: readonly Use[],
  parts: readonly string[] = [],
): ManagedObject {
  return { ...absentMo(className, dn), usedBy, parts };
}

/** An object as the APIC gave it, with the children that were asked for. Every value is text, as on the wire. */
export interface FoundObject {
  readonly className: string;
  readonly dn: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly FoundObject[];
}

/** Query parameters of the APIC's REST interface (facts, section 1.4), by the names it uses. */
export type ApicQuery = Readonly<Record<string, string>>;

/** Reads from the controller cluster. Failures carry the server's own words. */
export interface ApicReader {
  /** One object by DN; undefined when it does not exist (the APIC answers 200 with an empty list). */
  object(dn: string, query?: ApicQuery): Promise<Result<FoundObject | undefined>>;
  /** All objects of a class. */
  class(className: string, query?: ApicQuery): Promise<Result<readonly FoundObject[]>>;
}

/** The same, scoped to one leaf: class queries go to that node only, which is much cheaper for operational classes. */
export interface LeafReader extends ApicReader {
  /** `topology/pod-1/node-201`. */
  readonly nodeDn: string;
}

/** Writes to the controller cluster. */
export interface ApicWriter {
  /** POSTs a tree; one transaction. */
  post(dn: string, tree: unknown): Promise<Result<void>>;
}
