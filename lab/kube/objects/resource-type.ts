import type { JsonObject } from "../../../runner/json.ts";
import type { KubeObject } from "./kube-object.ts";

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

/** The object as this version of the resource shows it. */
export function asServed(resource: ResourceType, object: KubeObject): KubeObject {
  const apiVersion = groupVersion(resource);
  if (object.apiVersion === apiVersion && object.kind === resource.kind) return object;
  return { ...object, apiVersion, kind: resource.kind };
}
