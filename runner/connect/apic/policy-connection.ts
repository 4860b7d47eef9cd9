import { failed, ok, type Result } from "../../result.ts";
import type { Connection, Planned } from "../connection.ts";
import type { ApicReader, ApicWriter, ManagedObject } from "../managed-object.ts";
import { classTable } from "./class-table.ts";
import { ownedRoot } from "./dn.ts";
import type { Edit } from "./edit.ts";
import type { RetrySettings } from "./options.ts";
import { type PasswordTags, passwordTags } from "./password-tag.ts";
import { planEdits } from "./plan-edits.ts";
import type { PolicyCache } from "./policy-cache.ts";
import { postsFor } from "./post-tree.ts";
import { retryDelay } from "./retry.ts";
import type { Snapshot } from "./snapshot.ts";

/** Reads, compares, writes and reads back managed objects (design section 5). `writer` is undefined in check mode. */
export function policyConnection(
  cache: PolicyCache,
  reader: ApicReader,
  writer: ApicWriter | undefined,
  retry: RetrySettings,
): Connection<ManagedObject, ApicReader, ApicWriter> {
  const tags = passwordTags();
  return {
    reader,
    writer,
    plan: async (resources) => {
      const roots = rootsOf(resources);
      const ensured = await cache.ensure(roots);
      if (!ensured.ok) return ensured;
      const edits = await planEdits(resources, cache.known, tags);
      return edits.ok ? ok(planned(edits.value, resources, cache, tags, retry)) : edits;
    },
  };
}

function planned(
  edits: readonly Edit[],
  resources: readonly ManagedObject[],
  cache: PolicyCache,
  tags: PasswordTags,
  retry: RetrySettings,
): Planned<ApicWriter> {
  return {
    changes: edits.flatMap(({ change }) => change ?? []),
    unknown: [],
    project: () => project(edits, cache.known),
    apply: async (writer) => {
      const applied = await write(edits, resources, cache, writer, tags, retry);
      if (!applied.ok) cache.forget(rootsOf(resources));
      return applied;
    },
  };
}

function rootsOf(resources: readonly ManagedObject[]): Set<string> {
  return new Set(resources.flatMap(({ dn, usedBy }) => [dn, ...(usedBy ?? [])]).map(ownedRoot));
}

async function write(
  edits: readonly Edit[],
  resources: readonly ManagedObject[],
  cache: PolicyCache,
  writer: ApicWriter,
  tags: PasswordTags,
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
    const left = await planEdits(resources, cache.known, tags);
    if (!left.ok) return left;
    if (left.value.length === 0) return ok(undefined);
    if (repeated >= retry.attempts) return stillDifferent(left.value);
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
