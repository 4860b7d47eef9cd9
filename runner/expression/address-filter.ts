import { Address4, Address6 } from "ip-address";
import { addressText, nthAddress, readAddress } from "../subnet.ts";
import { Refusal } from "./refusal.ts";
import type { Plain } from "./tokens.ts";

const QUERIES = ["address", "network", "prefix", "netmask", "host/prefix"];

/**
 * Ansible's `ipaddr`: takes an address with or without prefix length (`192.168.2.254/24`) apart. A list is taken item by item.
 * Both address families; `netmask` in the family's own notation. A number gives that address of the network with the prefix length:
 * `'192.168.5.0/29' | ipaddr(1)` is `192.168.5.1/29`, negative ones count from the end.
 */
export function addressFilter(input: Plain, query: Plain): Plain | Refusal {
  if (Array.isArray(input)) {
    const items: Plain[] = [];
    for (const item of input) {
      const one = addressFilter(item, query);
      if (one instanceof Refusal) return one;
      items.push(one);
    }
    return items;
  }
  if (typeof input !== "string") return new Refusal("filter ipaddr needs an address as text");
  const address = Address4.isValid(input) ? new Address4(input) : Address6.isValid(input) ? new Address6(input) : undefined;
  if (address === undefined) return new Refusal("filter ipaddr: this is not an IP address");
  const host = address.correctForm();
  const index = wholeNumber(query);
  if (index !== undefined) return nthWithLength(input, index);
  switch (query) {
    case "address":
      return host;
    case "network":
      return `${address.startAddress().correctForm()}/${address.subnetMask}`;
    case "prefix":
      return address.subnetMask;
    case "netmask":
      return address.subnetMaskAddress().correctForm();
    case "host/prefix":
      return `${host}/${address.subnetMask}`;
    case null:
      return input;
    default:
      return new Refusal(`filter ipaddr knows ${QUERIES.map((name) => `'${name}'`).join(", ")} and numbers`);
  }
}

/** Ansible takes numbers as text too: `ipaddr('1')`. */
function wholeNumber(query: Plain): bigint | undefined {
  const text = typeof query === "number" ? String(query) : query;
  return typeof text === "string" && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

function nthWithLength(input: string, index: bigint): string | Refusal {
  const subnet = readAddress(input)?.subnet;
  const value = subnet === undefined ? undefined : nthAddress(subnet, index);
  if (subnet === undefined || value === undefined) return new Refusal(`filter ipaddr: ${input} has no address number ${index}`);
  return `${addressText(subnet.family, value)}/${subnet.length}`;
}
