import type { WireObject } from "./answer.ts";
import { parentDn, rnOf } from "./dn.ts";
import { renderAttributes } from "./render.ts";
import type { ObjectChange } from "./tree.ts";

/** What `rsp-subtree=modified` answers to a write: every changed object with its status, nested as in the tree (aci-objects 1.6). */
export function modifiedObjects(changes: readonly ObjectChange[]): readonly WireObject[] {
  const byParent = new Map<string, ObjectChange[]>();
  const changed = new Set(changes.map((change) => change.dn));
  const tops: ObjectChange[] = [];
  for (const change of changes) {
    const parent = parentDn(change.dn);
    if (!changed.has(parent)) tops.push(change);
    else byParent.set(parent, [...(byParent.get(parent) ?? []), change]);
  }
  const render = (change: ObjectChange, nested: boolean): WireObject => {
    const children = (byParent.get(change.dn) ?? []).map((child) => render(child, true));
    const attributes = changedAttributes(change, nested);
    const className = (change.after ?? change.before)?.className ?? "";
    return { [className]: children.length === 0 ? { attributes } : { attributes, children } };
  };
  return tops.map((change) => render(change, false));
}

function changedAttributes({ dn, before, after }: ObjectChange, nested: boolean): Readonly<Record<string, string>> {
  const identity = nested ? { rn: rnOf(dn) } : { dn };
  if (after === undefined) return { ...identity, status: "deleted" };
  const attributes = renderAttributes(after, nested, "all");
  if (before === undefined) return { ...attributes, status: "created" };
  const differing = Object.entries(attributes).filter(([property, value]) => before.attributes[property] !== value);
  return { ...Object.fromEntries(differing), ...identity, status: "modified" };
}
