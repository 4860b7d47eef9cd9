import type { Change } from "../../change.ts";
import { failed, ok, type Result } from "../../result.ts";
import type { Secret } from "../../secret.ts";
import type { ClusterResource, ClusterWriter, HelmRelease } from "../cluster.ts";
import type { Planned } from "../connection.ts";
import { applyManifests } from "./apply-manifests.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { clusterReader } from "./cluster-reader.ts";
import { planExclusives } from "./exclusive-objects.ts";
import { readRelease } from "./helm-release.ts";
import { planManifests } from "./plan-manifests.ts";
import { planRelease } from "./plan-release.ts";
import { applyScheduling, planScheduling } from "./plan-scheduling.ts";
import { applyWithout, planWithout, projectWithout } from "./plan-without.ts";
import { renderCharts } from "./rendered-chart.ts";

/** A release with what it changes. */
interface ReleaseChange {
  readonly release: HelmRelease;
  readonly change: Change;
}

/** Compares what one task wants with the cluster: releases first, then objects, which may need what a release brings. */
export async function planCluster(
  parts: ClusterParts,
  resources: readonly ClusterResource[],
  secrets: Iterable<Secret>,
): Promise<Result<Planned<ClusterWriter>>> {
  const releases = await planReleases(
    parts,
    resources.filter((resource) => resource.kind === "release"),
    secrets,
  );
  if (!releases.ok) return releases;
  const rendered = await renderCharts(
    parts,
    resources.filter((resource) => resource.kind === "rendered"),
  );
  if (!rendered.ok) return rendered;
  const own = [...rendered.value, ...resources.filter((resource) => resource.kind === "manifest")];
  const exclusives = resources.filter((resource) => resource.kind === "exclusive");
  const others = await planExclusives(parts, exclusives, own);
  if (!others.ok) return others;
  const manifests = [...own, ...others.value.extras];
  const objects = await planManifests(parts, manifests, others.value.listed);
  if (!objects.ok) return objects;
  const without = resources.filter((resource) => resource.kind === "without");
  const stripped = await planWithout(parts, without);
  if (!stripped.ok) return stripped;
  const scheduling = await planScheduling(
    parts,
    resources.filter((resource) => resource.kind === "scheduling"),
  );
  if (!scheduling.ok) return scheduling;
  return ok({
    changes: [...releases.value, ...objects.value.changes, ...stripped.value, ...scheduling.value].map(({ change }) => change),
    unknown: objects.value.unknown,
    project: () => {
      for (const { release } of releases.value) parts.projection.see({ release, planned: true });
      for (const { manifest, next } of objects.value.changes) parts.projection.lay(next, manifest.state === "absent");
      projectWithout(parts, stripped.value);
      for (const { next } of scheduling.value) parts.projection.lay(next, false);
    },
    apply: async (writer) => {
      const applied = await applyReleases(parts, releases.value, secrets, writer);
      const written = applied.ok ? await applyManifests(parts, objects.value, manifests, writer) : applied;
      const taken = written.ok ? await applyWithout(parts, stripped.value, writer) : written;
      return taken.ok ? applyScheduling(parts, scheduling.value, writer) : taken;
    },
  });
}

async function planReleases(
  parts: ClusterParts,
  releases: readonly HelmRelease[],
  secrets: Iterable<Secret>,
): Promise<Result<readonly ReleaseChange[]>> {
  const changes: ReleaseChange[] = [];
  for (const release of releases) {
    const found = await clusterReader(parts).release(release.name, release.namespace);
    if (!found.ok) return found;
    const planned = planRelease(release, found.value, secrets);
    if (!planned.ok) return planned;
    const known = parts.projection.release(release.name, release.namespace);
    if (release.state === "present" && !known?.planned) parts.projection.see({ release, planned: false });
    if (planned.value !== undefined) changes.push({ release, change: planned.value });
  }
  return ok(changes);
}

async function applyReleases(
  parts: ClusterParts,
  changes: readonly ReleaseChange[],
  secrets: Iterable<Secret>,
  writer: ClusterWriter,
): Promise<Result<void>> {
  for (const { release, change } of changes) {
    const { name, namespace, state } = release;
    const written = state === "present" ? await writer.install(release) : await writer.uninstall(name, namespace);
    if (!written.ok) return written;
    const found = await readRelease(parts.programs, name, namespace);
    if (!found.ok) return found;
    const left = planRelease(release, found.value, secrets);
    if (!left.ok) return left;
    if (left.value !== undefined) return stillDiffers(change.target, left.value);
  }
  return ok(undefined);
}

function stillDiffers(target: string, { before, after }: Change): Result<never> {
  return failed({
    kind: "failed",
    doing: `read back ${target}`,
    message: `still differs after helm was done: found ${JSON.stringify(before)}, wanted ${JSON.stringify(after)}`,
    next: "look at helm history and helm get values; chart names in a repository and in Chart.yaml may differ",
  });
}
