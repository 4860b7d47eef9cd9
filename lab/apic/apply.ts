import type { LabObject } from "../parts.ts";
import { good, type Outcome, refused } from "./answer.ts";
import { type ClassModel, classTable } from "./class-table.ts";
import { joinDn, parentDn } from "./dn.ts";
import { type Intent, namingText } from "./intent.ts";
import { changed, initialValues, newObject, timestamp } from "./object.ts";
import { semanticError } from "./semantic.ts";
import type { ObjectChange, Tree } from "./tree.ts";

/** Numeric id of the one who writes, `uid` of what is written; `0` is the system. */
export type Writer = string;

/**
 * Carries out what a POST asks for, as one transaction: all of it or nothing (aci-objects 1.6). Answers with what changed.
 */
export function applyIntents(tree: Tree, intents: readonly Intent[], writer: Writer): Outcome<readonly ObjectChange[]> {
  return transact(tree, () => {
    for (const intent of intents) {
      const done = applyIntent(tree, intent, writer);
      if (!done.ok) return done;
    }
    return good(undefined);
  });
}

/** Deletes one object as DELETE does: nothing there is fine too. */
export function applyDelete(tree: Tree, dn: string, writer: Writer): Outcome<readonly ObjectChange[]> {
  return transact(tree, () => {
    const object = tree.get(dn);
    return object === undefined ? good(undefined) : deleteObject(tree, object, writer);
  });
}

function transact(tree: Tree, write: () => Outcome<undefined>): Outcome<readonly ObjectChange[]> {
  const recording = tree.record();
  const done = write();
  const changes = recording.changes();
  const error = done.ok ? (shardError(changes) ?? semanticError(tree, changes)) : done.error;
  if (error === undefined) recording.stop();
  else recording.undo();
  return error === undefined ? good(changes) : { ok: false, error };
}

function applyIntent(tree: Tree, intent: Intent, writer: Writer): Outcome<undefined> {
  const { dn, rn, model, verbs } = intent;
  const existing = tree.get(dn);
  if (verbs.has("deleted")) return existing === undefined ? good(undefined) : deleteObject(tree, existing, writer);
  if (existing === undefined) {
    const parent = parentDn(dn);
    if (verbs.has("modified") && !verbs.has("created")) return notFound(dn);
    if (parent !== "" && tree.get(parent) === undefined) return notFound(parent);
    createObject(tree, intent, writer);
  } else {
    const implicit = existing.attributes.lcOwn === "implicit";
    if (verbs.has("created") && !verbs.has("modified") && !implicit) {
      const text = `child (Rn) of class ${model.name} is already attached. dn[(Dn0)] Dn0=${parentDn(dn)}, Rn=${rn}, `;
      return refused("103", text);
    }
    const merged = mergeObject(tree, existing, intent, writer);
    if (!merged.ok) return merged;
  }
  for (const child of intent.children) {
    const done = applyIntent(tree, child, writer);
    if (!done.ok) return done;
  }
  return good(undefined);
}

function notFound(dn: string): ReturnType<typeof refused> {
  return refused("102", `configured object ((Dn0)) not found Dn0=${dn}, `);
}

function createObject(tree: Tree, intent: Intent, writer: Writer): void {
  tree.put(newObject(intent, { ...intent.attributes, uid: writer }, intent.secure));
  createImplicit(tree, intent.dn, intent.model);
}

/** Makes the children that the server makes with an object (aci-objects 2.4). */
export function createImplicit(tree: Tree, dn: string, model: ClassModel): void {
  for (const className of model.shape.implicit ?? []) {
    const child = classTable.get(className);
    if (child === undefined) continue;
    const childDn = joinDn(dn, child.shape.rn);
    if (tree.get(childDn) !== undefined) continue;
    tree.put(newObject({ dn: childDn, model: child, naming: {} }, { lcOwn: "implicit" }));
    createImplicit(tree, childDn, child);
  }
}

function mergeObject(tree: Tree, existing: LabObject, intent: Intent, writer: Writer): Outcome<undefined> {
  for (const [property, value] of Object.entries(intent.attributes)) {
    const rule = intent.model.settable.get(property);
    const createOnly = rule?.kind === "text" && rule.createOnly;
    if (createOnly && existing.attributes[property] !== value) return refused("107", namingText(intent.model.name, property));
  }
  const differs = changed(existing, intent.attributes) !== existing;
  const secretDiffers = Object.entries(intent.secure).some(([property, value]) => existing.secure[property] !== value);
  if (!differs && !secretDiffers) return good(undefined);
  const stamp = { modTs: timestamp(), uid: writer, ...(existing.attributes.lcOwn === "implicit" ? { lcOwn: "local" } : {}) };
  const after = changed(existing, { ...intent.attributes, ...stamp });
  tree.put({ ...after, secure: { ...existing.secure, ...intent.secure } });
  return good(undefined);
}

function deleteObject(tree: Tree, object: LabObject, writer: Writer): Outcome<undefined> {
  const model = classTable.get(object.className);
  const parent = tree.get(parentDn(object.dn));
  const parentModel = parent === undefined ? undefined : classTable.get(parent.className);
  if (model === undefined || model.operational || model.shape.life === "never" || parent === undefined) {
    return refused("107", `Cannot delete object of class:${object.className}`);
  }
  const comesWithParent = parentModel?.shape.implicit?.includes(model.name) ?? false;
  if (model.shape.life === "derived" && !comesWithParent) {
    return refused("107", `Cannot delete object of class:${object.className}`);
  }
  if (!comesWithParent) {
    tree.remove(object.dn);
    return good(undefined);
  }
  for (const child of tree.children(object.dn)) tree.remove(child.dn);
  const reset = changed(object, initialValues(model));
  if (reset !== object) tree.put(changed(reset, { lcOwn: "implicit", modTs: timestamp(), uid: writer }));
  createImplicit(tree, object.dn, model);
  return good(undefined);
}

/** Objects of these branches live in different shards and share no transaction (aci-objects 1.6). */
const SHARDS: readonly RegExp[] = [/^uni\/infra(\/|$)/, /^uni\/fabric(\/|$)/, /^uni\/tn-/, /^uni\/(phys|l3dom)-/];

function shardError(changes: readonly ObjectChange[]) {
  const touched = SHARDS.filter((shard) => changes.some((change) => shard.test(change.dn)));
  if (touched.length < 2) return undefined;
  const text = "Failed to update multiple items in a single operation - request requires distributed transaction";
  return refused("107", text).error;
}
