import { type ClassModel, classTable } from "./class-table.ts";
import { parentDn, resolveDn, rnOf } from "./dn.ts";
import { changed, newObject, timestamp } from "./object.ts";
import type { SwitchObject } from "./switch-object.ts";
import type { Tree } from "./tree.ts";

/**
 * What switches and controllers keep in the tree beside the configuration. Several sources may speak of the same object (the
 * configuration brings a bgpDom, the BGP model its counters): what a later source says of an attribute stands over an earlier one.
 */
export class SwitchLayer {
  readonly #tree: Tree;
  readonly #sources = new Map<string, ReadonlyMap<string, SwitchObject>>();
  readonly #speakers = new Map<string, Map<string, SwitchObject>>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Replaces everything that a source says. */
  replace(source: string, objects: readonly SwitchObject[]): void {
    const before = this.#sources.get(source);
    const now = new Map(objects.map((object) => [object.dn, object]));
    for (const dn of before?.keys() ?? []) if (!now.has(dn)) this.#withdraw(source, dn);
    this.#sources.set(source, now);
    const news = [...now.values()].filter((object) => !this.#stands(before?.get(object.dn), object));
    for (const object of news.sort((a, b) => a.dn.length - b.dn.length)) this.#say(source, object);
  }

  /** Whether the source said the same before, and it is still there. */
  #stands(before: SwitchObject | undefined, { dn, className, attributes }: SwitchObject): boolean {
    if (before === undefined || before.className !== className || this.#tree.get(dn) === undefined) return false;
    const names = Object.keys(attributes);
    return (
      names.length === Object.keys(before.attributes).length &&
      names.every((name) => before.attributes[name] === attributes[name])
    );
  }

  #withdraw(source: string, dn: string): void {
    const speakers = this.#speakers.get(dn);
    speakers?.delete(source);
    if (speakers === undefined || speakers.size > 0) return;
    this.#speakers.delete(dn);
    for (const object of [...this.#tree.subtree(dn)]) this.#speakers.delete(object.dn);
    this.#tree.remove(dn);
  }

  #say(source: string, object: SwitchObject): void {
    const { dn } = object;
    if (dn.startsWith("uni/") && this.#tree.get(parentDn(dn)) === undefined) return;
    const model = classTable.get(object.className);
    if (model === undefined) return;
    const speakers = this.#speakers.get(dn) ?? new Map<string, SwitchObject>();
    this.#speakers.set(dn, speakers.set(source, object));
    const said = Object.assign({}, ...[...speakers.values()].map((speaker) => speaker.attributes));
    const existing = this.#tree.get(dn);
    if (existing === undefined) {
      this.#make(dn, model, said);
      return;
    }
    const after = changed(existing, said);
    if (after !== existing) this.#tree.put(changed(after, { modTs: timestamp() }));
  }

  #make(dn: string, model: ClassModel, said: SwitchObject["attributes"]): void {
    const steps = resolveDn(dn);
    const last = "position" in steps ? undefined : steps.at(-1);
    if (!("position" in steps)) {
      for (const step of steps.slice(0, -1)) if (this.#tree.get(step.dn) === undefined) this.#tree.put(newObject(step));
    }
    const naming = last?.model === model ? last.naming : namingOf(model.rnPattern, model.naming, rnOf(dn));
    this.#tree.put(newObject({ dn, model, naming }, said));
  }
}

/** Naming properties of an object whose parents no class describes: faults deep inside a switch. */
function namingOf(pattern: RegExp, naming: readonly string[], rn: string): Readonly<Record<string, string>> {
  const match = pattern.exec(rn);
  return Object.fromEntries(naming.map((property, index) => [property, match?.[index + 1] ?? ""]));
}
