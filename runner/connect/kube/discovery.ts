import { ok, type Result } from "../../result.ts";
import { type Programs, READ_RETRIES } from "./programs.ts";

/** A kind that the API server serves. */
export interface ServedKind {
  /** Plural name, `bgppeers`. */
  readonly resource: string;
  /** API group, empty for the core one. */
  readonly group: string;
  /** The one that the server prefers of those it serves, `v3`. */
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** What the cluster serves, asked once a run and again after something that can change it. */
export interface Discovery {
  kinds(): Promise<Result<readonly ServedKind[]>>;
  /** The kind, whatever version of its group is asked for: the server answers for the version. */
  find(apiVersion: string, kind: string): Promise<Result<ServedKind | undefined>>;
  /** Whether `bgppeers.projectcalico.org` (or a core resource such as `nodes`) is served. Asked anew unless it is known to be. */
  serves(resource: string): Promise<Result<boolean>>;
  /** After a release or a CRD was written. */
  forget(): void;
}

/** Milliseconds for which a kind that an incomplete answer lacks counts as not served: long enough for all objects of a task. */
const INCOMPLETE_FOR = 1000;

/**
 * Discovery by `kubectl api-resources`. An extension API that is down (metrics, Calico's own) makes the answer incomplete: what it lists is
 * served, what it lacks is asked for again, but not once for each object.
 */
export function createDiscovery(programs: Programs): Discovery {
  let known: readonly ServedKind[] | undefined;
  /** When an incomplete answer came; undefined: it was complete. */
  let incompleteSince: number | undefined;
  const isOld = () => incompleteSince !== undefined && performance.now() - incompleteSince > INCOMPLETE_FOR;

  const load = async (): Promise<Result<readonly ServedKind[]>> => {
    if (known !== undefined) return ok(known);
    const listed = await programs.kubectl({
      arguments: ["api-resources", "--no-headers"],
      retries: READ_RETRIES,
      // kubectl fails, but lists the other groups all the same.
      accept: ({ stdout, stderr }) => stdout !== "" && stderr.includes("unable to retrieve the complete list of server APIs"),
    });
    if (!listed.ok) return listed;
    known = parseApiResources(listed.value.stdout);
    incompleteSince = listed.value.exitCode === 0 ? undefined : performance.now();
    return ok(known);
  };

  return {
    kinds: load,
    find: async (apiVersion, kind) => {
      const group = groupOf(apiVersion);
      const isIt = (served: ServedKind) => served.kind === kind && served.group === group;
      if (isOld() && !known?.some(isIt)) known = undefined;
      const kinds = await load();
      return kinds.ok ? ok(kinds.value.find(isIt)) : kinds;
    },
    serves: async (resource) => {
      const isIt = (kinds: readonly ServedKind[]) => kinds.some((served) => fullName(served) === resource);
      if (known !== undefined && isIt(known)) return ok(true);
      known = undefined;
      const kinds = await load();
      return kinds.ok ? ok(isIt(kinds.value)) : kinds;
    },
    forget: () => {
      known = undefined;
    },
  };
}

/** kubectl's full name of a resource, `bgppeers.projectcalico.org`; core resources have no group. */
export function fullName({ resource, group }: { readonly resource: string; readonly group: string }): string {
  return group === "" ? resource : `${resource}.${group}`;
}

/** `projectcalico.org` of `projectcalico.org/v3`; empty for `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** `v3` of `projectcalico.org/v3`, `v1` of `v1`. */
export function versionOf(apiVersion: string): string {
  return apiVersion.split("/").at(-1) ?? "";
}

/**
 * The full resource name of a kind that is not served yet: Kubernetes' own guess
 * (UnsafeGuessKindToResource in k8s.io/apimachinery: -s gets -es, -y becomes -ies, all else -s).
 */
export function guessFullName(apiVersion: string, kind: string): string {
  const singular = kind.toLowerCase();
  const plural = singular.endsWith("s")
    ? `${singular}es`
    : singular.endsWith("y")
      ? `${singular.slice(0, -1)}ies`
      : `${singular}s`;
  return fullName({ resource: plural, group: groupOf(apiVersion) });
}

/** Rows are `NAME [SHORTNAMES] APIVERSION NAMESPACED KIND`; short names may be missing, so columns count from the right. */
export function parseApiResources(table: string): readonly ServedKind[] {
  return table.split("\n").flatMap((row) => {
    const columns = row.trim().split(/\s+/);
    const [resource] = columns;
    const [apiVersion, namespaced, kind] = columns.slice(-3);
    if (columns.length < 4 || resource === undefined || apiVersion === undefined || kind === undefined) return [];
    return [{ resource, group: groupOf(apiVersion), version: versionOf(apiVersion), kind, namespaced: namespaced === "true" }];
  });
}
