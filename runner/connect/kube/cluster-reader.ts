import { ok } from "../../result.ts";
import type { ClusterReader, KubeObject } from "../cluster.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { fullName, groupOf } from "./discovery.ts";
import { readRelease } from "./helm-release.ts";
import { keyOf } from "./object-name.ts";
import { READ_RETRIES } from "./programs.ts";
import { listObjects, readObjects, splitServed } from "./read-objects.ts";

/** Reads with kubectl and helm; in check mode what earlier tasks planned is laid over it. */
export function clusterReader(parts: ClusterParts): ClusterReader {
  const { programs, discovery, projection } = parts;
  return {
    objects: async (references) => {
      const split = await splitServed(discovery, references, (reference) => reference);
      if (!split.ok) return split;
      const read = await readObjects(programs, split.value.served);
      if (!read.ok) return read;
      const found = new Map(read.value.map((object) => [keyOf(object), object]));
      return ok(
        references.flatMap((reference) => {
          const laid = projection.object(reference);
          return (laid === undefined ? found.get(keyOf(reference)) : laid) ?? [];
        }),
      );
    },

    list: async (resource, options = {}) => {
      const read = await listObjects(programs, discovery, resource, options);
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

/** Group and kind of a full resource name, as `group|kind`. */
async function kindOf({ discovery }: ClusterParts, resource: string): Promise<string | undefined> {
  const kinds = await discovery.kinds();
  const served = kinds.ok ? kinds.value.find((kind) => fullName(kind) === resource) : undefined;
  return served === undefined ? undefined : `${served.group}|${served.kind}`;
}

/** Namespace and equality selector (`a=b,c=d`) on a planned object. */
function selected(object: KubeObject, options: { readonly namespace?: string; readonly selector?: string }): boolean {
  if (options.namespace !== undefined && object.metadata.namespace !== options.namespace) return false;
  const terms = options.selector?.split(",") ?? [];
  return terms.every((term) => {
    const [label, value] = term.split("=");
    return label !== undefined && object.metadata.labels?.[label] === value;
  });
}
