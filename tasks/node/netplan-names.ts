import { parseDocument } from "yaml";
import { isObject } from "../../runner/json.ts";

/** Kinds of links that netplan makes itself, those that others ride on first (netplan's reference). */
const VIRTUAL = ["dummy-devices", "virtual-ethernets", "bonds", "bridges", "vrfs", "tunnels", "vlans"];

/** Names of links that a netplan file makes (none in a file that netplan cannot read), a bond before the VLAN on it. */
export function virtualLinksIn(content: string): readonly string[] {
  return VIRTUAL.flatMap((kind) => [...definitions(content, kind).keys()]);
}

/** Addresses with prefix length that a netplan file gives to any link. */
export function addressesIn(content: string): readonly string[] {
  return ["ethernets", "wifis", ...VIRTUAL].flatMap((kind) =>
    [...definitions(content, kind).values()].flatMap((link) => (isObject(link) ? texts(link.addresses) : [])),
  );
}

function definitions(content: string, kind: string): ReadonlyMap<string, unknown> {
  const document = parseDocument(content);
  const whole: unknown = document.errors.length > 0 ? undefined : document.toJS();
  const network = isObject(whole) ? whole.network : undefined;
  const links = isObject(network) ? network[kind] : undefined;
  return new Map(isObject(links) ? Object.entries(links) : []);
}

/** `192.168.2.1/24`, or the same with options: `192.168.2.1/24: {label: …}`. */
function texts(addresses: unknown): readonly string[] {
  if (!Array.isArray(addresses)) return [];
  return addresses.flatMap((address: unknown) =>
    typeof address === "string" ? [address] : isObject(address) ? Object.keys(address) : [],
  );
}
