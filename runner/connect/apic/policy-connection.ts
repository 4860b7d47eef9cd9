import { failed, ok, type Result } from "../../result.ts";
import type { Connection, Planned } from "../connection.ts";
import type { ApicReader, ApicWriter, ManagedObject } from "../managed-object.ts";
import { classTable } from "./class-table.ts";
import { ownedRoot } from "./dn.ts";
import type { Edit } from "./edit.ts";
import type { RetrySettings } from "./options.ts";
import { passwordTags } from "./password-tag.ts";
import { type EditPlan, planEdits } from "./plan-edits.ts";
import type { PolicyCache } from "./policy-cache.ts";
import { postsFor } from "./post-tree.ts";
import { retryDelay } from "./retry.ts";
import type { OwnedRoot } from "./root-query.ts";
import type { Snapshot } from "./snapshot.ts";
import { userFinder } from "./users.ts";

/** Reads, compares, writes and reads back managed objects (design section 5). `writer` is undefined in check mode. */
export function policyConnection(
  cache: PolicyCache,
  reader: ApicReader,
  writer: ApicWriter | undefined,
  retry: RetrySettings,
): Connection<ManagedObject, ApicReader, ApicWriter> {
  const tags = passwordTags();
  const findUsers = userFinder(reader, cache, writer === undefined);
  const plan: Plan = (resources) => planEdits(resources, cache.known, tags, findUsers);
  return {
    reader,
    writer,
    plan: async (resources) => {
      const ensured = await cache.ensure(rootsOf(resources));
      if (!ensured.ok) return ensured;
      const others = resources.flatMap(({ dn, orElse }) => (cache.known.get(dn) === undefined ? (orElse ?? []) : []));
      const alternatives = await cache.ensure(others.map((dn) => ({ dn: ownedRoot(dn), className: undefined })));
      if (!alternatives.ok) return alternatives;
      const edits = await plan(resources);
      return edits.ok ? ok(planned(edits.value, resources, cache, plan, retry)) : edits;
    },
  };
}

type Plan = (resources: readonly ManagedObject[]) => Promise<Result<EditPlan>>;

function planned(
  { edits, warnings }: EditPlan,
  resources: readonly ManagedObject[],
  cache: PolicyCache,
  plan: Plan,
  retry: RetrySettings,
): Planned<ApicWriter> {
  return {
    changes: edits.flatMap(({ change }) => change ?? []),
    unknown: [],
    warnings,
    project: () => project(edits, cache.known),
    apply: async (writer) => {
      const applied = await write(edits, resources, cache, writer, plan, retry);
      if (!applied.ok) cache.forget(rootsOf(resources).map(({ dn }) => dn));
      return applied;
    },
  };
}

/** Every root once. */
function rootsOf(resources: readonly ManagedObject[]): OwnedRoot[] {
  const roots = new Map<string, OwnedRoot>();
  for (const { dn, className } of resources) {
    const root = ownedRoot(dn);
    if (dn === root) roots.set(root, { dn, className });
    else if (!roots.has(root)) roots.set(root, { dn: root, className: undefined });
  }
  return [...roots.values()];
}

async function write(
  edits: readonly Edit[],
  resources: readonly ManagedObject[],
  cache: PolicyCache,
  writer: ApicWriter,
  plan: Plan,
  retry: RetrySettings,
): Promise<Result<void>> {
  const posts = postsFor(edits, cache.known);
  for (const { dn, tree } of posts) {
    const posted = await writer.post(dn, tree);
    if (!posted.ok) return posted;
  }
  // Another controller of the cluster may answer the GET, a moment behind the one that took the POST.
  for (let repeated = 0; ; repeated++) {
    for (const { dn, classes } of posts) {
      const read = await cache.reread(dn, classes);
      if (!read.ok) return read;
    }
    const left = await plan(resources);
    if (!left.ok) return left;
    if (left.value.edits.length === 0) return ok(undefined);
    if (repeated >= retry.attempts) return stillDifferent(left.value.edits);
    await retryDelay(retry, repeated);
  }
}

function stillDifferent(left: readonly Edit[]): Result<never> {
  const lines = left.flatMap(({ change }) =>
    change === undefined ? [] : [difference(change.target, change.before, change.after)],
  );
  return failed({
    kind: "failed",
    doing: "reading back what was written",
    message: lines.join("; ") || "the password's tag is not there",
    meaning:
      "the controller accepted the change but does not hold it: another client writes the same objects, or the release ignores the value",
    next: "look at the audit log of the objects named, then run again",
  });
}

function difference(target: string, before: unknown, after: unknown): string {
  if (after === null) return `${target}: still there`;
  if (before === null) return `${target}: not there`;
  return `${target}: wanted ${JSON.stringify(after)}, found ${JSON.stringify(before)}`;
}

/** Lays planned edits over what is known, with the defaults that the server will fill in. */
function project(edits: readonly Edit[], known: Snapshot): void {
  for (const { action, className, dn, attributes } of edits) {
    if (action === "delete") {
      known.remove(dn);
      continue;
    }
    const base = known.get(dn)?.attributes ?? classTable[className]?.defaults ?? {};
    const readable = Object.entries(attributes).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as const] : [],
    );
    known.put({ className, dn, attributes: { ...base, ...Object.fromEntries(readable) } });
  }
}
