import type { Connections, ConnectionTo, Place } from "../runner/connect/connections.ts";
import type { ApicWriter } from "../runner/connect/managed-object.ts";
import { isObject } from "../runner/json.ts";
import { ok, type Result } from "../runner/result.ts";
import { Secret } from "../runner/secret.ts";

/** A tree that underlay posted, with its secrets in the clear: it goes to the simulator once more. */
export interface RecordedPost {
  readonly dn: string;
  readonly tree: unknown;
}

/** Notes every tree that is posted through these connections. */
export function recordPosts(into: RecordedPost[]): (connections: Connections) => Connections {
  const noting = (writer: ApicWriter | undefined): ApicWriter | undefined =>
    writer === undefined
      ? undefined
      : {
          post: (dn, tree) => {
            into.push({ dn, tree: inTheClear(tree) });
            return writer.post(dn, tree);
          },
        };
  return (connections) => {
    const apic = async (host: string): Promise<Result<ConnectionTo<"apic">>> => {
      const opened = await connections.open("apic", host);
      return opened.ok ? ok({ ...opened.value, writer: noting(opened.value.writer) }) : opened;
    };
    const openers: { readonly [P in Place]: (host: string) => Promise<Result<ConnectionTo<P>>> } = {
      apic,
      leaf: (host) => connections.open("leaf", host),
      node: (host) => connections.open("node", host),
      localhost: (host) => connections.open("localhost", host),
    };
    return { ...connections, open: <P extends Place>(place: P, host: string) => openers[place](host) };
  };
}

function inTheClear(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(inTheClear);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inTheClear(inner)]));
}

interface Node {
  readonly className: string;
  readonly attributes: Record<string, unknown>;
  readonly children: Node[];
}

/** An object that is there already and only holds others. */
export interface Holder {
  readonly className: string;
  readonly dn: string;
}

/**
 * The same objects as one tree, as one would write it by hand: nobody writes `status: modified` for what the tree itself creates. `top`
 * and the other holders exist, and are named because no post creates them.
 */
export function asOneTree(posts: readonly RecordedPost[], top: Holder, others: readonly Holder[]): unknown {
  const byDn = new Map<string, Node>();
  const holders: readonly Flat[] = [top, ...others].map(({ className, dn }) => ({ className, attributes: { dn } }));
  const objects = [...holders, ...posts.flatMap(({ tree }) => flat(tree))];
  for (const { className, attributes: given } of objects.sort((one, other) => dnOf(one).length - dnOf(other).length)) {
    const { status: _status, ...attributes } = given;
    const known = byDn.get(dnOf({ attributes }));
    if (known !== undefined) {
      Object.assign(known.attributes, attributes);
      continue;
    }
    const node: Node = { className, attributes, children: [] };
    // A parent's DN is shorter than its children's, so the parent is there already.
    parentAmong(byDn, dnOf(node))?.children.push(node);
    byDn.set(dnOf(node), node);
  }
  const root = byDn.get(top.dn);
  if (root === undefined) throw new Error(`nothing at ${top.dn}`);
  return written(root);
}

type Flat = Pick<Node, "className" | "attributes">;

function flat(tree: unknown): Flat[] {
  if (!isObject(tree)) return [];
  return Object.entries(tree).flatMap(([className, content]) => {
    if (!isObject(content) || !isObject(content.attributes)) return [];
    const children: unknown[] = Array.isArray(content.children) ? content.children : [];
    return [{ className, attributes: content.attributes }, ...children.flatMap(flat)];
  });
}

function dnOf({ attributes }: Pick<Node, "attributes">): string {
  return String(attributes.dn);
}

/** Every object's parent is in the tree, so the longest DN that contains this one is the parent's. */
function parentAmong(byDn: ReadonlyMap<string, Node>, dn: string): Node | undefined {
  const above = [...byDn].filter(([other]) => dn.startsWith(`${other}/`));
  return above.sort(([one], [other]) => other.length - one.length)[0]?.[1];
}

function written({ className, attributes, children }: Node): unknown {
  return { [className]: { attributes, children: children.map(written) } };
}
