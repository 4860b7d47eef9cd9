import { parentDn } from "./dn.ts";

/** An owned root, with its class where the task names the root itself. */
export interface OwnedRoot {
  readonly dn: string;
  readonly className: string | undefined;
}

/** One GET, and the roots that it reads: all that exist of them. */
export interface RootQuery {
  readonly roots: readonly OwnedRoot[];
  readonly path: string;
}

/**
 * Characters of a query. nginx, which answers for the controllers, takes a request line of 8 kB unless told otherwise; what the APIC
 * tells it is not known.
 */
const LONGEST_QUERY = 4000;

/**
 * The GETs that read these roots whole. Roots of one class in one place share a query, as far as its length goes: a policy group for each
 * of 128 nodes is a few requests. Names in brackets are read one by one: the server may spell what is in them in another way.
 */
export function rootQueries(roots: readonly OwnedRoot[]): RootQuery[] {
  const alone = (root: OwnedRoot): RootQuery => ({ roots: [root], path: `/api/mo/${root.dn}.json?${WHOLE}` });
  const families = new Map<string, OwnedRoot[]>();
  for (const root of new Map(roots.map((root) => [root.dn, root])).values()) {
    const key = root.className === undefined || root.dn.includes("[") ? root.dn : `${root.className} ${parentDn(root.dn)}`;
    families.set(key, [...(families.get(key) ?? []), root]);
  }
  return [...families.values()].flatMap((family) => (family.length === 1 ? family.map(alone) : together(family)));
}

const WHOLE = "rsp-subtree=full&rsp-prop-include=config-only";

function together(family: readonly OwnedRoot[]): RootQuery[] {
  const [first] = family;
  if (first === undefined) return [];
  const { dn, className } = first;
  const start = `/api/mo/${parentDn(dn)}.json?query-target=children&target-subtree-class=${className}&${WHOLE}`;
  const queries: { readonly roots: OwnedRoot[]; path: string }[] = [];
  for (const root of family) {
    const test = `eq(${className}.dn,%22${root.dn}%22)`;
    const last = queries.at(-1);
    if (last !== undefined && last.path.length + test.length < LONGEST_QUERY) {
      last.roots.push(root);
      last.path += `,${test}`;
    } else queries.push({ roots: [root], path: `${start}&query-target-filter=or(${test}` });
  }
  return queries.map(({ roots, path }) => ({ roots, path: `${path})` }));
}
