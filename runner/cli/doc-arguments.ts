import { isObject } from "../json.ts";

/** An argument of a task type as its documentation shows it. */
export interface Argument {
  /** `nodes[].router_id` for what is inside lists and maps. */
  readonly path: string;
  /** `integer from 1 to 64`, `list of network`, `secret`. */
  readonly type: string;
  readonly required: boolean;
  /** Undefined: none. */
  readonly default: unknown;
  readonly description: string | undefined;
  readonly allowed: readonly unknown[];
}

/** The arguments in the order of the schema, those inside lists and maps after the one they belong to. */
export function argumentsOf(schema: unknown, prefix = ""): readonly Argument[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).flatMap(([name, inner]) => {
    if (!isObject(inner)) return [];
    const path = `${prefix}${name}`;
    const preset: unknown = inner.default;
    const argument: Argument = {
      path,
      type: typeText(inner),
      required: required.includes(name) && preset === undefined,
      default: preset,
      description: typeof inner.description === "string" ? inner.description : undefined,
      allowed: choices(inner),
    };
    const inside = isObject(inner.items) ? argumentsOf(inner.items, `${path}[].`) : argumentsOf(inner, `${path}.`);
    return [argument, ...inside];
  });
}

/** The type in words, with its limits. */
function typeText(schema: Record<string, unknown>): string {
  if (schema.secret === true) return "secret";
  if (choices(schema).length > 0) return "choice";
  const variants = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isObject) : [];
  if (variants.length > 0) return [...new Set(variants.map(typeText))].join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") {
    const of = isObject(schema.items) ? ` of ${typeText(schema.items)}` : "";
    const least = typeof schema.minItems === "number" && schema.minItems > 0 ? `, at least ${schema.minItems}` : "";
    return `list${of}${least}`;
  }
  if (schema.type === "object") return "map";
  if (typeof schema.type !== "string") return "any value";
  if (schema.type === "string") return typeof schema.format === "string" ? schema.format : "text";
  return `${schema.type}${range(schema.minimum, schema.maximum)}`;
}

function range(minimum: unknown, maximum: unknown): string {
  if (typeof minimum === "number" && typeof maximum === "number") return ` from ${minimum} to ${maximum}`;
  if (typeof minimum === "number") return ` from ${minimum}`;
  return typeof maximum === "number" ? ` up to ${maximum}` : "";
}

/** The values of an enumeration, or of a union of constants. */
function choices(schema: Record<string, unknown>): readonly unknown[] {
  if (Array.isArray(schema.enum)) return schema.enum;
  if (!Array.isArray(schema.anyOf)) return [];
  const constants: readonly unknown[] = schema.anyOf.map((variant: unknown) => (isObject(variant) ? variant.const : undefined));
  return constants.every((value) => value !== undefined) ? constants : [];
}
