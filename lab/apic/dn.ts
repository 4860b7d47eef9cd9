import { type ClassModel, childClasses, ROOT } from "./class-table.ts";

/** Splits a DN at the slashes outside brackets: `uni/tn-T/out-O/rsl3DomAtt` → four RNs. Undefined when brackets do not match. */
export function splitDn(dn: string): readonly string[] | undefined {
  const rns: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < dn.length; index++) {
    const character = dn[index];
    if (character === "[") depth++;
    else if (character === "]") depth--;
    else if (character === "/" && depth === 0) {
      rns.push(dn.slice(start, index));
      start = index + 1;
    }
    if (depth < 0) return undefined;
  }
  if (depth !== 0) return undefined;
  rns.push(dn.slice(start));
  return rns.includes("") ? undefined : rns;
}

/** The DN an object lies in; empty for a top object. */
export function parentDn(dn: string): string {
  let depth = 0;
  for (let index = dn.length - 1; index >= 0; index--) {
    const character = dn[index];
    if (character === "]") depth++;
    else if (character === "[") depth--;
    else if (character === "/" && depth === 0) return dn.slice(0, index);
  }
  return "";
}

/** The last part of a DN. */
export function rnOf(dn: string): string {
  const parent = parentDn(dn);
  return parent === "" ? dn : dn.slice(parent.length + 1);
}

/** A DN below another one. */
export function joinDn(parent: string, rn: string): string {
  return parent === "" ? rn : `${parent}/${rn}`;
}

/** Whether a DN is another one or lies below it. */
export function isWithin(dn: string, ancestor: string): boolean {
  return dn === ancestor || ancestor === "" || dn.startsWith(`${ancestor}/`);
}

/** Naming properties that an RN of this class spells, or undefined when it is no RN of the class. */
export function parseRn(model: ClassModel, rn: string): Readonly<Record<string, string>> | undefined {
  const match = model.rnPattern.exec(rn);
  if (match === null) return undefined;
  return Object.fromEntries(model.naming.map((property, index) => [property, match[index + 1] ?? ""]));
}

/** The RN that naming properties make, or the first property that is missing. */
export function buildRn(model: ClassModel, values: Readonly<Record<string, string>>): { rn: string } | { missing: string } {
  let rn = model.shape.rn;
  for (const property of model.naming) {
    const value = values[property];
    if (value === undefined || value === "") return { missing: property };
    rn = rn.replace(`{${property}}`, () => value);
  }
  return { rn };
}

/** One step of a DN. */
export interface DnStep {
  readonly dn: string;
  readonly rn: string;
  readonly model: ClassModel;
  readonly naming: Readonly<Record<string, string>>;
}

/** Where a DN stops making sense: the RN and its position, counted from 1. */
export interface DnMistake {
  readonly rn: string;
  readonly position: number;
}

/** Walks a DN through the class table. */
export function resolveDn(dn: string): readonly DnStep[] | DnMistake {
  const rns = splitDn(dn);
  if (rns === undefined) return { rn: dn, position: 1 };
  const steps: DnStep[] = [];
  let parentClass = ROOT;
  let path = "";
  for (const [index, rn] of rns.entries()) {
    const step = childStep(parentClass, joinDn(path, rn), rn);
    if (step === undefined) return { rn, position: index + 1 };
    steps.push(step);
    parentClass = step.model.name;
    path = step.dn;
  }
  return steps;
}

function childStep(parentClass: string, dn: string, rn: string): DnStep | undefined {
  for (const model of childClasses(parentClass)) {
    if (!rn.startsWith(model.rnPrefix)) continue;
    const naming = parseRn(model, rn);
    if (naming !== undefined) return { dn, rn, model, naming };
  }
  return undefined;
}
