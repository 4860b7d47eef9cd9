import { Address4, Address6 } from "ip-address";
import { good, type Outcome, refused } from "./answer.ts";
import type { Property } from "./property.ts";

/** Where a value stands, for the text of a refusal. */
export interface Place {
  readonly className: string;
  readonly property: string;
  readonly dn: string;
  readonly rn: string;
}

/** An unknown word, flag, number format or naming value: code 120. */
export function unknownValue(place: Place, value: string): ReturnType<typeof refused> {
  const { className, property, dn } = place;
  return refused("120", `unknown property value ${value}, name ${property}, class ${className} [(Dn0)] Dn0=${dn}, `);
}

/** A number outside its range: code 801. */
export function outOfRange(place: Place): ReturnType<typeof refused> {
  return refused("801", `Property ${place.property} of ${place.rn} is out of range`);
}

function invalid(place: Place, shown: string): ReturnType<typeof refused> {
  return refused("801", `property ${place.property} of ${place.rn} failed validation for value '${shown}'`);
}

/** Checks a value that a client sends and brings it into the form a GET shows (aci-objects 2.1). */
export function normalise(rule: Property, value: string, place: Place): Outcome<string> {
  switch (rule.kind) {
    case "text":
      if (place.property === "userdom") return good(userdom(value));
      if (place.property === "areaId") return ospfArea(value, place);
      if (value === "" && rule.min === 0) return good(value);
      if (value.length < rule.min || value.length > (rule.max ?? Number.POSITIVE_INFINITY)) return invalid(place, value);
      return rule.pattern === undefined || rule.pattern.test(value) ? good(value) : invalid(place, value);
    case "secret":
      if (value !== "" && value.length < rule.min) return invalid(place, "");
      return value.length > (rule.max ?? Number.POSITIVE_INFINITY) ? invalid(place, "") : good(value);
    case "number":
      return wholeNumber(rule.min, rule.max, rule.names, value, place);
    case "yesNo":
      if (value === "yes" || value === "true") return good("yes");
      return value === "no" || value === "false" ? good("no") : unknownValue(place, value);
    case "choice":
      return rule.values.includes(value) ? good(value) : unknownValue(place, value);
    case "flags": {
      const words = [...new Set(value.split(",").map((word) => word.trim()))].filter((word) => word !== "").sort();
      const unknown = words.some((word) => !rule.values.includes(word));
      return unknown ? unknownValue(place, value) : good(words.join(","));
    }
    case "address": {
      const address = normalAddress(value);
      return address === undefined ? unknownValue(place, value) : good(address);
    }
    case "mac":
      if (value === rule.default) return good(value);
      return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value) ? good(value.toUpperCase()) : unknownValue(place, value);
    case "dn":
      return good(value);
    default:
      return rule satisfies never;
  }
}

/** Security domains come back wrapped in colons. */
function userdom(value: string): string {
  const domains = value.split(":").filter((domain) => domain !== "");
  return domains.length === 0 ? "" : `:${domains.join(":")}:`;
}

/** OSPF areas come back as dotted quads, area 0 as `backbone`. */
function ospfArea(value: string, place: Place): Outcome<string> {
  if (["backbone", "0", "0.0.0.0"].includes(value)) return good("backbone");
  if (/^[0-9]{1,10}$/.test(value) && Number(value) < 2 ** 32) return good(Address4.fromBigInt(BigInt(value)).address);
  return Address4.isValid(value) && !value.includes("/") ? good(value) : unknownValue(place, value);
}

function wholeNumber(
  min: number,
  max: number,
  names: Readonly<Record<string, string>>,
  value: string,
  place: Place,
): Outcome<string> {
  if (names[value] !== undefined) return good(value);
  if (!/^-?[0-9]+$/.test(value)) return unknownValue(place, value);
  const plain = BigInt(value).toString();
  for (const [name, figure] of Object.entries(names)) if (figure === plain) return good(name);
  return Number(plain) < min || Number(plain) > max ? outOfRange(place) : good(plain);
}

/** IPv4 as it is, IPv6 in lower case and compressed; the prefix length is kept. Undefined when it is no address. */
export function normalAddress(value: string): string | undefined {
  if (!value.includes(":")) return value === "" || Address4.isValid(value) ? value : undefined;
  if (!Address6.isValid(value) || value.includes("%")) return undefined;
  const [, length] = value.split("/");
  const text = new Address6(value).correctForm();
  return length === undefined ? text : `${text}/${length}`;
}
