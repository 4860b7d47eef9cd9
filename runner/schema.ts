import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { Address4, Address6 } from "ip-address";
import { type Static, type TSchema, Type } from "#typebox";
import { Secret } from "./secret.ts";

/**
 * The one schema checker: fills in defaults, reports all errors, knows the project's formats and the keyword `secret`.
 * Formats: `ip` a host address; `network` CIDR text without host bits, `10.1.0.0/16`; `interface-address` address with prefix length,
 * host bits kept, `192.168.2.201/24`. All take both families.
 */
const ajv = new Ajv({
  useDefaults: true,
  allErrors: true,
  strict: true,
  strictTypes: false,
  verbose: true,
  discriminator: true,
  // A schema is compiled for a handful of checks: polishing the code takes longer than it saves.
  code: { optimize: false },
  // Nor are our own schemas checked against JSON Schema's own: a test does that once for all.
  validateSchema: false,
});
ajv.addKeyword({
  keyword: "secret",
  schemaType: "boolean",
  errors: false,
  validate: (_schema: boolean, value: unknown) => value instanceof Secret,
});
ajv.addKeyword({
  keyword: "maxSecretBytes",
  schemaType: "number",
  error: { message: ({ schema }) => `must not be longer than ${schema} bytes` },
  validate: (limit: number, value: unknown) => !(value instanceof Secret) || Buffer.byteLength(value.reveal()) <= limit,
});
ajv.addKeyword({
  keyword: "forms",
  type: "object",
  error: { message: ({ schema }) => `needs ${formsInWords(schema)}, and not both` },
  validate: (forms: readonly Form[], value: Readonly<Record<string, unknown>>) => {
    const begun = forms.filter(({ keys }) => keys.some((key) => value[key] !== undefined));
    return begun.length === 1 && begun.every(({ keys }) => keys.every((key) => key in value));
  },
});
ajv.addFormat("ip", (text: string) => !text.includes("/") && (Address4.isValid(text) || Address6.isValid(text)));
ajv.addFormat("network", (text: string) => isNetwork(text));
ajv.addFormat("interface-address", (text: string) => text.includes("/") && (Address4.isValid(text) || Address6.isValid(text)));

function isNetwork(text: string): boolean {
  if (!text.includes("/")) return false;
  if (Address4.isValid(text)) return new Address4(text).startAddress().correctForm() === new Address4(text).correctForm();
  return Address6.isValid(text) && new Address6(text).startAddress().correctForm() === new Address6(text).correctForm();
}

/** Keyword `forms` of an object: exactly one of these groups of keys must be there, and all of it. */
export interface Form {
  /** What the form is for: `floating SVI`. */
  readonly name: string;
  readonly keys: readonly string[];
}

function formsInWords(forms: readonly Form[]): string {
  const described = forms.map(({ name, keys }) => {
    const last = keys.at(-1) ?? "";
    return `${keys.length > 1 ? `${keys.slice(0, -1).join(", ")} and ${last}` : last} (${name})`;
  });
  return `either ${described.join(", or ")}`;
}

/** A value that must be a `Secret` (`!vault`, `env()`, `file()`, a prompt): never plain text on a real inventory (design section 7). */
export function SecretText(options: { readonly description: string; readonly maxSecretBytes?: number }) {
  return Type.Unsafe<Secret>({ secret: true, ...options });
}

const compiled = new WeakMap<TSchema, ValidateFunction>();

/** What a schema check gives: the value with defaults filled in (in place), or what is wrong with it in ajv's words. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly ErrorObject[] };

/** Checks a value against a schema and fills in defaults. The value itself is changed; compiled once for each schema. */
export function check<S extends TSchema>(schema: S, value: unknown): Checked<Static<S>> {
  const known = compiled.get(schema);
  const validate = known ?? ajv.compile(schema);
  if (!known) compiled.set(schema, validate);
  if (isValid<Static<S>>(validate, value)) return { ok: true, value };
  return { ok: false, errors: validate.errors ?? [] };
}

function isValid<T>(validate: ValidateFunction, value: unknown): value is T {
  return validate(value) === true;
}
