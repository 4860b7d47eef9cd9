import { canonicalAddress } from "./address-text.ts";

/** Relative names of a DN, outermost first. Slashes inside brackets belong to the name: `rsnodeL3OutAtt-[topology/pod-1/node-201]`. */
export function relativeNames(dn: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < dn.length; index++) {
    const character = dn[index];
    if (character === "[") depth++;
    else if (character === "]") depth--;
    else if (character === "/" && depth === 0) {
      names.push(dn.slice(start, index));
      start = index + 1;
    }
  }
  names.push(dn.slice(start));
  return names;
}

/** DN of the object that contains this one; undefined for a top object such as `uni`. */
export function parentDn(dn: string): string | undefined {
  const names = relativeNames(dn);
  return names.length > 1 ? names.slice(0, -1).join("/") : undefined;
}

/** Whether `dn` is `ancestor` or lies below it. */
export function isWithin(dn: string, ancestor: string): boolean {
  return dn === ancestor || dn.startsWith(`${ancestor}/`);
}

/** Branches of the policy tree that hold objects of many owners: what somebody owns begins one level deeper. */
const SHARED_BRANCH = /^(tn-.+|infra|fabric)$/;

/**
 * The subtree that is read as a whole for an object: `uni/tn-T/out-O`, `uni/tn-T/ctx-V`, `uni/infra/attentp-A`,
 * `uni/infra/funcprof/accbundle-G`, or `uni/phys-P`. Never a whole tenant or all policy groups: thousands of objects of others.
 */
export function ownedRoot(dn: string): string {
  const names = relativeNames(dn);
  if (!SHARED_BRANCH.test(names[1] ?? "")) return names.slice(0, 2).join("/");
  return names.slice(0, names[1] === "infra" && names[2] === "funcprof" ? 4 : 3).join("/");
}

/**
 * The branch of the tree one POST may touch: `uni/tn-T`, `uni/infra`, `uni/fabric`. The controllers keep branches in different
 * shards, and refuse a request that needs a transaction across them (facts 1.6).
 */
export function topBranch(dn: string): string {
  return relativeNames(dn).slice(0, 2).join("/");
}

/** Longest DN that all of these have in common, whole relative names only. */
export function commonAncestor(dns: readonly string[]): string {
  const [first = "", ...others] = dns;
  let common = relativeNames(first);
  for (const dn of others) {
    const names = relativeNames(dn);
    const differs = common.findIndex((name, index) => name !== names[index]);
    if (differs !== -1) common = common.slice(0, differs);
  }
  return common.join("/");
}

/**
 * A DN with the addresses in its brackets in one spelling: the server keeps the text an object was first made with, and
 * `dest-[FD00:0::/64]` is the same object as `dest-[fd00::/64]`.
 */
export function canonicalDn(dn: string): string {
  return dn.replace(/\[([^[\]]*)\]/g, (whole, inside: string) => {
    const address = canonicalAddress(inside);
    return address === undefined ? whole : `[${address}]`;
  });
}
