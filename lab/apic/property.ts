/**
 * What a property of a class takes and what stands there when nobody set it. Data only: `property-value.ts` checks and normalises
 * with it. Values are text on the wire, whatever their kind (aci-objects 1.3).
 */
export type Property =
  | {
      readonly kind: "text";
      readonly default: string;
      readonly min: number;
      readonly max: number | undefined;
      readonly pattern: RegExp | undefined;
      /** Set when the object is made, never changed afterwards. */
      readonly createOnly: boolean;
    }
  | { readonly kind: "secret"; readonly default: ""; readonly min: number; readonly max: number | undefined }
  | {
      readonly kind: "number";
      readonly default: string;
      readonly min: number;
      readonly max: number;
      /** Names of special numbers, shown instead of the number: `{ inherit: "0" }`. */
      readonly names: Readonly<Record<string, string>>;
    }
  | { readonly kind: "yesNo"; readonly default: "yes" | "no" }
  | { readonly kind: "choice"; readonly default: string; readonly values: readonly string[] }
  | { readonly kind: "flags"; readonly default: string; readonly values: readonly string[] }
  | { readonly kind: "address"; readonly default: string }
  | { readonly kind: "mac"; readonly default: string }
  | { readonly kind: "dn"; readonly default: "" };

/** Names of objects: 1 to 64 of these characters (aci-objects 2.2). */
export const NAME = /^[a-zA-Z0-9_.:-]+$/;
/** Names of tenants, VRFs and bridge domains. */
export const NAME_WITHOUT_COLON = /^[a-zA-Z0-9_.-]+$/;
/** An encapsulation, `vlan-310`. */
export const VLAN = /^vlan-[0-9]+$/;

/** Any text within limits. */
export function text(
  initial: string,
  limits: { readonly min?: number; readonly max?: number; readonly pattern?: RegExp; readonly createOnly?: boolean } = {},
): Property {
  const { min = 0, max, pattern, createOnly = false } = limits;
  return { kind: "text", default: initial, min, max, pattern, createOnly };
}

/** A name: mandatory when no default is given (naming property), else it may be empty. */
export function name(initial?: string): Property {
  return text(initial ?? "", { min: initial === undefined ? 1 : 0, max: 64, pattern: NAME });
}

/** Taken on POST, never shown (aci-objects 3.11, password). */
export function secret(min = 0, max?: number): Property {
  return { kind: "secret", default: "", min, max };
}

/** A whole number, some of them with names. */
export function number(initial: string, min: number, max: number, names: Readonly<Record<string, string>> = {}): Property {
  return { kind: "number", default: initial, min, max, names };
}

/** A boolean as the APIC writes it. */
export function yesNo(initial: "yes" | "no"): Property {
  return { kind: "yesNo", default: initial };
}

/** One of some words. */
export function choice(initial: string, values: readonly string[]): Property {
  return { kind: "choice", default: initial, values };
}

/** Any of some words, shown in alphabetical order. */
export function flags(initial: string, values: readonly string[]): Property {
  return { kind: "flags", default: initial, values };
}

/** An IPv4 or IPv6 address, with or without prefix length. */
export function address(initial: string): Property {
  return { kind: "address", default: initial };
}

/** A MAC address, upper case. */
export function mac(initial: string): Property {
  return { kind: "mac", default: initial };
}

/** The distinguished name of another object. */
export function dnText(): Property {
  return { kind: "dn", default: "" };
}
