import type { LabObject } from "../parts.ts";
import { good, type Outcome, refused, type WireObject } from "./answer.ts";

/** Words of `rsp-subtree-include` (aci-objects 1.4). Health, statistics and logs are taken and bring nothing: the lab has none. */
const WORDS = [
  "faults",
  "fault-count",
  "fault-records",
  "health",
  "health-records",
  "stats",
  "audit-logs",
  "event-logs",
  "relations",
  "tasks",
  "deployment",
  "count",
  "required",
  "no-scoped",
  "subtree",
] as const;

/** One of them. */
export type SubtreeInclude = (typeof WORDS)[number];

/** Reads the list. */
export function readIncludes(text: string | undefined): Outcome<ReadonlySet<SubtreeInclude>> {
  const include = new Set<SubtreeInclude>();
  for (const word of (text ?? "").split(",").filter((one) => one !== "")) {
    const known = WORDS.find((one) => one === word.trim());
    if (known === undefined) return refused("400", `Request failed, invalid value '${word}' for rsp-subtree-include`);
    include.add(known);
  }
  return good(include);
}

/** Faults hang in the tree but are no part of it unless asked for. */
export function isFault(object: LabObject): boolean {
  return object.className === "faultInst" || object.className === "faultDelegate";
}

/** Number of faults by severity, as `rsp-subtree-include=fault-count` shows them. */
export function countFaults(faults: readonly LabObject[]): WireObject {
  const count = (severity: string): string => String(faults.filter((fault) => fault.attributes.severity === severity).length);
  const attributes = {
    childAction: "",
    crit: count("critical"),
    maj: count("major"),
    minor: count("minor"),
    rn: "fltCnts",
    status: "",
    warn: count("warning"),
  };
  return { faultCounts: { attributes } };
}
