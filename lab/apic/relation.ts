import type { LabObject } from "../parts.ts";
import { NEVER_FORMED, type Relation } from "./class-shape.ts";
import { abstractClasses, type ClassModel, classTable } from "./class-table.ts";
import { buildRn, parentDn, rnOf } from "./dn.ts";
import { mirrorOf } from "./mirror-class.ts";
import { changed } from "./object.ts";
import type { SwitchObject } from "./switch-object.ts";
import type { Tree } from "./tree.ts";

/** What resolving writes into a relation object (aci-objects 2.3). */
interface Resolved {
  readonly state: "formed" | "unformed" | "missing-target";
  readonly stateQual: "none" | "default-target";
  readonly tDn: string;
  /** Relations by name only. */
  readonly tRn?: string;
  readonly tCl: string;
}

/** Classes that point at others. */
export const relationClasses: readonly ClassModel[] = [...classTable.values()].filter((model) => model.relation !== undefined);

/** Looks up the targets of all relations anew and notes in each relation what was found. */
export function resolveRelations(tree: Tree): void {
  for (const { name, relation } of relationClasses) {
    if (relation === undefined) continue;
    for (const object of tree.ofClass(name)) {
      const resolved = relation.kind === "named" ? byName(tree, object, relation) : byDn(tree, object, relation);
      const after = changed(object, { ...resolved });
      if (after !== object) tree.put(after);
    }
  }
}

/** What targets show of those who point at them: one object for each user (aci-objects 2.3). */
export function mirrorObjects(tree: Tree): readonly SwitchObject[] {
  const mirrors: SwitchObject[] = [];
  for (const { name, relation } of relationClasses) {
    const mirror = relation === undefined ? undefined : mirrorOf(name, relation);
    if (mirror === undefined) continue;
    for (const object of tree.ofClass(name)) {
      if (object.attributes.state !== "formed") continue;
      const source = tree.get(parentDn(object.dn));
      if (source === undefined) continue;
      const dn = `${object.attributes.tDn}/${mirror.rn.replace("{tDn}", () => source.dn)}`;
      mirrors.push({ className: mirror.name, dn, attributes: { tCl: source.className, tDn: source.dn } });
    }
  }
  return mirrors;
}

/** The object a relation points at now. */
export function targetOf(tree: Tree, relation: LabObject | undefined): LabObject | undefined {
  return relation === undefined ? undefined : tree.get(relation.attributes.tDn ?? "");
}

function byName(tree: Tree, object: LabObject, relation: Relation): Resolved {
  const name = object.attributes[relation.property] ?? "";
  const nothing = { stateQual: "none", tDn: "", tRn: "", tCl: relation.target } as const;
  if (name === "") {
    if (relation.fallback === undefined) return { state: "unformed", ...nothing };
    const tDn = relation.fallback;
    return { state: "formed", stateQual: "default-target", tDn, tRn: rnOf(tDn), tCl: relation.target };
  }
  const target = classTable.get(relation.target);
  for (const home of target === undefined ? [] : homes(object.dn, relation.target)) {
    const built = target === undefined ? { missing: "" } : buildRn(target, { name });
    const tDn = "rn" in built ? `${home}/${built.rn}` : "";
    if (tree.get(tDn) !== undefined) return { state: "formed", stateQual: "none", tDn, tRn: rnOf(tDn), tCl: relation.target };
  }
  return { state: "missing-target", ...nothing };
}

/** Objects of which there is one: policies that lie in them have one home. */
const SINGLE_HOMES: ReadonlyMap<string, string> = new Map([
  ["infraInfra", "uni/infra"],
  ["infraFuncP", "uni/infra/funcprof"],
  ["fabricInst", "uni/fabric"],
]);

/** Where a name is looked up: the own L3Out for route maps, the own tenant, then common; policies of ports below uni/infra. */
function homes(dn: string, target: string): readonly string[] {
  const single = classTable.get(target)?.shape.parents.flatMap((parent) => SINGLE_HOMES.get(parent) ?? []) ?? [];
  if (single.length > 0) return single;
  const tenant = /^uni\/tn-[^/]+/.exec(dn)?.[0];
  const out = target === "rtctrlProfile" ? /^uni\/tn-[^/]+\/out-[^/]+/.exec(dn)?.[0] : undefined;
  return [out, tenant, "uni/tn-common"].filter((home) => home !== undefined);
}

function byDn(tree: Tree, object: LabObject, relation: Relation): Resolved {
  const tDn = object.attributes.tDn ?? "";
  const found = tree.get(tDn);
  const tCl = found?.className ?? relation.target;
  const where = { stateQual: "none", tDn, tCl } as const;
  if (NEVER_FORMED.has(relation.target) || tDn === "") return { state: "unformed", ...where };
  const legal = found === undefined ? [] : (abstractClasses.get(relation.target) ?? [relation.target]);
  return { state: legal.includes(tCl) ? "formed" : "missing-target", ...where };
}

/** The tenant an object belongs to, as a DN. */
export function tenantDn(dn: string): string {
  return /^uni\/tn-[^/]+/.exec(dn)?.[0] ?? "";
}

/** The nearest object above of a class. */
export function ancestor(tree: Tree, dn: string, className: string): LabObject | undefined {
  for (let above = parentDn(dn); above !== ""; above = parentDn(above)) {
    const object = tree.get(above);
    if (object?.className === className) return object;
  }
  return undefined;
}
