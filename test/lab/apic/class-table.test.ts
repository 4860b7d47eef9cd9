import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ClassModel, classTable } from "../../../lab/apic/class-table.ts";
import { containerClasses } from "../../../lab/apic/classes/containers.ts";
import type { Property } from "../../../lab/apic/property.ts";
import { isObject } from "../../../runner/json.ts";
import { sharedPath } from "../../support/shared.ts";

const test = suite("class table against the APIC's metadata");
const folder = sharedPath("aci-meta");

interface Meta {
  readonly rnFormat: string;
  readonly containedBy: readonly string[];
  readonly isConfigurable: boolean;
  readonly identifiedBy: readonly string[];
  readonly properties: Readonly<Record<string, Record<string, unknown>>>;
}

function isMeta(value: unknown): value is Meta {
  return isObject(value) && typeof value.rnFormat === "string" && Array.isArray(value.containedBy) && isObject(value.properties);
}

function readMeta(name: string): Meta {
  const meta: unknown = JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));
  if (!isMeta(meta)) throw new Error(`${name}.json is no class`);
  return meta;
}

/** Kinds that a metadata type may be written as; enums and bitmasks without values are free text. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  string: ["text"],
  encap: ["text"],
  community: ["text"],
  date: ["text"],
  password: ["secret"],
  integer: ["number"],
  boolean: ["yesNo"],
  enum: ["choice", "text"],
  bitmask: ["flags", "text"],
  ip: ["address"],
  mac: ["mac"],
  dn: ["dn"],
};

function differences(rule: Property, meta: Record<string, unknown>): readonly string[] {
  const found: string[] = [];
  const same = (what: string, ours: unknown, theirs: unknown): void => {
    if (JSON.stringify(ours) !== JSON.stringify(theirs))
      found.push(`${what}: ${JSON.stringify(ours)}, metadata ${JSON.stringify(theirs)}`);
  };
  if (!KINDS[String(meta.type)]?.includes(rule.kind)) found.push(`kind ${rule.kind}, metadata ${meta.type}`);
  same("default", rule.default, meta.default ?? "");
  switch (rule.kind) {
    case "text":
      same("pattern", plain(rule.pattern?.source), plain(meta.regex));
      same("min", rule.min, meta.minLength ?? 0);
      same("max", rule.max, meta.maxLength);
      break;
    case "secret":
      same("max", rule.max, meta.maxLength);
      break;
    case "number":
      // a range 1..0 in the metadata means that there is none
      if (!(meta.min === 1 && meta.max === 0)) {
        same("min", rule.min, meta.min ?? 0);
        same("max", rule.max, meta.max ?? 4294967295);
      }
      same("names", sorted(rule.names), sorted(meta.constants));
      break;
    case "choice":
    case "flags":
      same("values", rule.values, meta.validValues);
      break;
    default:
  }
  return found;
}

/** A pattern without the escapes that JavaScript wants and the metadata may leave out. */
function plain(pattern: unknown): unknown {
  return typeof pattern === "string" ? pattern.replace(/\\([[\]/])/g, "$1") : undefined;
}

function sorted(value: unknown): unknown {
  return Object.entries(isObject(value) ? value : {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

function compare(model: ClassModel, meta: Meta): readonly string[] {
  const found: string[] = [];
  if (model.shape.rn !== meta.rnFormat) found.push(`rn ${model.shape.rn}, metadata ${meta.rnFormat}`);
  if (JSON.stringify(model.naming) !== JSON.stringify(meta.identifiedBy)) found.push(`naming ${model.naming}`);
  if (model.operational === meta.isConfigurable) found.push("operational or not");
  const anywhere = meta.containedBy.includes("*");
  for (const parent of model.shape.parents) {
    // a container without metadata of its own is nobody's listed parent
    if (!anywhere && !meta.containedBy.includes(parent) && !Object.hasOwn(containerClasses, parent))
      found.push(`parent ${parent}`);
  }
  for (const [property, theirs] of Object.entries(meta.properties)) {
    const rule = model.settable.get(property);
    if (rule === undefined) {
      if (theirs.secure === true) continue;
      if (!model.defaults.has(property)) found.push(`${property} is missing`);
      else if (theirs.readOnly !== true && !model.operational && property !== "status") found.push(`${property} can be set`);
      else if (theirs.default !== undefined && theirs.default !== model.defaults.get(property)) {
        found.push(`${property} shows ${model.defaults.get(property)}, metadata ${theirs.default}`);
      }
    } else {
      if (theirs.readOnly === true) found.push(`${property} cannot be set`);
      found.push(...differences(rule, theirs).map((text) => `${property} ${text}`));
    }
  }
  for (const property of [...model.defaults.keys(), ...model.settable.keys()]) {
    const invented = !Object.hasOwn(meta.properties, property);
    // the metadata of l2InstPol alone has no monPolDn
    if (invented && property !== "monPolDn") found.push(`${property} does not exist`);
  }
  return found;
}

const against = folder === undefined ? test.skip : test;
if (folder === undefined) console.log("skipped: class table against aci-meta, which is not here");

for (const model of classTable.values()) {
  // mirrors of relations follow from the relations; no metadata describes them
  if (Object.hasOwn(containerClasses, model.name) || /^[a-z0-9]+Rt[A-Z]/.test(model.name)) continue;
  against(model.name, () => {
    assert.equal(compare(model, readMeta(model.name)), []);
  });
}

test("every parent and every implicit child is a class of the table", () => {
  for (const { shape, name } of classTable.values()) {
    for (const parent of shape.parents) {
      if (parent !== "*" && parent !== "topRoot") assert.ok(classTable.has(parent), `${name} in ${parent}`);
    }
    for (const child of shape.implicit ?? [])
      assert.ok(classTable.get(child)?.shape.parents.includes(name), `${child} in ${name}`);
  }
});

test("attributes stand in ASCII order", () => {
  for (const { defaults } of classTable.values()) {
    const names = [...defaults.keys()];
    assert.equal(
      names,
      [...names].sort((a, b) => (a < b ? -1 : 1)),
    );
  }
});

test.run();
