import type { LabObject } from "../parts.ts";

/** The APIC's tree with a quick way down. */
export interface PolicyTree {
  get(dn: string): LabObject | undefined;
  children(dn: string, className: string): readonly LabObject[];
  ofClass(className: string): readonly LabObject[];
}

/**
 * Indexes a tree's policy and its faults; the order in which they were given does not matter. What switches report of ports, sessions and
 * routes is left out: it is most of a big fabric's tree, and no input of the model.
 */
export function policyTree(objects: ReadonlyMap<string, LabObject>): PolicyTree {
  const below = new Map<string, LabObject[]>();
  const classes = new Map<string, LabObject[]>();
  const sorted = [...objects.values()].filter(isPolicy).sort((a, b) => (a.dn < b.dn ? -1 : a.dn > b.dn ? 1 : 0));
  for (const object of sorted) {
    append(below, `${parentDn(object.dn)} ${object.className}`, object);
    append(classes, object.className, object);
  }
  return {
    get: (dn) => objects.get(dn),
    children: (dn, className) => below.get(`${dn} ${className}`) ?? [],
    ofClass: (className) => classes.get(className) ?? [],
  };
}

function isPolicy({ dn, className }: LabObject): boolean {
  return dn.startsWith("uni/") || className === "faultInst";
}

function append(lists: Map<string, LabObject[]>, key: string, object: LabObject): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [object]);
  else list.push(object);
}

/** The DN one RN shorter; slashes inside brackets belong to a name. */
export function parentDn(dn: string): string {
  let depth = 0;
  for (let at = dn.length - 1; at >= 0; at -= 1) {
    const sign = dn.charAt(at);
    if (sign === "]") depth += 1;
    else if (sign === "[") depth -= 1;
    else if (sign === "/" && depth === 0) return dn.slice(0, at);
  }
  return "";
}

/** The closest object of a class on the way up. */
export function ancestor(tree: PolicyTree, dn: string, className: string): LabObject | undefined {
  for (let up = parentDn(dn); up !== ""; up = parentDn(up)) {
    const object = tree.get(up);
    if (object?.className === className) return object;
  }
  return undefined;
}

/** `uni/tn-T` of any DN of a tenant. */
export function tenantDn(dn: string): string {
  return dn.split("/").slice(0, 2).join("/");
}

/** A named relation's target: own tenant, then `common` (aci-objects 2.3). `rn` is the target's RN. */
export function namedTarget(tree: PolicyTree, from: string, rn: string): LabObject | undefined {
  return tree.get(`${tenantDn(from)}/${rn}`) ?? tree.get(`uni/tn-common/${rn}`);
}
