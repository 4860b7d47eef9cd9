import type { JsonObject } from "../../json.ts";
import { ok, type Result } from "../../result.ts";
import type { KubeObject, Manifest, ObjectReference } from "../cluster.ts";
import { documents, sendable, stubOf } from "./documents.ts";
import { parseObjects } from "./kube-output.ts";
import { type Programs, READ_RETRIES, WRITE_RETRIES } from "./programs.ts";

/** The name under which our fields are ours (server-side apply). */
export const FIELD_MANAGER = "underlay";

/** Seconds that a deletion may take: finalizers of the CNI's objects run meanwhile. */
const DELETE_SECONDS = 60;

/** Manifests that can share a kubectl process: same field manager, same answer to conflicts. */
function batches(manifests: readonly Manifest[]): readonly (readonly Manifest[])[] {
  const byFlags = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const flags = applyFlags(manifest).join(" ");
    byFlags.set(flags, [...(byFlags.get(flags) ?? []), manifest]);
  }
  return [...byFlags.values()];
}

function applyFlags(manifest: Manifest | undefined): readonly string[] {
  const manager = `--field-manager=${manifest?.fieldManager ?? FIELD_MANAGER}`;
  return manifest?.force ? [manager, "--force-conflicts"] : [manager];
}

/** What the manifests would be after an apply, as the API server says: defaults, admission and removal of our former fields included. */
export async function dryRun(programs: Programs, manifests: readonly Manifest[]): Promise<Result<readonly KubeObject[]>> {
  const results: KubeObject[] = [];
  for (const batch of batches(manifests)) {
    const applied = await serverSideApply(programs, batch, ["--dry-run=server", "-o", "json"], READ_RETRIES);
    if (!applied.ok) return applied;
    const objects = parseObjects("kubectl apply --server-side --dry-run=server", applied.value);
    if (!objects.ok) return objects;
    results.push(...objects.value);
  }
  return ok(results);
}

/** Applies manifests; repeated once after a transient failure, because an apply says what should be and not what to do. */
export async function applyObjects(programs: Programs, manifests: readonly Manifest[]): Promise<Result<void>> {
  for (const batch of batches(manifests)) {
    const applied = await serverSideApply(programs, batch, ["-o", "name"], WRITE_RETRIES);
    if (!applied.ok) return applied;
  }
  return ok(undefined);
}

/** Deletes objects and waits until they are gone; absent ones are no failure. */
export async function deleteObjects(programs: Programs, references: readonly ObjectReference[]): Promise<Result<void>> {
  if (references.length === 0) return ok(undefined);
  const deleted = await programs.kubectl({
    arguments: ["delete", "-f", "-", "--ignore-not-found", "--wait=true", `--timeout=${DELETE_SECONDS}s`, "-o", "name"],
    input: documents(references.map(stubOf)),
    retries: WRITE_RETRIES,
  });
  return deleted.ok ? ok(undefined) : deleted;
}

/** Takes a label away from objects that exist. */
export async function removeLabel(
  programs: Programs,
  references: readonly ObjectReference[],
  label: string,
): Promise<Result<void>> {
  if (references.length === 0) return ok(undefined);
  const removed = await programs.kubectl({
    arguments: ["label", "-f", "-", `${label}-`, `--field-manager=${FIELD_MANAGER}`, "-o", "name"],
    input: documents(references.map(stubOf)),
    retries: WRITE_RETRIES,
  });
  return removed.ok ? ok(undefined) : removed;
}

/** Changes fields of objects that exist by one JSON merge patch for all. */
export async function patchObjects(
  programs: Programs,
  references: readonly ObjectReference[],
  patch: JsonObject,
): Promise<Result<void>> {
  if (references.length === 0) return ok(undefined);
  const text = JSON.stringify(patch);
  const patched = await programs.kubectl({
    arguments: ["patch", "-f", "-", "--type=merge", `--patch=${text}`, `--field-manager=${FIELD_MANAGER}`, "-o", "name"],
    input: documents(references.map(stubOf)),
    retries: WRITE_RETRIES,
  });
  return patched.ok ? ok(undefined) : patched;
}

async function serverSideApply(
  programs: Programs,
  batch: readonly Manifest[],
  output: readonly string[],
  retries: number,
): Promise<Result<string>> {
  const objects: KubeObject[] = [];
  for (const manifest of batch) {
    const object = sendable(manifest);
    if (!object.ok) return object;
    objects.push(object.value);
  }
  const applied = await programs.kubectl({
    arguments: ["apply", "--server-side", ...applyFlags(batch[0]), ...output, "-f", "-"],
    input: documents(objects),
    retries,
  });
  return applied.ok ? ok(applied.value.stdout) : applied;
}
