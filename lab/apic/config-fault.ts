import type { LabObject } from "../parts.ts";

/** Something that is configured but cannot be carried out. */
export interface ConfigFault {
  /** Policy object that is to blame. */
  readonly policy: LabObject;
  /** Leaf that refused it; undefined: the controller itself found it. */
  readonly nodeDn: string | undefined;
  readonly code: string;
  readonly severity: "warning" | "minor" | "major";
  /** `encap-already-in-use`, or `resolution-failed`. */
  readonly qualifier: string;
  readonly message: string;
}

/** A fault that a leaf raises: it cannot deploy the policy. */
export function refusedByLeaf(policy: LabObject, nodeDn: string, qualifier: string, message: string): ConfigFault {
  return { policy, nodeDn, code: "F0467", severity: "minor", qualifier, message };
}
