import { classTable, defaultOf } from "./class-table.ts";
import { relativeNames } from "./dn.ts";
import { OWNER } from "./edit.ts";
import { isPasswordTag } from "./password-tag.ts";
import type { KnownObject, Snapshot } from "./snapshot.ts";

/**
 * Whether this tool made an object: it carries our annotation, or is the hash of a password that we set (which has no room for one). What
 * was there before and only got other values does not.
 */
export function isOurs({ dn, attributes }: KnownObject): boolean {
  return attributes.annotation === OWNER || isPasswordTag(dn);
}

/**
 * Objects below one that somebody else made: they carry configuration, and no annotation of ours. What the server made, and labels
 * on our own objects, are nobody's. Below an object of somebody else nothing more is named.
 */
export function foreignBelow(dn: string, known: Snapshot): KnownObject[] {
  return known.childrenOf(dn).flatMap((child) => {
    if (LABELS.has(child.className)) return [];
    if (!isOurs(child) && !isServerMade(child)) return [child];
    return foreignBelow(child.dn, known);
  });
}

/** The outermost objects below one that are ours. */
export function oursBelow(dn: string, known: Snapshot): KnownObject[] {
  return known.childrenOf(dn).flatMap((child) => (isOurs(child) ? [child] : oursBelow(child.dn, known)));
}

/** They describe the object they hang on and go with it; the hash of a password is one (password-tag.ts). */
const LABELS: ReadonlySet<string> = new Set(["tagAnnotation", "tagTag", "tagInst", "tagAliasInst"]);

/** Objects that the server makes with their parent and that are no relations (facts 2.4). */
const SERVER_MADE: ReadonlySet<string> = new Set(["l3extInfraNodeP", "vzAny", "fvEpTags", "vnsSvcCont"]);

const NAME_OF_TARGET = /^tn[A-Z]\w*Name$/;

/**
 * Whether the server made an object by itself. Answers do not always say so (`lcOwn` is read-only, and left out of what is asked for), but
 * relations made with their parent are recognised by what they lack: they name no target and carry no annotation (facts 2.4).
 */
function isServerMade({ className, dn, attributes }: KnownObject): boolean {
  if (attributes.lcOwn === "implicit" || SERVER_MADE.has(className)) return true;
  if ((attributes.annotation ?? "") !== "") return false;
  const names = Object.keys(attributes).filter((property) => NAME_OF_TARGET.test(property));
  if (/Rs[A-Z]/.test(className) && names.length > 0 && !inName(dn, className))
    return names.every((name) => attributes[name] === "");
  if (classTable[className]?.implicit !== true) return false;
  const defaults = Object.keys(classTable[className].defaults);
  return defaults.every((property) => (attributes[property] ?? "") === defaultOf(className, property));
}

/** A relation whose name holds its target was made by somebody who named it. */
function inName(dn: string, className: string): boolean {
  return /[-[]/.test(relativeNames(dn).at(-1) ?? "") || classTable[className]?.rn.includes("{") === true;
}
