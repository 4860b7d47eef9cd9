import type { KubeObject } from "../../runner/connect/cluster.ts";
import { MANAGED_BY } from "./managed-by.ts";
import { hasSince } from "./version-argument.ts";

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

/** BGPFilter came with 3.26, `source: RemotePeers` with 3.27. */
export function knowsSources(version: string | undefined): boolean {
  return hasSince(version, "3.27");
}
