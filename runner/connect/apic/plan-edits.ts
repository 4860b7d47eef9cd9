import { type Failure, failed, ok, type Result } from "../../result.ts";
import type { ManagedObject } from "../managed-object.ts";
import { defaultOf, propertyOf } from "./class-table.ts";
import { compare, isUntouchedImplicit, substance } from "./compare.ts";
import { canonicalDn, isWithin, ownedRoot, parentDn, relativeNames } from "./dn.ts";
import { type Edit, OWNER } from "./edit.ts";
import { byMembers } from "./members.ts";
import { isSame } from "./normalise.ts";
import { isOurs } from "./ownership.ts";
import { type PasswordTags, tagDn } from "./password-tag.ts";
import { named, removalOf } from "./removal.ts";
import type { KnownObject, Snapshot } from "./snapshot.ts";
import type { FindUsers } from "./users.ts";

/** What a task comes to: what has to be written, and what stays on purpose. */
export interface EditPlan {
  readonly edits: readonly Edit[];
  readonly warnings: readonly string[];
}

/** What has to be written so that the wanted objects are as the task says, in the task's order. Fails when a parent is missing. */
export async function planEdits(
  resources: readonly ManagedObject[],
  known: Snapshot,
  tags: PasswordTags,
  findUsers: FindUsers,
): Promise<Result<EditPlan>> {
  const identified = byMembers(resources, known);
  if (!identified.ok) return identified;
  const planned: Edit[] = [];
  const warnings: string[] = [];
  const coming = new Set(identified.value.filter(isComing).map(({ dn }) => canonicalDn(dn)));
  const going = (dn: string): boolean =>
    planned.some((edit) => edit.action === "delete" && isWithin(canonicalDn(dn), canonicalDn(edit.dn)));

  for (const given of identified.value) {
    const wanted = { ...given, dn: [given.dn, ...(given.orElse ?? [])].find((dn) => known.get(dn) !== undefined) ?? given.dn };
    const found = known.get(wanted.dn);
    const there = found !== undefined && !isUntouchedImplicit(found, wanted) ? found : undefined;
    if (wanted.state === "absent" && wanted.owned) {
      if (there === undefined || going(there.dn)) continue;
      const removal = await removalOf(wanted, there, known, going, findUsers);
      if (!removal.ok) return removal;
      if (wanted.onlyAsked) continue;
      planned.push(...removal.value.deleted.filter(({ dn }) => !going(dn)).map(deletion));
      warnings.push(...removal.value.warnings);
      continue;
    }
    if (found === undefined && !wanted.owned) {
      if (wanted.state === "absent") continue;
      return failed(
        notThere(
          wanted.className,
          [given.dn, ...(given.orElse ?? [])],
          "it belongs to somebody else, so this playbook does not make it: create it first, or correct its name in the inventory",
        ),
      );
    }
    if (found !== undefined && wanted.state === "present" && !(wanted.owned && isOurs(found))) {
      const unfit = unfitOf(wanted, found);
      if (unfit !== undefined) return failed(unfit);
    }
    const parent = parentDn(wanted.dn) ?? "";
    if (wanted.dn !== ownedRoot(wanted.dn) && !coming.has(canonicalDn(parent)) && known.get(parent) === undefined) {
      return failed(notThere("parent", [parent], "run the task that makes it before this one (steps 3 and 4 of the playbook)"));
    }
    planned.push(...(await upsert(wanted, there, known, tags)));
    if (wanted.state === "present") {
      const { ours, theirs } = extras(wanted, there, coming, known);
      planned.push(...ours.map(deletion));
      if (theirs.length > 0)
        warnings.push(`${wanted.dn} was there before, so what others put into it stays: ${named(theirs.map(({ dn }) => dn))}`);
    }
  }
  return ok({ edits: planned, warnings });
}

function isComing({ state, owned }: ManagedObject): boolean {
  return state === "present" && owned;
}

