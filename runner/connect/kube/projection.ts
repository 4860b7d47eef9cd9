import { isObject } from "../../json.ts";
import type { HelmRelease, KubeObject } from "../cluster.ts";
import { groupOf, guessFullName } from "./discovery.ts";
import { keyOf } from "./object-name.ts";

/** A release that a task of this run wants. */
export interface SeenRelease {
  readonly release: HelmRelease;
  /** Only planned so far: not deployed as wanted. Always false in a run that writes, once its task is done. */
  readonly planned: boolean;
}

/**
 * What a run knows about the cluster beyond what can be read there: releases that its tasks want, and in check mode the objects that
 * were only planned (design section 5, "Predicting").
 */
export interface Projection {
  /** Notes a release that a task wants. */
  see(seen: SeenRelease): void;
  release(name: string, namespace: string): SeenRelease | undefined;
  /** The release of this run that brings a kind. */
  bringer(apiVersion: string, kind: string): SeenRelease | undefined;
  /** Seconds that the operators behind this run's releases may take: the longest time limit among them; undefined without any. */
  patience(): number | undefined;
  /** Whether a planned CRD, here or among the given objects, makes the cluster serve this kind. */
  plannedKind(apiVersion: string, kind: string, alongside: readonly KubeObject[]): boolean;
  /** Whether a namespace that is not there will come: planned itself, or made by an operator that a release of this run brings. */
  comes(namespace: string): boolean;
  /** Lays a planned object over what was read; null: planned to be gone. */
  lay(object: KubeObject, gone: boolean): void;
  /** A planned object: undefined when nothing was planned for it, null when it will be gone. */
  object(reference: Parameters<typeof keyOf>[0]): KubeObject | null | undefined;
  objects(): readonly KubeObject[];
}

/** An empty projection, for the start of a run. */
export function createProjection(): Projection {
  const releases = new Map<string, SeenRelease>();
  const laid = new Map<string, KubeObject | null>();
  const present = () => [...laid.values()].filter((object) => object !== null);

  return {
    see: (seen) => releases.set(`${seen.release.namespace}/${seen.release.name}`, seen),
    release: (name, namespace) => releases.get(`${namespace}/${name}`),
    bringer: (apiVersion, kind) =>
      [...releases.values()].find(({ release }) => release.brings.includes(guessFullName(apiVersion, kind))),
    patience: () =>
      releases.size === 0 ? undefined : Math.max(...[...releases.values()].map(({ release }) => release.timeoutSeconds)),
    plannedKind: (apiVersion, kind, alongside) =>
      [...present(), ...alongside].some((object) => defines(object, apiVersion, kind)),
    comes: (namespace) => {
      const planned = laid.get(keyOf({ apiVersion: "v1", kind: "Namespace", name: namespace }));
      return releases.size > 0 || (planned !== undefined && planned !== null);
    },
    lay: (object, gone) => laid.set(keyOf(object), gone ? null : object),
    object: (reference) => laid.get(keyOf(reference)),
    objects: present,
  };
}

/** Whether an object is the CRD of a kind. */
function defines(object: KubeObject, apiVersion: string, kind: string): boolean {
  if (object.kind !== "CustomResourceDefinition" || !isObject(object.spec)) return false;
  const { group, names } = object.spec;
  return group === groupOf(apiVersion) && isObject(names) && names.kind === kind;
}
