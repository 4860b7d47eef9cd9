import { type Failure, failed, ok, type Result } from "../../result.ts";
import type { ManagedObject } from "../managed-object.ts";
import { compare, isUntouchedImplicit, substance } from "./compare.ts";
import { canonicalDn, isWithin, ownedRoot, parentDn, relativeNames } from "./dn.ts";
import { type Edit, OWNER } from "./edit.ts";
import { type PasswordTags, tagDn } from "./password-tag.ts";
import type { KnownObject, Snapshot } from "./snapshot.ts";

/** What has to be written so that the wanted objects are as the task says, in the task's order. Fails when a parent is missing. */
export async function planEdits(
  resources: readonly ManagedObject[],
  known: Snapshot,
  tags: PasswordTags,
): Promise<Result<readonly Edit[]>> {
  const planned: Edit[] = [];
  const coming = new Set(resources.filter(isComing).map(({ dn }) => canonicalDn(dn)));
  const going = (dn: string): boolean =>
    planned.some((edit) => edit.action === "delete" && isWithin(canonicalDn(dn), canonicalDn(edit.dn)));

  for (const wanted of resources) {
    const found = known.get(wanted.dn);
    const there = found !== undefined && !isUntouchedImplicit(found, wanted) ? found : undefined;
    if (wanted.state === "absent" && wanted.owned) {
      const needed = wanted.usedBy?.some((dn) => known.get(dn) !== undefined && !going(dn)) ?? false;
      if (there !== undefined && !needed && !going(there.dn)) planned.push(deletion(there));
      continue;
    }
    if (found === undefined && !wanted.owned) {
      if (wanted.state === "absent") continue;
      return failed(
        notThere(wanted.className, wanted.dn, "it belongs to somebody else, so this playbook does not make it: create it first"),
      );
    }
    const parent = parentDn(wanted.dn) ?? "";
    if (wanted.dn !== ownedRoot(wanted.dn) && !coming.has(canonicalDn(parent)) && known.get(parent) === undefined) {
      return failed(notThere("parent", parent, "run the task that makes it before this one (steps 3 and 4 of the playbook)"));
    }
    planned.push(...(await upsert(wanted, there, known, tags)));
    if (wanted.state === "present") planned.push(...extras(wanted, coming, known).map(deletion));
  }
  return ok(planned);
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

/** Children of an exclusive class that the task does not want. */
function extras(wanted: ManagedObject, coming: ReadonlySet<string>, known: Snapshot): KnownObject[] {
  return wanted.exclusive.flatMap((rule) => {
    const className = typeof rule === "string" ? rule : rule.className;
    const children = known.children(wanted.dn, className).filter(({ dn }) => !coming.has(canonicalDn(dn)));
    return typeof rule === "string" ? children : children.filter(({ attributes }) => attributes[rule.property] === rule.value);
  });
}

/** The DN as the server spells it, as far as it exists; addresses in new names get their one spelling. */
function spelled(dn: string, known: Snapshot): string {
  const found = known.get(dn);
  if (found !== undefined) return found.dn;
  const parent = parentDn(dn);
  const own = canonicalDn(relativeNames(dn).at(-1) ?? "");
  return parent === undefined || dn === ownedRoot(dn) ? canonicalDn(dn) : `${spelled(parent, known)}/${own}`;
}

function notThere(className: string, dn: string, next: string): Failure {
  return { kind: "failed", doing: `GET /api/mo/${dn}.json`, message: `${className} ${dn} does not exist`, next };
}
