import { readFileSync } from "node:fs";
import path from "node:path";
import { Type } from "#typebox";
import { relativeNames } from "../../runner/connect/apic/dn.ts";
import { check } from "../../runner/schema.ts";

const Meta = Type.Object({
  className: Type.String(),
  rnFormat: Type.String(),
  isCreatableDeletable: Type.String(),
  containedBy: Type.Array(Type.String()),
  properties: Type.Record(
    Type.String(),
    Type.Object({
      type: Type.String(),
      default: Type.Optional(Type.String()),
      validValues: Type.Optional(Type.Array(Type.String())),
      constants: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      min: Type.Optional(Type.Number()),
      max: Type.Optional(Type.Number()),
      regex: Type.Optional(Type.String()),
      maxLength: Type.Optional(Type.Number()),
      readOnly: Type.Optional(Type.Boolean()),
      isNaming: Type.Optional(Type.Boolean()),
    }),
  ),
});

type Property = { readonly [key: string]: unknown } & {
  readonly type: string;
  readonly validValues?: readonly string[];
  readonly constants?: Readonly<Record<string, unknown>>;
  readonly min?: number;
  readonly max?: number;
  readonly regex?: string;
  readonly readOnly?: boolean;
};

/** Metadata of a class as the model's own export has it. */
export function metaOf(folder: string, className: string) {
  const checked = check(Meta, JSON.parse(readFileSync(path.join(folder, `${className}.json`), "utf8")));
  if (!checked.ok)
    throw new Error(
      `${className}: ${JSON.stringify(checked.errors.map(({ instancePath, message }) => [instancePath, message]))}`,
    );
  return checked.value;
}

/** What the model says against an object in a POST body: class, name, parent, properties and their values. Empty: nothing. */
export function modelErrors(
  folder: string,
  className: string,
  attributes: Readonly<Record<string, string>>,
  parentClass: string | undefined,
): string[] {
  const meta = metaOf(folder, className);
  const errors: string[] = [];
  const rn = relativeNames(attributes.dn ?? "").at(-1) ?? "";
  const form = meta.rnFormat.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".+");
  if (!new RegExp(`^${form}$`).test(rn)) errors.push(`${className}: ${rn} is not of the form ${meta.rnFormat}`);
  const parents = meta.containedBy;
  if (parentClass !== undefined && !parents.includes("*") && !parents.includes("...") && !parents.includes(parentClass)) {
    errors.push(`${className} cannot be below ${parentClass}`);
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "dn" || name === "status") continue;
    const property: Property | undefined = meta.properties[name];
    if (property === undefined) errors.push(`${className}.${name} is unknown`);
    else if (property.readOnly === true) errors.push(`${className}.${name} is read-only`);
    else errors.push(...valueErrors(property, value).map((error) => `${className}.${name}: ${error}`));
  }
  return errors;
}

function valueErrors(property: Property, value: string): string[] {
  const named = Object.keys(property.constants ?? {});
  if (property.type === "bitmask") {
    const flags = value === "" ? [] : value.split(",");
    const unknown = flags.filter((flag) => property.validValues?.includes(flag) === false);
    return [
      ...unknown.map((flag) => `no flag ${flag}`),
      ...(flags.join() === [...flags].sort().join() ? [] : ["flags are not sorted"]),
    ];
  }
  if (property.type === "enum") return property.validValues?.includes(value) === false ? [`${value} is none of its values`] : [];
  if (property.type === "boolean") return value === "yes" || value === "no" ? [] : [`${value} is not yes or no`];
  if (property.type === "integer" && !named.includes(value)) {
    const number = Number(value);
    const inRange =
      Number.isInteger(number) && number >= (property.min ?? 0) && number <= (property.max ?? Number.MAX_SAFE_INTEGER);
    return inRange ? [] : [`${value} is out of range`];
  }
  if (property.regex !== undefined && value !== "" && !new RegExp(property.regex).test(value))
    return [`${value} is not of its form`];
  return [];
}
