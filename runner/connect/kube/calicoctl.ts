import { isObject } from "../../json.ts";
import { ok, type Result } from "../../result.ts";
import type { KubeObject, ObjectReference } from "../cluster.ts";
import { keptObject } from "./calicoctl-merge.ts";
import { type Discovery, groupOf } from "./discovery.ts";
import { documents, stubOf } from "./documents.ts";
import { parseJson, parseObjects } from "./kube-output.ts";
import { keyOf } from "./object-name.ts";
import { type Programs, READ_RETRIES, WRITE_RETRIES } from "./programs.ts";
import type { Projection } from "./projection.ts";
import { readObjects } from "./read-objects.ts";

/** A kind as an object names it. */
interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Kinds that are read and written with calicoctl where nobody serves them, with their plural names. */
const KINDS: Readonly<Record<string, string>> = {
  BGPConfiguration: "bgpconfigurations",
  BGPPeer: "bgppeers",
  BGPFilter: "bgpfilters",
  IPPool: "ippools",
};

const API = "projectcalico.org/v3";

/**
 * Calico's objects in a cluster that does not serve `projectcalico.org/v3`: no API server of Calico's, no native kinds. They are stored
 * as `crd.projectcalico.org/v1`, which nobody should write by hand, because nothing checks them there (facts: Calico, section 1.3).
 */
export interface Calicoctl {
  /** Whether objects of a kind are reached only this way: stored in the cluster, not served, and no release of this run brings the API. */
  keeps(kind: Kind): Promise<Result<boolean>>;
  /** The kind of a full resource name that could be reached this way, `bgppeers.projectcalico.org`. */
  kindOf(resource: string): Kind | undefined;
  /** All objects of these kinds, one process for each kind. */
  list(kinds: readonly Kind[]): Promise<Result<readonly KubeObject[]>>;
  /** Writes objects in one process; fields that others have set in them stay. */
  apply(objects: readonly KubeObject[]): Promise<Result<void>>;
  /** Deletes objects in one process; absent ones are no failure. */
  delete(references: readonly ObjectReference[]): Promise<Result<void>>;
}

/** calicoctl with the run's cluster. Nothing is started before it is needed. */
export function createCalicoctl(programs: Programs, discovery: Discovery, projection: Projection): Calicoctl {
  let aggregated: boolean | undefined;

  /** An API server of Calico's that is down for a moment is not one that is missing. */
  const isAggregated = async (): Promise<Result<boolean>> => {
    if (aggregated !== undefined) return ok(aggregated);
    const reference = { apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", name: "v3.projectcalico.org" };
    const found = await readObjects(programs, [reference]);
    if (!found.ok) return found;
    aggregated = found.value.length > 0;
    return ok(aggregated);
  };

  const list: Calicoctl["list"] = async (kinds) => {
    const objects: KubeObject[] = [];
    for (const kind of new Set(kinds.map((one) => one.kind))) {
      const args = ["get", KINDS[kind] ?? kind, "-o", "json"];
      const got = await programs.calicoctl({ arguments: args, retries: READ_RETRIES });
      if (!got.ok) return got;
      const parsed = parseObjects(`calicoctl ${args.join(" ")}`, withTypes(got.value.stdout, kind));
      if (!parsed.ok) return parsed;
      objects.push(...parsed.value);
    }
    return ok(objects);
  };

  return {
    keeps: async ({ apiVersion, kind }) => {
      if (groupOf(apiVersion) !== groupOf(API) || KINDS[kind] === undefined) return ok(false);
      if (projection.bringer(apiVersion, kind) !== undefined) return ok(false);
      const served = await discovery.find(apiVersion, kind);
      if (!served.ok) return served;
      if (served.value !== undefined) return ok(false);
      const stored = await discovery.find("crd.projectcalico.org/v1", kind);
      if (!stored.ok) return stored;
      if (stored.value === undefined) return ok(false);
      const server = await isAggregated();
      return server.ok ? ok(!server.value) : server;
    },
    kindOf: (resource) => {
      const found = Object.entries(KINDS).find(([, plural]) => resource === `${plural}.${groupOf(API)}`);
      return found === undefined ? undefined : { apiVersion: API, kind: found[0] };
    },
    list,
    apply: async (objects) => {
      if (objects.length === 0) return ok(undefined);
      const found = await list(objects);
      if (!found.ok) return found;
      const live = new Map(found.value.map((object) => [keyOf(object), object]));
      const applied = await programs.calicoctl({
        arguments: ["apply", "-f", "-"],
        input: documents(objects.map((object) => keptObject(live.get(keyOf(object)), object))),
        retries: WRITE_RETRIES,
      });
      return applied.ok ? ok(undefined) : applied;
    },
    delete: async (references) => {
      if (references.length === 0) return ok(undefined);
      const deleted = await programs.calicoctl({
        arguments: ["delete", "-f", "-", "--skip-not-exists"],
        input: documents(references.map(stubOf)),
        retries: WRITE_RETRIES,
      });
      return deleted.ok ? ok(undefined) : deleted;
    },
  };
}

/** The items of a list of one kind need not name it. */
function withTypes(text: string, kind: string): string {
  const parsed = parseJson(text);
  if (!isObject(parsed) || !("items" in parsed)) return text;
  const items: readonly unknown[] = Array.isArray(parsed.items) ? parsed.items : [];
  return JSON.stringify({
    ...parsed,
    items: items.map((item) => (isObject(item) ? { apiVersion: API, kind, ...item } : item)),
  });
}
