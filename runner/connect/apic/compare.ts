import type { Json } from "../../json.ts";
import { MASK, Secret } from "../../secret.ts";
import type { ManagedObject, MoValue } from "../managed-object.ts";
import { classTable, defaultOf } from "./class-table.ts";
import { isReadable, isSame, wireText } from "./normalise.ts";
import type { PasswordTags } from "./password-tag.ts";
import { tagDn } from "./password-tag.ts";
import type { KnownObject, Snapshot } from "./snapshot.ts";

/** Properties that differ: what to send, and the two sides as people see them. */
export interface Difference {
  readonly attributes: Readonly<Record<string, string | Secret>>;
  readonly before: Readonly<Record<string, Json>>;
  readonly after: Readonly<Record<string, Json>>;
  /** Write-only properties among them: their tags must be written too. */
  readonly secrets: readonly { readonly property: string; readonly secret: Secret }[];
}

/**
 * Compares the properties that a task sets with what is known of the object; undefined when it is not there, then all of them
 * differ. Spelling does not count, nor does anything the task does not set (design section 5).
 */
export async function compare(
  wanted: ManagedObject,
  found: KnownObject | undefined,
  known: Snapshot,
  tags: PasswordTags,
): Promise<Difference | undefined> {
  const attributes: Record<string, string | Secret> = {};
  const before: Record<string, Json> = {};
  const after: Record<string, Json> = {};
  const secrets: { property: string; secret: Secret }[] = [];
  for (const [property, value] of Object.entries(wanted.properties)) {
    const differs = await differsIn(property, value, wanted, found, known, tags);
    if (differs === undefined) continue;
    before[property] = differs.before;
    after[property] = isReadable(value) ? wireText(property, value) : MASK;
    attributes[property] = isReadable(value) ? wireText(property, value) : value;
    if (value instanceof Secret) secrets.push({ property, secret: value });
  }
  const same = found !== undefined && Object.keys(attributes).length === 0;
  return same ? undefined : { attributes, before, after, secrets };
}

async function differsIn(
  property: string,
  value: MoValue,
  wanted: ManagedObject,
  found: KnownObject | undefined,
  known: Snapshot,
  tags: PasswordTags,
): Promise<{ readonly before: Json } | undefined> {
  if (found === undefined) return { before: null };
  if (isReadable(value)) {
    const held = found.attributes[property] ?? defaultOf(wanted.className, property);
    return isSame(property, value, held) ? undefined : { before: held };
  }
  const tag = known.get(tagDn(found.dn, property))?.attributes.value;
  if (tag === undefined) return { before: null };
  return (await tags.matches(value, tag)) ? undefined : { before: MASK };
}

/**
 * Whether an object that was read counts as not there: the server makes some relations together with their parent, empty
 * (facts 2.4). Absent and present with defaults are the same, so that check mode and a run speak of the same change.
 */
export function isUntouchedImplicit(found: KnownObject, wanted: ManagedObject): boolean {
  if (classTable[found.className]?.implicit !== true) return false;
  return Object.keys(wanted.properties).every((property) => {
    const byDefault = defaultOf(found.className, property);
    return (found.attributes[property] ?? byDefault) === byDefault;
  });
}

/** Written by the server, or the same for every object: nothing that a reader of a change wants to see. */
const BOOKKEEPING: ReadonlySet<string> = new Set(
  "annotation childAction creator dn extMngdBy lcOwn modTs monPolDn nameAlias ownerKey ownerTag rn status uid userdom".split(" "),
);

/** What an object holds besides defaults and its name, which the DN tells: the `before` of a deletion. */
export function substance({ className, attributes }: KnownObject): Record<string, Json> {
  const rn = classTable[className]?.rn ?? "";
  const telling = Object.entries(attributes).filter(
    ([property, value]) =>
      !BOOKKEEPING.has(property) && !rn.includes(`{${property}}`) && value !== "" && value !== defaultOf(className, property),
  );
  return Object.fromEntries(telling);
}
