import { isObject } from "../../json.ts";
import { ok, type Result } from "../../result.ts";
import type { KubeObject } from "../cluster.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { fullName, versionOf } from "./discovery.ts";
import { readObjects } from "./read-objects.ts";

/** A kind as an object names it. */
interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A kind and the name of its definition, if it has one. */
interface Doubtful {
  readonly kind: Kind;
  readonly definition: string;
}

/**
 * Those of the kinds that the cluster serves in other versions only, of the ones that a release of this run brings: an upgrade brings the
 * version with the new operator (Cilium 1.18, for one, the first with its BGP kinds at v2). `kubectl api-resources` lists one version of
 * a kind; where that is not the one asked for, the kind's definition decides.
 */
export async function inOtherVersions(parts: ClusterParts, kinds: readonly Kind[]): Promise<Result<readonly Kind[]>> {
  const { discovery, programs, projection } = parts;
  const doubtful: Doubtful[] = [];
  for (const kind of kinds) {
    if (projection.bringer(kind.apiVersion, kind.kind) === undefined) continue;
    const found = await discovery.find(kind.apiVersion, kind.kind);
    if (!found.ok) return found;
    if (found.value === undefined || found.value.version === versionOf(kind.apiVersion)) continue;
    doubtful.push({ kind, definition: fullName(found.value) });
  }
  const names = [...new Set(doubtful.map(({ definition }) => definition))];
  const read = await readObjects(
    programs,
    names.map((name) => ({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name })),
  );
  if (!read.ok) return read;
  const definitions = new Map(read.value.map((object) => [object.metadata.name, object]));
  return ok(
    doubtful.flatMap(({ kind, definition }) => {
      const found = definitions.get(definition);
      return found === undefined || serves(found, versionOf(kind.apiVersion)) ? [] : [kind];
    }),
  );
}

/** Whether a definition has a version that is served. */
function serves({ spec }: KubeObject, version: string): boolean {
  const versions: readonly unknown[] = isObject(spec) && Array.isArray(spec.versions) ? spec.versions : [];
  return versions.some((entry) => isObject(entry) && entry.name === version && entry.served === true);
}
