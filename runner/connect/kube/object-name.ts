import type { KubeObject, ObjectReference } from "../cluster.ts";
import { groupOf } from "./discovery.ts";

/** What an object and a reference to one have in common. */
type Named = ObjectReference | KubeObject;

/** The reference of an object. */
export function referenceOf(object: Named): ObjectReference {
  if (!isObjectForm(object)) return object;
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  return namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, name, namespace };
}

/** A kind, whatever version it is written in: `group|kind`. */
export function kindKey({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  return `${groupOf(apiVersion)}|${kind}`;
}

/** Identity of an object, whatever version it is written in: group, kind, namespace, name. */
export function keyOf(object: Named): string {
  const { name, namespace } = referenceOf(object);
  return [kindKey(object), namespace ?? "", name].join("|");
}

/** Groups whose kinds everybody knows without the group. */
const WELL_KNOWN = new Set(["", "apps", "batch", "rbac.authorization.k8s.io", "networking.k8s.io", "apiextensions.k8s.io"]);

/** How a change names the object: `secret calico-system/bgp-secrets`, `bgppeer.projectcalico.org 201`. */
export function targetOf(object: Named): string {
  const { apiVersion, kind, name, namespace } = referenceOf(object);
  const group = groupOf(apiVersion);
  const type = WELL_KNOWN.has(group) ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
  return `${type} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

function isObjectForm(object: Named): object is KubeObject {
  return "metadata" in object;
}
