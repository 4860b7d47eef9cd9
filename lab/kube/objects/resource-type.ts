import type { JsonObject } from "../../../runner/json.ts";
import { pruneAndDefault } from "../schema/structural.ts";
import { isKubeObject, type KubeObject } from "./kube-object.ts";

/** A resource that the API serves: what discovery tells about it, and how its objects are stored and checked. */
export interface ResourceType {
  /** API group; empty for core. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  /** `status`, `eviction` … */
  readonly subresources: readonly string[];
  /** Key in the store. Two API groups may show the same objects, as Calico's two do. */
  readonly storage: string;
  /** Structural OpenAPI schema to check, prune and default by; undefined for built-in kinds, which are taken as they come. */
  readonly schema: JsonObject | undefined;
  /** Rules no schema can say. Each text is a reason to refuse; none: accepted. */
  readonly rules: ((object: KubeObject) => readonly string[]) | undefined;
}

/** `apps/v1`, or `v1` for the core group. */
export function groupVersion(resource: { readonly group: string; readonly version: string }): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}

/** `bgppeers.projectcalico.org`, as messages and kubectl name a resource. */
export function qualifiedName(resource: { readonly group: string; readonly plural: string }): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** Objects as versions showed them, for as long as object and version live. */
const shown = new WeakMap<ResourceType, WeakMap<KubeObject, KubeObject>>();

/**
 * The object as this version of the resource shows it. One that was stored in another version loses the fields that this one does not
 * know and gets its defaults, as an API server does when it reads.
 */
export function asServed(resource: ResourceType, object: KubeObject): KubeObject {
  const apiVersion = groupVersion(resource);
  if (object.apiVersion === apiVersion && object.kind === resource.kind) return object;
  const known = shown.get(resource) ?? new WeakMap<KubeObject, KubeObject>();
  shown.set(resource, known);
  const found = known.get(object) ?? fitted(resource, { ...object, apiVersion, kind: resource.kind });
  known.set(object, found);
  return found;
}

function fitted({ schema }: ResourceType, object: KubeObject): KubeObject {
  const result = schema === undefined ? object : pruneAndDefault(schema, object);
  return isKubeObject(result) ? result : object;
}
