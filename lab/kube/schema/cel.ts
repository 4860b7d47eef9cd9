import type { Json, JsonObject } from "../../../runner/json.ts";
import type { Cause } from "../api/status.ts";
import { isJsonObject, isList, listAt, objectAt, textAt, valueAt } from "../objects/kube-object.ts";

type Rule = (self: Json) => boolean;

const has = (self: Json, field: string) => valueAt(self, field) !== undefined;
const advertises = (self: Json, type: string) => textAt(self, "advertisementType") === type;

/**
 * The rules in Common Expression Language (`x-kubernetes-validations`) that definitions in the lab carry (facts, cni.md 3.2), by their text.
 * There is no CEL here: a rule that is not in the table is not checked.
 */
const RULES: Readonly<Record<string, Rule>> = {
  "self.keepAliveTimeSeconds <= self.holdTimeSeconds": (self) =>
    Number(valueAt(self, "keepAliveTimeSeconds")) <= Number(valueAt(self, "holdTimeSeconds")),
  "self.advertisementType != 'Service' || has(self.service)": (self) => !advertises(self, "Service") || has(self, "service"),
  "self.advertisementType == 'Service' || !has(self.service)": (self) => advertises(self, "Service") || !has(self, "service"),
  "self.advertisementType != 'Interface' || has(self.interface)": (self) =>
    !advertises(self, "Interface") || has(self, "interface"),
  "self.advertisementType == 'Interface' || !has(self.interface)": (self) =>
    advertises(self, "Interface") || !has(self, "interface"),
  "self.advertisementType != 'PodCIDR' || !has(self.selector)": (self) => !advertises(self, "PodCIDR") || !has(self, "selector"),
};

/** A rule as a schema carries it. */
export function validation(rule: keyof typeof RULES, message: string): JsonObject {
  return { rule, message };
}

/** What a schema's rules have against a value, at the field they hang on. */
export function brokenRules(schema: Json | undefined, value: Json, path = ""): readonly Cause[] {
  if (isList(value)) return value.flatMap((entry, index) => brokenRules(valueAt(schema, "items"), entry, `${path}[${index}]`));
  if (!isJsonObject(value)) return [];
  const own = listAt(schema, "x-kubernetes-validations")
    .filter((entry) => RULES[textAt(entry, "rule")]?.(value) === false)
    .map((entry) => ({
      reason: "FieldValueInvalid",
      field: path,
      message: `Invalid value: "object": ${textAt(entry, "message")}`,
    }));
  const properties = objectAt(schema, "properties");
  const inner = Object.entries(value).flatMap(([name, entry]) => {
    const field = properties[name] ?? valueAt(schema, "additionalProperties");
    return field === undefined ? [] : brokenRules(field, entry, path === "" ? name : `${path}.${name}`);
  });
  return [...own, ...inner];
}
