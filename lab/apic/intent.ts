import { isObject } from "../../runner/json.ts";
import { good, type Outcome, refused } from "./answer.ts";
import { type ClassModel, classTable, mayContain } from "./class-table.ts";
import { buildRn, type DnStep, isWithin, joinDn, parentDn, parseRn, resolveDn, splitDn } from "./dn.ts";
import { normalise } from "./property-value.ts";

/** What a client wants of one object: checked, placed in the tree, values as a GET would show them. */
export interface Intent extends DnStep {
  /** Verbs of `status`; empty: create or modify (aci-objects 1.6). */
  readonly verbs: ReadonlySet<string>;
  /** Given attributes, naming properties and secrets left out. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly secure: Readonly<Record<string, string>>;
  readonly children: readonly Intent[];
}

interface RawObject {
  readonly model: ClassModel;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly unknown[];
}

/** What a POST body asks for, at the DN of its URL or below it. An envelope with `imdata` is taken too. */
export function readIntents(body: string, urlDn: string): Outcome<readonly Intent[]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return refused("400", "JSON parsing failed - invalid data at line '1'");
  }
  if (!isObject(parsed)) return refused("400", "JSON parsing failed - incomplete node at line 1");
  const objects = Array.isArray(parsed.imdata) ? parsed.imdata : [parsed];
  const intents: Intent[] = [];
  for (const object of objects) {
    const raw = readRaw(object);
    if (!raw.ok) return raw;
    const dn = topDn(raw.value, urlDn);
    if (!dn.ok) return dn;
    const intent = readIntent(raw.value, dn.value);
    if (!intent.ok) return intent;
    intents.push(intent.value);
  }
  return good(intents);
}

function readRaw(object: unknown): Outcome<RawObject> {
  if (!isObject(object)) return refused("400", "JSON parsing failed - incomplete node at line 1");
  const [entry, ...others] = Object.entries(object);
  if (entry === undefined || others.length > 0) return refused("400", "JSON parsing failed - incomplete node at line 1");
  const [className, body] = entry;
  if (!isObject(body)) return refused("400", "JSON parsing failed - incomplete node at line 1");
  const model = classTable.get(className);
  if (model === undefined) return refused("122", `unknown managed object class ${className}`);
  if (model.operational) return refused("107", `Invalid request. Objects of class ${className} are not configurable`);
  const attributes: Record<string, string> = {};
  if (body.attributes !== undefined && !isObject(body.attributes)) {
    return refused("400", "JSON parsing failed - incomplete node at line 1");
  }
  for (const [attribute, value] of Object.entries(body.attributes ?? {})) {
    if (typeof value !== "string") return refused("400", "JSON parsing failed - incomplete attribute value at line: 1");
    if (!model.defaults.has(attribute) && !model.settable.has(attribute)) {
      return refused("400", `unknown attribute '${attribute}' in element '${className}'`);
    }
    attributes[attribute] = value;
  }
  if (body.children !== undefined && !Array.isArray(body.children)) {
    return refused("400", "JSON parsing failed - incomplete node at line 1");
  }
  return good({ model, attributes, children: body.children ?? [] });
}

/** Where the outermost object of a body lies: at the URL's DN or below it. */
function topDn(raw: RawObject, urlDn: string): Outcome<string> {
  const steps = urlDn === "" ? [] : resolveDn(urlDn);
  if ("position" in steps) return wrongRn(urlDn, steps.rn, steps.position);
  const given = raw.attributes.dn;
  if (given !== undefined && given !== "") {
    return isWithin(given, urlDn) ? good(given) : wrongRn(given, ...firstDifference(given, urlDn));
  }
  const last = steps.at(-1);
  if (last?.model === raw.model) return good(urlDn);
  if (last !== undefined && !mayContain(last.model.name, raw.model)) {
    return refused("107", `Invalid request. dn '${urlDn}' is not valid for class ${raw.model.name}`);
  }
  return childDn(raw, urlDn);
}

function firstDifference(dn: string, urlDn: string): [rn: string, position: number] {
  const wanted = splitDn(urlDn) ?? [];
  const rns = splitDn(dn) ?? [dn];
  const index = rns.findIndex((rn, at) => rn !== wanted[at]);
  return [rns[index] ?? dn, index + 1];
}

