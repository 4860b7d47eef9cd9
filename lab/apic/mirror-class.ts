import { type ClassShape, NEVER_FORMED, type Relation } from "./class-shape.ts";

/** Class and RN of what a target shows of a relation that points at it. */
export interface Mirror {
  /** `infraRtDomP` */
  readonly name: string;
  /** `rtdomP-[{tDn}]`; tDn is the object that the relation belongs to. */
  readonly rn: string;
}

/**
 * `infraRsVlanNs` → `fvnsRtVlanNs`, `rtinfraVlanNs-[{tDn}]`; inside one package the RN goes without it: `infraRsDomP` → `rtdomP-[{tDn}]`
 * (aci-objects 2.3). Undefined for relations that never form.
 */
export function mirrorOf(className: string, relation: Relation): Mirror | undefined {
  const [, from, name = ""] = /^([a-z0-9]+)Rs(\w+)$/.exec(className) ?? [];
  const to = /^[a-z0-9]+/.exec(relation.target)?.[0];
  if (from === undefined || to === undefined || NEVER_FORMED.has(relation.target)) return undefined;
  const short = from === to ? name.charAt(0).toLowerCase() + name.slice(1) : `${from}${name}`;
  return { name: `${to}Rt${name}`, rn: `rt${short}-[{tDn}]` };
}

/** Shapes of the mirrors of all relations in the table whose targets are in it too. */
export function mirrorClasses(
  shapes: Readonly<Record<string, ClassShape>>,
  abstract: ReadonlyMap<string, readonly string[]>,
): Readonly<Record<string, ClassShape>> {
  const mirrors: Record<string, ClassShape> = {};
  for (const [className, { relation }] of Object.entries(shapes)) {
    const mirror = relation === undefined ? undefined : mirrorOf(className, relation);
    const targets = relation === undefined ? [] : (abstract.get(relation.target) ?? [relation.target]);
    const parents = targets.filter((target) => Object.hasOwn(shapes, target));
    if (mirror === undefined || parents.length === 0) continue;
    const shown = { lcOwn: "local", tCl: "", tDn: "" };
    mirrors[mirror.name] = {
      operational: true,
      rn: mirror.rn,
      parents: [...parents, ...(mirrors[mirror.name]?.parents ?? [])],
      shown,
    };
  }
  return mirrors;
}
