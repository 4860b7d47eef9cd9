import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isBefore, parseVersion } from "../cni/version.ts";
import { MANAGED_BY } from "./managed-by.ts";

/** Name of the BGPFilter against re-export. */
export const FILTER = "underlay-no-reexport";

/**
 * Calico passes a leaf's routes within its pools on to the other leaf, with the path `65003 65002 65002`. The fabric drops them; better
 * never to send them (facts: Calico, section 1.6).
 */
export const noReexport: KubeObject = {
  apiVersion: "projectcalico.org/v3",
  kind: "BGPFilter",
  metadata: { name: FILTER, labels: MANAGED_BY },
  spec: {
    exportV4: [{ action: "Reject", source: "RemotePeers" }],
    exportV6: [{ action: "Reject", source: "RemotePeers" }],
  },
};

/** BGPFilter came with 3.26, `source: RemotePeers` with 3.27. Without a version it is taken to be there. */
export function knowsSources(version: string | undefined): boolean {
  const parsed = version === undefined ? undefined : parseVersion(version);
  return parsed === undefined || !isBefore(parsed, "3.27");
}