function wrongRn(dn: string, rn: string, position: number): ReturnType<typeof refused> {
  return refused("107", `Invalid DN ${dn} wrong rn prefix ${rn} at position ${position}`);
}

/** The DN of an object in its parent, from `rn` or from its naming properties. */
function childDn(raw: RawObject, parent: string): Outcome<string> {
  const { model, attributes } = raw;
  if (attributes.rn !== undefined && attributes.rn !== "") {
    const fits = parseRn(model, attributes.rn) !== undefined;
    return fits ? good(joinDn(parent, attributes.rn)) : wrongRn(joinDn(parent, attributes.rn), attributes.rn, 1);
  }
  const values = Object.fromEntries(
    model.naming.map((property) => [property, attributes[property] ?? model.settable.get(property)?.default ?? ""]),
  );
  const built = buildRn(model, values);
  if ("rn" in built) return good(joinDn(parent, built.rn));
  const text = `unknown property value , name ${built.missing}, class ${model.name} [(Dn0)] Dn0=${parent}, `;
  return refused("120", text);
}

function readIntent(raw: RawObject, dn: string): Outcome<Intent> {
  const { model } = raw;
  const steps = resolveDn(dn);
  if ("position" in steps) return wrongRn(dn, steps.rn, steps.position);
  const step = steps.at(-1);
  if (step?.model !== model) return refused("107", `Invalid request. dn '${dn}' is not valid for class ${model.name}`);
  const checked = checkAttributes(raw, step);
  if (!checked.ok) return checked;
  const children: Intent[] = [];
  for (const child of raw.children) {
    const intent = readChild(child, model, dn);
    if (!intent.ok) return intent;
    children.push(intent.value);
  }
  return good({ ...step, ...checked.value, children });
}

function readChild(child: unknown, parent: ClassModel, parentAt: string): Outcome<Intent> {
  const raw = readRaw(child);
  if (!raw.ok) return raw;
  const { model, attributes } = raw.value;
  if (!mayContain(parent.name, model)) {
    return refused("400", `Invalid request. Cannot contain child ${model.name} under parent ${parent.name}`);
  }
  if (attributes.dn !== undefined && attributes.dn !== "") {
    if (parentDn(attributes.dn) !== parentAt) return wrongRn(attributes.dn, ...firstDifference(attributes.dn, parentAt));
    return readIntent(raw.value, attributes.dn);
  }
  const dn = childDn(raw.value, parentAt);
  return dn.ok ? readIntent(raw.value, dn.value) : dn;
}

const VERBS = new Set(["created", "modified", "deleted"]);

function checkAttributes(raw: RawObject, step: DnStep): Outcome<Pick<Intent, "verbs" | "attributes" | "secure">> {
  const { model } = raw;
  const attributes: Record<string, string> = {};
  const secure: Record<string, string> = {};
  const verbs = new Set((raw.attributes.status ?? "").split(",").filter((verb) => verb !== ""));
  if ([...verbs].some((verb) => !VERBS.has(verb))) {
    const text = `unknown property value ${raw.attributes.status}, name status, class ${model.name} [(Dn0)] Dn0=${step.dn}, `;
    return refused("120", text);
  }
  for (const [property, value] of Object.entries({ ...raw.attributes, ...step.naming })) {
    const rule = model.settable.get(property);
    if (rule === undefined) continue; // read-only attributes are taken in silence (aci-objects 9.2)
    const checked = normalise(rule, value, { className: model.name, property, dn: step.dn, rn: step.rn });
    if (!checked.ok) return checked;
    const naming = step.naming[property];
    if (naming !== undefined) {
      const given = raw.attributes[property];
      if (given === undefined || given === naming) continue;
      return refused("107", namingText(model.name, property));
    }
    if (rule.kind === "secret") secure[property] = checked.value;
    else attributes[property] = checked.value;
  }
  return good({ verbs, attributes, secure });
}

/** Refusal of a change to what only creation may set (aci-objects 1.8). */
export function namingText(className: string, property: string): string {
  return `Create-only and naming props cannot be modified after creation, class=${className}, prop=${property}`;
}
