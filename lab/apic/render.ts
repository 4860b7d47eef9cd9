import type { LabObject } from "../parts.ts";
import type { WireBody } from "./answer.ts";
import { classTable } from "./class-table.ts";

/** `rsp-prop-include`: which attributes an answer shows. */
export type PropInclude = "all" | "naming-only" | "config-only";

/**
 * Attributes of an object on the wire, in ASCII order: a top object carries `dn` and no `rn`, a nested one the other way round
 * (aci-objects 1.5).
 */
export function renderAttributes(object: LabObject, nested: boolean, include: PropInclude): WireBody["attributes"] {
  const model = classTable.get(object.className);
  const shown: Record<string, string> = {};
  for (const [property, value] of Object.entries(object.attributes)) {
    if (property === (nested ? "dn" : "rn")) continue;
    const identity = property === "dn" || property === "rn" || model?.naming.includes(property) === true;
    if (include === "naming-only" && !identity) continue;
    if (include === "config-only" && !identity && model?.settable.has(property) !== true) continue;
    shown[property] = value;
  }
  return shown;
}

/** Whether an object appears at all when only configuration is asked for. */
export function isConfigurable(object: LabObject): boolean {
  return classTable.get(object.className)?.operational === false;
}
