import type { KubeObject, ObjectReference } from "../../runner/connect/cluster.ts";

/** Label of a Node that must not announce anything. Its value is `true`; that it is there is what counts. */
export const WITHDRAWN = "underlay/withdrawn";

/** How the proofs name it as the cause of sessions that are not up. */
export const WITHDRAWN_CAUSE = `withdrawn (label ${WITHDRAWN})`;

/**
 * For a proof of sessions: when withdrawn nodes are all that is missing, waiting does not help, and what to do.
 *
 * @param unmet what the proof found, each with its cause
 */
export function stuckWithdrawn(unmet: readonly string[]): { readonly stuck?: string } {
  if (unmet.length === 0 || !unmet.every((reason) => reason.includes(WITHDRAWN_CAUSE))) return {};
  return {
    stuck:
      "somebody took these nodes out of service: maintain-node.yaml with --limit and -e work=return takes them back; nothing else does",
  };
}

/** Whether a node was withdrawn. */
export function isWithdrawn(node: KubeObject | undefined): boolean {
  return Object.hasOwn(node?.metadata.labels ?? {}, WITHDRAWN);
}

/** Kubernetes' reference of a node. */
export function nodeReference(name: string): ObjectReference {
  return { apiVersion: "v1", kind: "Node", name };
}
