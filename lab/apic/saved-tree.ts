import { isObject } from "../../runner/json.ts";
import { classTable } from "./class-table.ts";
import { resolveDn } from "./dn.ts";
import { newObject } from "./object.ts";
import type { Tree } from "./tree.ts";

/** What the simulator remembers between runs: the configuration with its secrets, and which seeds it has laid already. */
export interface SavedTree {
  /** What each seed said when it was laid, by DN. */
  readonly seeded: Readonly<Record<string, string>>;
  readonly objects: readonly SavedObject[];
}

interface SavedObject {
  readonly dn: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly secure: Readonly<Record<string, string>>;
}

/** The configuration part of a tree, parents before children. */
export function saveTree(tree: Tree, seeded: SavedTree["seeded"]): SavedTree {
  const objects = [...tree.subtree("uni")].filter((object) => classTable.get(object.className)?.operational === false);
  return { seeded, objects: objects.map(({ dn, attributes, secure }) => ({ dn, attributes, secure })) };
}

/** Reads what was saved; undefined when it is nothing that `saveTree` wrote. */
export function readSavedTree(value: unknown): SavedTree | undefined {
  if (!isObject(value) || !Array.isArray(value.objects)) return undefined;
  const objects: SavedObject[] = [];
  for (const object of value.objects) {
    if (!isObject(object) || typeof object.dn !== "string") return undefined;
    objects.push({ dn: object.dn, attributes: texts(object.attributes), secure: texts(object.secure) });
  }
  return { seeded: texts(value.seeded), objects };
}

/** Puts saved objects back. Classes the simulator no longer knows are left behind with all below them. */
export function restoreTree(tree: Tree, saved: SavedTree): void {
  for (const { dn, attributes, secure } of saved.objects) {
    const steps = resolveDn(dn);
    const step = "position" in steps ? undefined : steps.at(-1);
    const parent = "position" in steps ? undefined : steps.at(-2);
    if (step === undefined || (parent !== undefined && tree.get(parent.dn) === undefined)) continue;
    tree.put(newObject(step, attributes, secure));
  }
}

function texts(value: unknown): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [key, text] of Object.entries(isObject(value) ? value : {})) if (typeof text === "string") found[key] = text;
  return found;
}
