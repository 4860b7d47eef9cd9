import type { Secret } from "../../secret.ts";
import { commonAncestor, relativeNames, topBranch } from "./dn.ts";
import type { Edit } from "./edit.ts";
import type { Snapshot } from "./snapshot.ts";

/** An object in the body of a POST. */
interface TreeNode {
  readonly attributes: Record<string, string | Secret>;
  readonly children: MoTree[];
}

/** `{ l3extOut: { attributes, children } }`. */
export type MoTree = Readonly<Record<string, TreeNode>>;

/** One POST, which is one transaction. */
export interface Post {
  readonly dn: string;
  readonly tree: MoTree;
  /** Classes that it writes: what to read back. */
  readonly classes: ReadonlySet<string>;
}

/** Classes of the branches that hold the owned roots; everything below was read, so its class is known. */
const BRANCH_CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^uni\/tn-/, "fvTenant"],
  [/^uni\/infra$/, "infraInfra"],
  [/^uni\/infra\/funcprof$/, "infraFuncP"],
  [/^uni\/fabric$/, "fabricInst"],
];

/**
 * The smallest trees that hold all edits of a task: one for each top branch (facts 1.6), each at the nearest common ancestor. Objects
 * in between carry their DN and `status: modified` only: nothing of theirs changes, and one that has vanished meanwhile, or a
 * tenant that never existed, makes the whole transaction fail instead of coming into being half made.
 */
export function postsFor(edits: readonly Edit[], known: Snapshot): Post[] {
  const branches = new Map<string, Edit[]>();
  for (const edit of edits) {
    const branch = topBranch(edit.dn);
    branches.set(branch, [...(branches.get(branch) ?? []), edit]);
  }
  return [...branches.values()].map((inBranch) => postFor(inBranch, known));
}

function postFor(edits: readonly Edit[], known: Snapshot): Post {
  const byDn = new Map(edits.map((edit) => [edit.dn, edit]));
  const top = commonAncestor([...byDn.keys()]);
  const nodes = new Map<string, TreeNode>();
  let root: MoTree = {};

  const nodeAt = (dn: string): TreeNode => {
    const made = nodes.get(dn);
    if (made !== undefined) return made;
    const edit = byDn.get(dn);
    const node: TreeNode = { attributes: edit === undefined ? { dn, status: "modified" } : attributesOf(edit), children: [] };
    nodes.set(dn, node);
    const tree = { [edit?.className ?? classAt(dn, known)]: node };
    if (dn === top) root = tree;
    else nodeAt(relativeNames(dn).slice(0, -1).join("/")).children.push(tree);
    return node;
  };

  for (const dn of byDn.keys()) nodeAt(dn);
  return { dn: top, tree: root, classes: new Set(edits.map(({ className }) => className)) };
}

function attributesOf({ action, dn, attributes }: Edit): Record<string, string | Secret> {
  if (action === "create") return { dn, ...attributes };
  return { dn, ...attributes, status: action === "modify" ? "modified" : "deleted" };
}

function classAt(dn: string, known: Snapshot): string {
  const className = known.get(dn)?.className ?? BRANCH_CLASSES.find(([form]) => form.test(dn))?.[1];
  if (className === undefined) throw new Error(`no class is known for ${dn}`);
  return className;
}
