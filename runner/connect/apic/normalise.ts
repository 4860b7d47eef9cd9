import { Secret } from "../../secret.ts";
import type { MoValue } from "../managed-object.ts";
import { canonicalAddress } from "./address-text.ts";
import { canonicalDn } from "./dn.ts";

/** A value that can be read back; a Secret cannot. */
export type ReadableValue = Exclude<MoValue, Secret>;

/** Whether a value can be compared with what a GET returns. */
export function isReadable(value: MoValue): value is ReadableValue {
  return !(value instanceof Secret);
}

const PORT_NAMES: Readonly<Record<string, string>> = {
  "0": "unspecified",
  "20": "ftpData",
  "22": "ssh",
  "25": "smtp",
  "53": "dns",
  "80": "http",
  "110": "pop3",
  "443": "https",
  "554": "rtsp",
};

const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  "0": "unspecified",
  "1": "icmp",
  "2": "igmp",
  "6": "tcp",
  "8": "egp",
  "9": "igp",
  "17": "udp",
  "58": "icmpv6",
  "88": "eigrp",
  "89": "ospfigp",
  "103": "pim",
  "115": "l2tp",
};

/** Numbers that a property returns as names (facts 2.1), by property. */
const NAMES_OF_NUMBERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mtu: { "0": "inherit" },
  staleIntvl: { "300": "default" },
  restartTime: { "0": "infinite" },
  dFromPort: PORT_NAMES,
  dToPort: PORT_NAMES,
  sFromPort: PORT_NAMES,
  sToPort: PORT_NAMES,
  prot: PROTOCOL_NAMES,
};

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;

/** A value as it is written in a POST: the spelling the controller itself would return. */
export function wireText(property: string, value: ReadableValue): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object") return flags(value);
  return normalText(property, String(value));
}

/** Whether a property that was read already has the wanted value, whatever the spelling. */
export function isSame(property: string, wanted: ReadableValue, found: string): boolean {
  if (typeof wanted === "boolean") return wireText(property, wanted) === yesNo(found);
  if (typeof wanted === "object") return flags(wanted) === flags(found.split(","));
  return normalText(property, String(wanted)) === normalText(property, found);
}

/** Flags are alphabetical, joined by commas without blanks; the empty set is empty text. */
function flags(values: readonly string[]): string {
  const given = values.map((value) => value.trim()).filter((value) => value !== "");
  return [...new Set(given)].sort().join(",");
}

function yesNo(text: string): string {
  if (text === "true") return "yes";
  return text === "false" ? "no" : text;
}

function normalText(property: string, text: string): string {
  const name = NAMES_OF_NUMBERS[property]?.[text];
  if (name !== undefined) return name;
  if (MAC.test(text)) return text.toUpperCase();
  return canonicalAddress(text) ?? canonicalDn(text);
}
