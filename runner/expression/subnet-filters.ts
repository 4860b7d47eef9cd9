import { addressText, nthAddress, nthSubnet, readAddress, subnetCount, subnetText } from "../subnet.ts";
import { type Filter, Refusal } from "./refusal.ts";
import type { Plain } from "./tokens.ts";

/**
 * Ansible's `ipsubnet`: `'192.168.1.0/24' | ipsubnet(29, 2)` is the third /29 of it, `-1` the last one; without a number how many there are. An
 * address without prefix length gives the subnet that it is in. Without arguments: the network itself.
 */
const ipsubnet: Filter = (input, [length = null, index = null]) => {
  const placed = typeof input === "string" ? readAddress(input) : undefined;
  if (placed === undefined || typeof input !== "string")
    return new Refusal("filter ipsubnet needs an address or a prefix as text");
  if (length === null) return subnetText(placed.subnet);
  const wanted = whole(length);
  if (wanted === undefined) return new Refusal("filter ipsubnet needs a prefix length: ipsubnet(29, 0)");
  if (!input.includes("/")) {
    const around = readAddress(`${input}/${wanted}`);
    return around === undefined ? new Refusal(`filter ipsubnet: ${wanted} is no prefix length`) : subnetText(around.subnet);
  }
  const count = subnetCount(placed.subnet, Number(wanted));
  if (index === null) return Number(count);
  const number = whole(index);
  const found = number === undefined ? undefined : nthSubnet(placed.subnet, Number(wanted), number);
  return found === undefined ? new Refusal(`filter ipsubnet: ${input} has ${count} subnets of /${wanted}`) : subnetText(found);
};

/** Ansible's `nthhost`: an address of a network without prefix length; `'192.168.1.0/24' | nthhost(1)`, negative ones count from the end. */
const nthhost: Filter = (input, [index = null]) => {
  const placed = typeof input === "string" ? readAddress(input) : undefined;
  const number = whole(index);
  if (placed === undefined) return new Refusal("filter nthhost needs a prefix as text");
  if (number === undefined) return new Refusal("filter nthhost needs a number: nthhost(1)");
  const value = nthAddress(placed.subnet, number);
  if (value === undefined) return new Refusal(`filter nthhost: ${subnetText(placed.subnet)} has ${placed.subnet.size} addresses`);
  return addressText(placed.subnet.family, value);
};

function whole(value: Plain): bigint | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

/** Filters that count subnets and addresses, in Ansible's names (ansible.utils). */
export const subnetFilters: Readonly<Record<string, Filter>> = { ipsubnet, nthhost };
