import type { ClassShape, Relation } from "./class-shape.ts";
import { accessClasses } from "./classes/access.ts";
import { adminClasses } from "./classes/admin.ts";
import { applicationClasses } from "./classes/application.ts";
import { bgpClasses } from "./classes/bgp.ts";
import { containerClasses } from "./classes/containers.ts";
import { contractClasses } from "./classes/contract.ts";
import { externalClasses } from "./classes/external.ts";
import { fabricClasses } from "./classes/fabric.ts";
import { interfaceClasses } from "./classes/interface.ts";
import { interfacePolicyClasses } from "./classes/interface-policy.ts";
import { l3outClasses } from "./classes/l3out.ts";
import { leafBgpClasses } from "./classes/leaf-bgp.ts";
import { leafPortClasses } from "./classes/leaf-port.ts";
import { leafRoutesClasses } from "./classes/leaf-routes.ts";
import { ospfClasses } from "./classes/ospf.ts";
import { policyGroupClasses } from "./classes/policy-group.ts";
import { portProfileClasses } from "./classes/port-profile.ts";
import { rootClasses } from "./classes/root.ts";
import { routeMapClasses } from "./classes/route-map.ts";
import { vrfClasses } from "./classes/vrf.ts";
import { mirrorClasses } from "./mirror-class.ts";
import { NAME, NAME_WITHOUT_COLON, type Property, text } from "./property.ts";

/** Free text as descriptions and owner keys take it. */
const DESCRIPTION = /^[a-zA-Z0-9\\!#$%()*,-./:;@ _{|}~?&+]+$/;

const CARRIED: Readonly<Record<string, Property>> = {
  nameAlias: text("", { max: 63, pattern: NAME_WITHOUT_COLON }),
  descr: text("", { max: 128, pattern: DESCRIPTION }),
  ownerKey: text("", { max: 128, pattern: DESCRIPTION }),
  ownerTag: text("", { max: 64, pattern: DESCRIPTION }),
};

const ANNOTATION = text("", { max: 128, pattern: NAME });
const USERDOM = text("all", { max: 1024, pattern: NAME });

const CONFIGURED_SHOWN = {
  childAction: "",
  dn: "",
  extMngdBy: "",
  lcOwn: "local",
  modTs: "never",
  monPolDn: "",
  rn: "",
  status: "",
  uid: "0",
};
const OPERATIONAL_SHOWN = { childAction: "", dn: "", modTs: "never", rn: "", status: "" };
const RELATION_SHOWN = {
  forceResolve: "yes",
  rType: "mo",
  state: "unformed",
  stateQual: "none",
  tDn: "",
};
/** Only relations by name say where the name was found. */
const NAMED_SHOWN = { tContextDn: "", tRn: "", tType: "name" };

/** A class with everything looked up once. */
export interface ClassModel {
  readonly name: string;
  readonly shape: ClassShape;
  readonly operational: boolean;
  readonly relation: Relation | undefined;
  /** Naming properties in the order of the RN. */
  readonly naming: readonly string[];
  /** What stands before the first naming property: `peerP-[`. */
  readonly rnPrefix: string;
  /** Matches a whole RN; one group for each naming property. */
  readonly rnPattern: RegExp;
  /** What clients may set, secrets included. */
  readonly settable: ReadonlyMap<string, Property>;
  /** Every attribute of a GET with its default, in plain ASCII order (aci-objects 1.5); `rn` and `dn` included, secrets not. */
  readonly defaults: ReadonlyMap<string, string>;
}

function shownOf(shape: ClassShape): Record<string, string> {
  if (shape.operational) return { ...OPERATIONAL_SHOWN, ...shape.shown };
  if (shape.relation === undefined) return { ...CONFIGURED_SHOWN, ...shape.shown };
  const byKind = shape.relation.kind === "named" ? NAMED_SHOWN : { tType: "mo" };
  return { ...CONFIGURED_SHOWN, ...RELATION_SHOWN, ...byKind, tCl: shape.relation.target, ...shape.shown };
}

function modelOf(name: string, shape: ClassShape): ClassModel {
  const settable = new Map<string, Property>(Object.entries(shape.set ?? {}));
  for (const property of shape.carries ?? []) {
    const carried = CARRIED[property];
    if (carried !== undefined) settable.set(property, carried);
  }
  if (!shape.operational) settable.set("annotation", ANNOTATION).set("userdom", USERDOM);
  const defaults = new Map(Object.entries(shownOf(shape)));
  for (const [property, rule] of settable) if (rule.kind !== "secret") defaults.set(property, rule.default);
  if (settable.has("userdom")) defaults.set("userdom", ":all:");
  const pattern = shape.rn.replace(/[[\]()*+?.\\^$|]/g, "\\$&").replace(/\{[^}]+\}/g, "(.+)");
  return {
    name,
    shape,
    operational: shape.operational ?? false,
    relation: shape.relation,
    naming: [...shape.rn.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? ""),
    rnPrefix: shape.rn.replace(/\{.*$/, ""),
    rnPattern: new RegExp(`^${pattern}$`, "s"),
    settable,
    defaults: new Map([...defaults].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))),
  };
}

/** The root of everything; it is no object itself. */
export const ROOT = "topRoot";

const SHAPES: Readonly<Record<string, ClassShape>> = {
  ...rootClasses,
  ...vrfClasses,
  ...l3outClasses,
  ...interfaceClasses,
  ...externalClasses,
  ...bgpClasses,
  ...routeMapClasses,
  ...contractClasses,
  ...applicationClasses,
  ...accessClasses,
  ...interfacePolicyClasses,
  ...leafPortClasses,
  ...ospfClasses,
  ...policyGroupClasses,
  ...portProfileClasses,
  ...adminClasses,
  ...fabricClasses,
  ...leafBgpClasses,
  ...leafRoutesClasses,
  ...containerClasses,
};

/** Abstract classes that a query may name, with the concrete ones (aci-objects 1.3). */
export const abstractClasses: ReadonlyMap<string, readonly string[]> = new Map([
  ["infraDomP", ["physDomP", "l3extDomP"]],
  ["infraADomP", ["physDomP", "l3extDomP"]],
  ["extnwDomP", ["l3extDomP"]],
  ["infraAccBaseGrp", ["infraAccBndlGrp", "infraAccPortGrp"]],
  ["vzACtrct", ["vzBrCP"]],
  ["fvEPg", ["l3extInstP", "fvAEPg"]],
  ["l3extOutDef", ["l3extOut"]],
]);

/** Every class the simulator knows. */
export const classTable: ReadonlyMap<string, ClassModel> = new Map(
  [...Object.entries(SHAPES), ...Object.entries(mirrorClasses(SHAPES, abstractClasses))].map(([name, shape]) => [
    name,
    modelOf(name, shape),
  ]),
);

const childrenOf = new Map<string, ClassModel[]>();
for (const model of classTable.values()) {
  for (const parent of model.shape.parents) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), model]);
}
for (const models of childrenOf.values()) models.sort((a, b) => b.rnPrefix.length - a.rnPrefix.length);

/** Classes that may lie directly in a class, the most specific RN first. */
export function childClasses(parent: string): readonly ClassModel[] {
  return [...(childrenOf.get(parent) ?? []), ...(childrenOf.get("*") ?? [])];
}

/** Whether an object of one class may lie in an object of another. */
export function mayContain(parent: string, child: ClassModel): boolean {
  return child.shape.parents.includes("*") || child.shape.parents.includes(parent);
}
