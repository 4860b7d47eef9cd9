import type { Reported } from "./leaf-report.ts";

/** A fault that follows from a session's state. */
export interface SessionFault {
  readonly dn: string;
  readonly code: string;
  readonly severity: string;
  readonly descr: string;
  readonly changeSet: string;
}

/** Faults of sessions: F0299 not established, F1214 shut, F1215 prefix limit exceeded (aci-objects 6.1). */
export function sessionFaults(entries: readonly Reported[]): SessionFault[] {
  const faults: SessionFault[] = [];
  for (const { className, dn, attributes } of entries) {
    if (className === "bgpPeerEntry" && attributes.operSt !== "established") {
      const closed = attributes.shutStQual === "exceeded-pfxlimit";
      const descr = closed
        ? "BGP peer is shut, maximum prefix limit exceeded"
        : `BGP peer is not established, current state ${attributes.operSt}`;
      faults.push({ dn, code: closed ? "F1214" : "F0299", severity: "major", descr, changeSet: `operSt:${attributes.operSt}` });
    }
    if (className === "bgpPeerAfEntry" && attributes.flags === "pfxlimit-exceeded") {
      const descr = "BGP peer has exceeded its maximum prefix limit";
      faults.push({ dn, code: "F1215", severity: "warning", descr, changeSet: `flags:${attributes.flags}` });
    }
  }
  return faults;
}
