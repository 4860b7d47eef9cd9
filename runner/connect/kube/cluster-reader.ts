import { isObject } from "../../json.ts";
import { ok, type Result } from "../../result.ts";
import type { ClusterReader, KubeObject, ListOptions, ObjectReference } from "../cluster.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { fullName, groupOf } from "./discovery.ts";
import { readRelease } from "./helm-release.ts";
import { keyOf, kindKey } from "./object-name.ts";
import { READ_RETRIES } from "./programs.ts";
import { listObjects, readObjects, splitServed } from "./read-objects.ts";

/** Reads with kubectl and helm; in check mode what earlier tasks planned is laid over it. */
export function clusterReader(parts: ClusterParts): ClusterReader {
  const { programs, discovery, projection, calicoctl } = parts;
  return {
    objects: async (references) => {
      const split = await splitServed(discovery, references, (reference) => reference);
      if (!split.ok) return split;
      const read = await readObjects(programs, split.value.served);
      if (!read.ok) return read;
      const unreached: ObjectReference[] = [];
      for (const reference of split.value.unserved) {
        const keeps = await calicoctl.keeps(reference);
        if (!keeps.ok) return keeps;
        if (keeps.value) unreached.push(reference);
      }
      const kept = await calicoctl.list(unreached);
      if (!kept.ok) return kept;
      const found = new Map([...read.value, ...kept.value].map((object) => [keyOf(object), object]));
      return ok(
        references.flatMap((reference) => {
          const laid = projection.object(reference);
          return (laid === undefined ? found.get(keyOf(reference)) : laid) ?? [];
        }),
      );
    },

    list: async (resource, options = {}) => {
      const served = await listObjects(programs, discovery, resource, options);
      if (!served.ok) return served;
      const unreached = calicoctl.kindOf(resource);
      const read = served.value === undefined && unreached !== undefined ? await listKept(parts, unreached) : served;
      if (!read.ok || read.value === undefined) return read;
      const kept = read.value.filter((object) => projection.object(object) === undefined);
      const kind = await kindOf(parts, resource);
      const planned = projection
        .objects()
        .filter((object) => kind === `${groupOf(object.apiVersion)}|${object.kind}` && selected(object, options));
      return ok([...kept, ...planned]);
    },

    serves: (resource) => discovery.serves(resource),

    exec: async ({ namespace, pod, container }, command) => {
      const ran = await programs.kubectl({
        arguments: ["exec", "--namespace", namespace, pod, "--container", container],
        command,
        retries: READ_RETRIES,
      });
      return ran.ok ? ok(ran.value.stdout) : ran;
    },

    release: async (name, namespace) => {
      const seen = projection.release(name, namespace);
      if (!seen?.planned) return readRelease(programs, name, namespace);
      const { release } = seen;
      if (release.state === "absent") return ok(undefined);
      return ok({ status: "deployed", chart: release.chart, version: release.version, values: release.values });
    },
  };
}

/** All objects of a kind that only calicoctl reaches; undefined when it is not such a kind in this cluster. */
async function listKept(
  { calicoctl }: ClusterParts,
  kind: { readonly apiVersion: string; readonly kind: string },
): Promise<Result<readonly KubeObject[] | undefined>> {
  const keeps = await calicoctl.keeps(kind);
  if (!keeps.ok) return keeps;
  return keeps.value ? calicoctl.list([kind]) : ok(undefined);
}

/** Group and kind of a full resource name, as `group|kind`. */
async function kindOf({ discovery, calicoctl }: ClusterParts, resource: string): Promise<string | undefined> {
  const kinds = await discovery.kinds();
  const served = kinds.ok ? kinds.value.find((kind) => fullName(kind) === resource) : undefined;
  if (served !== undefined) return `${served.group}|${served.kind}`;
  const unreached = calicoctl.kindOf(resource);
  return unreached === undefined ? undefined : kindKey(unreached);
}

/** Namespace and equality selectors (`a=b,c=d`; field `a.b=c`) on a planned object. */
function selected(object: KubeObject, options: ListOptions): boolean {
  if (options.namespace !== undefined && object.metadata.namespace !== options.namespace) return false;
  if (options.fields !== undefined) {
    const [path = "", wanted] = options.fields.split("=");
    const found = path.split(".").reduce<unknown>((value, part) => (isObject(value) ? value[part] : undefined), object);
    if (found !== wanted) return false;
  }
  const terms = options.selector?.split(",") ?? [];
  return terms.every((term) => {
    const [label, value] = term.split("=");
    return label !== undefined && object.metadata.labels?.[label] === value;
  });
}
