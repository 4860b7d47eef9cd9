import type { LabObject } from "../parts.ts";
import { parentDn } from "./dn.ts";

/** What happened to an object: `before` is missing when it was made, `after` when it was deleted. */
export interface ObjectChange {
  readonly dn: string;
  readonly before: LabObject | undefined;
  readonly after: LabObject | undefined;
}

/** Keeps what is needed to take changes back. */
export interface Recording {
  /** What changed so far, each object once. */
  changes(): readonly ObjectChange[];
  /** Ends the recording; what changed stays. */
  stop(): void;
  /** Ends the recording and restores what was there. */
  undo(): void;
}

/**
 * The management information tree: objects by DN, by class and by parent. Objects are never changed in place: a change puts a new
 * one, so what a query holds stays as it was.
 */
export class Tree {
  readonly #objects = new Map<string, LabObject>();
  readonly #classes = new Map<string, Set<string>>();
  readonly #children = new Map<string, Set<string>>();
  /** By DN of the parent and class: some objects have hundreds of children. */
  readonly #family = new Map<string, Set<string>>();
  readonly #parents = new Map<string, string>();
  #recorded: Map<string, LabObject | undefined> | undefined;

  /** Every object, by DN. */
  get objects(): ReadonlyMap<string, LabObject> {
    return this.#objects;
  }

  get(dn: string): LabObject | undefined {
    return this.#objects.get(dn);
  }

  /** Objects of one class. */
  ofClass(className: string): LabObject[] {
    return this.#list(this.#classes.get(className));
  }

  /** Objects directly below a DN. */
  children(dn: string): LabObject[] {
    return this.#list(this.#children.get(dn));
  }

  /** Objects of a class directly below a DN. */
  childrenOf(dn: string, className: string): LabObject[] {
    return this.#list(this.#family.get(`${className} ${dn}`));
  }

  /** DN of the nearest object above: the parent, but for faults that lie where switches keep objects nobody models here. */
  holder(dn: string): string {
    return this.#parents.get(dn) ?? this.#nearest(dn);
  }

  /** The object and everything below it. */
  *subtree(dn: string): Generator<LabObject> {
    const object = this.#objects.get(dn);
    if (object !== undefined) yield object;
    for (const child of this.#children.get(dn) ?? []) yield* this.subtree(child);
  }

  /** Adds an object or replaces the one with its DN. */
  put(object: LabObject): void {
    const before = this.#objects.get(object.dn);
    this.#note(object.dn, before);
    this.#objects.set(object.dn, object);
    if (before !== undefined) return;
    const holder = this.#nearest(object.dn);
    this.#parents.set(object.dn, holder);
    add(this.#classes, object.className, object.dn);
    add(this.#children, holder, object.dn);
    add(this.#family, `${object.className} ${holder}`, object.dn);
  }

  /** Removes an object and everything below it. */
  remove(dn: string): void {
    for (const child of [...(this.#children.get(dn) ?? [])]) this.remove(child);
    const before = this.#objects.get(dn);
    if (before === undefined) return;
    this.#note(dn, before);
    this.#objects.delete(dn);
    this.#classes.get(before.className)?.delete(dn);
    const holder = this.holder(dn);
    this.#children.get(holder)?.delete(dn);
    this.#family.get(`${before.className} ${holder}`)?.delete(dn);
    this.#parents.delete(dn);
  }

  /** Starts to note changes; recordings do not nest. */
  record(): Recording {
    const noted = new Map<string, LabObject | undefined>();
    this.#recorded = noted;
    return {
      changes: () => {
        const changes = [...noted].map(([dn, before]) => ({ dn, before, after: this.#objects.get(dn) }));
        return changes.filter((change) => change.before !== change.after);
      },
      stop: () => {
        this.#recorded = undefined;
      },
      undo: () => {
        this.#recorded = undefined;
        for (const [dn, before] of noted) if (before === undefined) this.remove(dn);
        const lost = [...noted.values()].filter((before) => before !== undefined);
        for (const before of lost.sort((a, b) => a.dn.length - b.dn.length)) this.put(before);
      },
    };
  }

  #note(dn: string, before: LabObject | undefined): void {
    if (this.#recorded !== undefined && !this.#recorded.has(dn)) this.#recorded.set(dn, before);
  }

  #nearest(dn: string): string {
    let parent = parentDn(dn);
    while (parent !== "" && !this.#objects.has(parent)) parent = parentDn(parent);
    return parent;
  }

  #list(dns: Iterable<string> | undefined): LabObject[] {
    const found: LabObject[] = [];
    for (const dn of dns ?? []) {
      const object = this.#objects.get(dn);
      if (object !== undefined) found.push(object);
    }
    return found;
  }
}

function add(index: Map<string, Set<string>>, key: string, dn: string): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, new Set([dn]));
  else known.add(dn);
}
