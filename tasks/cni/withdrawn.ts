import type { KubeObject, ObjectReference } from "../../runner/connect/cluster.ts";

/** Label of a Node that must not announce anything. Its value is `true`; that it is there is what counts. */
export const WITHDRAWN = "underlay/withdrawn";

/** How the proofs name it as the cause of sessions that are not up. */
export const WITHDRAWN_CAUSE = `withdrawn (label ${WITHDRAWN})`;

/** Whether a node was withdrawn. */
export function isWithdrawn(node: KubeObject | undefined): boolean {
  return Object.hasOwn(node?.metadata.labels ?? {}, WITHDRAWN);
}

/** Kubernetes' reference of a node. */
export function nodeReference(name: string): ObjectReference {
  return { apiVersion: "v1", kind: "Node", name };
}
