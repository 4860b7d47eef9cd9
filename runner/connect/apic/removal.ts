import { type Failure, failed, ok, type Result } from "../../result.ts";
import type { ManagedObject } from "../managed-object.ts";
import { isWithin } from "./dn.ts";
import { OWNER } from "./edit.ts";
import { foreignBelow, isOurs, oursBelow } from "./ownership.ts";
import type { KnownObject, Snapshot } from "./snapshot.ts";
import type { FindUsers } from "./users.ts";

/** What taking an object away means: what is deleted, and what stays, in words. */
export interface Removal {
  readonly deleted: readonly KnownObject[];
  readonly warnings: readonly string[];
}

/** Most objects that are named; a subtree may hold hundreds. */
const MOST_NAMED = 5;

/**
 * Takes away what this tool made and nothing else. An object of ours goes as a whole, unless somebody else configured something below it:
 * deleting it would delete that too. In an object of somebody else only ours below it goes. `going` says what this task deletes anyway.
 */
export async function removalOf(
  wanted: ManagedObject,
  found: KnownObject,
  known: Snapshot,
  going: (dn: string) => boolean,
  findUsers: FindUsers,
): Promise<Result<Removal>> {
  const own = isOurs(found) ? [found] : ownParts(wanted, found, known);
  const foreign = own.flatMap(({ dn }) => foreignBelow(dn, known)).filter(({ dn }) => !going(dn));
  if (!isOurs(found)) {
    if (foreign.length > 0) return failed(holdsOthers(found.dn, foreign));
    const rest = own.length > 0 ? "; what underlay put into it is taken away" : "";
    return ok({ deleted: own, warnings: [`${found.dn} stays: underlay did not make it (no annotation ${OWNER})${rest}`] });
  }
  if (wanted.usedBy === undefined) {
    return foreign.length > 0 ? failed(holdsOthers(found.dn, foreign)) : ok({ deleted: own, warnings: [] });
  }
  if (foreign.length > 0)
    return ok(
      staying(
        found.dn,
        "it holds what underlay did not make",
        foreign.map(({ dn }) => dn),
      ),
    );
  const kept = (wanted.keptBy ?? []).flatMap((className) => known.children(found.dn, className)).filter(({ dn }) => !going(dn));
  if (kept.length > 0)
    return ok(
      staying(
        found.dn,
        "it holds what others need",
        kept.map(({ dn }) => dn),
      ),
    );
  const users = await findUsers(wanted.usedBy);
  if (!users.ok) return users;
  const others = users.value.filter((dn) => !going(dn) && !isWithin(dn, found.dn));
  return ok(others.length > 0 ? staying(found.dn, "it is used", others) : { deleted: own, warnings: [] });
}

/** What goes from an object of somebody else: of a shared one only what the task names. */
function ownParts(wanted: ManagedObject, found: KnownObject, known: Snapshot): readonly KnownObject[] {
  if (wanted.usedBy === undefined) return oursBelow(found.dn, known);
  return (wanted.parts ?? []).flatMap((dn) => known.get(dn) ?? []).filter(isOurs);
}

function staying(dn: string, why: string, others: readonly string[]): Removal {
  return { deleted: [], warnings: [`${dn} stays: ${why}: ${named(others)}`] };
}

function holdsOthers(dn: string, foreign: readonly KnownObject[]): Failure {
  return {
    kind: "failed",
    doing: `removing ${dn}`,
    message: `it holds objects that underlay did not make: ${named(foreign.map((object) => object.dn))}`,
    meaning: `they carry no annotation ${OWNER}, and deleting ${dn} would delete them too; nothing was written`,
    next: "ask their owner to remove or move them, or delete them by hand if nobody needs them, then run again",
  };
}

/** `A, B, C, D, E and 7 more`. */
export function named(dns: readonly string[]): string {
  const more = dns.length - MOST_NAMED;
  return dns.slice(0, MOST_NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
