import type { LabObject } from "../parts.ts";
import type { ClassModel } from "./class-table.ts";
import { type DnStep, rnOf } from "./dn.ts";

/** A time as the APIC writes it: milliseconds and the controller's zone (aci-objects 2.1). */
export function timestamp(time = new Date()): string {
  return time.toISOString().replace("Z", "+00:00");
}

/** A new object: defaults, what its DN says, then what is given. Keys stand in ASCII order, as in a GET. */
export function newObject(
  step: Pick<DnStep, "dn" | "model" | "naming">,
  given: Readonly<Record<string, string>> = {},
  secure: Readonly<Record<string, string>> = {},
): LabObject {
  const { dn, model, naming } = step;
  const attributes: Record<string, string> = {};
  for (const [property, initial] of model.defaults) attributes[property] = given[property] ?? naming[property] ?? initial;
  attributes.dn = dn;
  attributes.rn = rnOf(dn);
  if (attributes.modTs === "never") attributes.modTs = timestamp();
  return { className: model.name, dn, attributes, secure };
}

/** The object with some attributes changed; the same object when nothing differs. */
export function changed(object: LabObject, given: Readonly<Record<string, string>>): LabObject {
  const differs = Object.entries(given).some(([property, value]) => object.attributes[property] !== value);
  return differs ? { ...object, attributes: { ...object.attributes, ...given } } : object;
}

/** Values the class gives to an object that nobody configured. */
export function initialValues(model: ClassModel): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const property of model.settable.keys()) {
    const initial = model.defaults.get(property);
    if (initial !== undefined && !model.naming.includes(property)) values[property] = initial;
  }
  return values;
}