async function upsert(
  wanted: ManagedObject,
  found: KnownObject | undefined,
  known: Snapshot,
  tags: PasswordTags,
): Promise<Edit[]> {
  const difference = await compare(wanted, found, known, tags);
  if (difference === undefined) return [];
  const { className } = wanted;
  const dn = spelled(wanted.dn, known);
  const edits: Edit[] = [
    found === undefined
      ? {
          action: "create",
          className,
          dn,
          attributes: { ...difference.attributes, annotation: OWNER },
          change: { target: dn, action: "create", before: null, after: difference.after },
        }
      : {
          action: "modify",
          className,
          dn,
          attributes: difference.attributes,
          change: { target: dn, action: "modify", before: difference.before, after: difference.after },
        },
  ];
  for (const { property, secret } of difference.secrets) {
    const tag = tagDn(dn, property);
    const action = known.get(tag) === undefined ? "create" : "modify";
    edits.push({
      action,
      className: "tagAnnotation",
      dn: tag,
      attributes: { value: await tags.create(secret) },
      change: undefined,
    });
  }
  return edits;
}

function deletion(found: KnownObject): Edit {
  const { className, dn } = found;
  return {
    action: "delete",
    className,
    dn,
    attributes: {},
    change: { target: dn, action: "delete", before: substance(found), after: null },
  };
}

/**
 * Children of an exclusive class that the task does not want. In an object of ours all of them go, whoever made them: the task says what it
 * holds. In one that was there before, those of somebody else stay; but of relations of which there can be one only, all others go.
 */
function extras(
  wanted: ManagedObject,
  there: KnownObject | undefined,
  coming: ReadonlySet<string>,
  known: Snapshot,
): { readonly ours: readonly KnownObject[]; readonly theirs: readonly KnownObject[] } {
  const adopted = wanted.owned && there !== undefined && !isOurs(there);
  const ours: KnownObject[] = [];
  const theirs: KnownObject[] = [];
  for (const rule of wanted.exclusive) {
    const className = typeof rule === "string" ? rule : rule.className;
    const children = known.children(wanted.dn, className).filter(({ dn }) => !coming.has(canonicalDn(dn)));
    for (const child of children) {
      if (typeof rule !== "string" && child.attributes[rule.property] !== rule.value) continue;
      (adopted && typeof rule === "string" && !isOurs(child) ? theirs : ours).push(child);
    }
  }
  return { ours, theirs };
}

/** The DN as the server spells it, as far as it exists; addresses in new names get their one spelling. */
function spelled(dn: string, known: Snapshot): string {
  const found = known.get(dn);
  if (found !== undefined) return found.dn;
  const parent = parentDn(dn);
  const own = canonicalDn(relativeNames(dn).at(-1) ?? "");
  return parent === undefined || dn === ownedRoot(dn) ? canonicalDn(dn) : `${spelled(parent, known)}/${own}`;
}

/** A value that the object's owner would have to change. */
function unfitOf({ className, requires = [] }: ManagedObject, found: KnownObject): Failure | undefined {
  for (const { property, oneOf, because } of requires) {
    const held = propertyOf(found, property) ?? defaultOf(className, property);
    if (oneOf.some((value) => isSame(property, value, held))) continue;
    return {
      kind: "failed",
      doing: `planning with ${found.dn}`,
      message: `${className}.${property} is ${held === "" ? "empty" : held}, and must be ${oneOf.filter((value) => value !== "").join(" or ")}: ${because}`,
      next: `ask its owner to change it, or set it in the inventory if this playbook makes it`,
    };
  }
  return undefined;
}

function notThere(className: string, dns: readonly [string, ...string[]], next: string): Failure {
  return {
    kind: "failed",
    doing: `GET /api/mo/${dns[0]}.json`,
    message: `${className} ${dns.join(" does not exist, nor ")}${dns.length > 1 ? "" : " does not exist"}`,
    next,
  };
}
