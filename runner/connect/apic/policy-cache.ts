import { ok, type Result } from "../../result.ts";
import type { FoundObject } from "../managed-object.ts";
import type { ApicClient } from "./client.ts";
import { isWithin, ownedRoot } from "./dn.ts";
import { type OwnedRoot, type RootQuery, rootQueries } from "./root-query.ts";
import { putTree, type Snapshot, snapshot } from "./snapshot.ts";

/** What the run knows of the policy tree: every owned root is read once, then kept current by what the run itself writes. */
export interface PolicyCache {
  /** Makes sure that these owned roots are known. Tasks that run at the same time share the reading. */
  ensure(roots: readonly OwnedRoot[]): Promise<Result<void>>;
  readonly known: Snapshot;
  /** Whether what is known of an owned root is all there is of it. */
  covers(root: string): boolean;
  /** Reads objects of some classes again, at and below a DN, in one request, and brings what is known up to date. */
  reread(dn: string, classes: ReadonlySet<string>): Promise<Result<void>>;
  /** Forgets roots whose state is in doubt after a failed write: they are read again when needed. */
  forget(roots: Iterable<string>): void;
}

/** A cache that reads through this client. */
export function policyCache(client: ApicClient): PolicyCache {
  const known = snapshot();
  const readings = new Map<string, Promise<Result<void>>>();

  const read = async ({ roots, path }: RootQuery): Promise<Result<void>> => {
    const answered = await client.get(path);
    for (const { dn } of roots) {
      if (answered.ok) known.remove(dn);
      else readings.delete(dn);
    }
    if (!answered.ok) return answered;
    for (const object of answered.value) putTree(known, object);
    return ok(undefined);
  };

  const ensure = async (roots: readonly OwnedRoot[]): Promise<Result<void>> => {
    for (const query of rootQueries(roots.filter(({ dn }) => !readings.has(dn)))) {
      const reading = read(query);
      for (const { dn } of query.roots) readings.set(dn, reading);
    }
    const results = await Promise.all(new Set(roots.map(({ dn }) => readings.get(dn))));
    return results.find((result) => result?.ok === false) ?? ok(undefined);
  };

  const reread = async (dn: string, classes: ReadonlySet<string>): Promise<Result<void>> => {
    const wanted = [...classes].sort().join(",");
    const answered = await client.get(
      `/api/mo/${dn}.json?query-target=subtree&target-subtree-class=${wanted}&rsp-prop-include=config-only`,
    );
    if (!answered.ok) return answered;
    replace(known, dn, classes, answered.value, (object) => readings.has(ownedRoot(object.dn)));
    return ok(undefined);
  };

  return {
    ensure,
    known,
    covers: (root) => readings.has(root),
    reread,
    forget: (roots) => {
      for (const root of roots) {
        readings.delete(root);
        known.remove(root);
      }
    },
  };
}

/** What is no longer there goes, with everything below it; the rest is replaced. Roots that nobody asked for stay unknown. */
function replace(
  known: Snapshot,
  dn: string,
  classes: ReadonlySet<string>,
  found: readonly FoundObject[],
  ofInterest: (object: FoundObject) => boolean,
): void {
  const present = found.filter((object) => isWithin(object.dn, dn) && ofInterest(object));
  const before = known.within(dn, classes);
  for (const object of present) known.put(object);
  const still = new Set(present.map((object) => known.get(object.dn)));
  for (const object of before) {
    const now = known.get(object.dn);
    if (now !== undefined && !still.has(now)) known.remove(object.dn);
  }
}
