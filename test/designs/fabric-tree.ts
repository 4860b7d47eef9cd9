import { isObject } from "../../runner/json.ts";
import type { ByHand } from "../support/by-hand.ts";

/** Everything configurable below `uni` by DN: class and attributes. */
export type FabricTree = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Reads the policy tree as a person would: one GET without what the controller computes. */
export async function fabricTree(hand: ByHand): Promise<FabricTree> {
  const answer = await hand.apicGet("/api/mo/uni.json?rsp-subtree=full&rsp-prop-include=config-only");
  const tree = new Map<string, Readonly<Record<string, string>>>();
  for (const item of children(answer, "imdata")) walk(item, "", tree);
  return tree;
}

/** Lines that tell how two trees differ; none: they are equal. */
export function differences(before: FabricTree, after: FabricTree): string[] {
  const lost = [...before.keys()].filter((dn) => !after.has(dn)).map((dn) => `- ${dn}`);
  const gained = [...after.keys()].filter((dn) => !before.has(dn)).map((dn) => `+ ${dn}`);
  const other = [...after].flatMap(([dn, attributes]) => {
    const old = before.get(dn);
    if (old === undefined) return [];
    const names = [...new Set([...Object.keys(old), ...Object.keys(attributes)])].filter(
      (name) => old[name] !== attributes[name],
    );
    return names.map((name) => `~ ${dn} ${name}: ${old[name]} → ${attributes[name]}`);
  });
  return [...lost, ...gained, ...other].sort();
}

/** Relations whose target is not there: what a fabric shows as a fault. */
export async function danglingRelations(hand: ByHand): Promise<string[]> {
  const answer = await hand.apicGet("/api/mo/uni.json?rsp-subtree=full");
  const tree = new Map<string, Readonly<Record<string, string>>>();
  for (const item of children(answer, "imdata")) walk(item, "", tree);
  return [...tree].filter(([, { state }]) => state === "missing-target").map(([dn]) => dn);
}

function walk(item: unknown, parent: string, into: Map<string, Readonly<Record<string, string>>>): void {
  const { className, attributes } = attributesOf(item);
  const dn = attributes.dn ?? (parent === "" ? (attributes.rn ?? "") : `${parent}/${attributes.rn}`);
  const { dn: _dn, rn: _rn, ...rest } = attributes;
  into.set(dn, { class: className, ...rest });
  const inside = isObject(item) ? item[className] : undefined;
  for (const child of children(inside, "children")) walk(child, dn, into);
}

function attributesOf(item: unknown): { readonly className: string; readonly attributes: Readonly<Record<string, string>> } {
  const [className = "", inside] = isObject(item) ? (Object.entries(item)[0] ?? []) : [];
  const attributes = isObject(inside) && isObject(inside.attributes) ? inside.attributes : {};
  return {
    className,
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)])),
  };
}

function children(of: unknown, key: "children" | "imdata"): readonly unknown[] {
  const list = isObject(of) ? of[key] : undefined;
  return Array.isArray(list) ? list : [];
}
