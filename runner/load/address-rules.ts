import { Address4, Address6 } from "ip-address";
import { type Diagnostic, errorAt, type SourceRange, samePlace } from "../diagnostic.ts";
import type { CheckedHost, InventoryRule } from "./inventory-rule.ts";

interface Placed {
  readonly what: string;
  readonly text: string;
  readonly at: SourceRange;
}

function parse(text: string): Address4 | Address6 {
  return Address4.isValid(text) ? new Address4(text) : new Address6(text);
}

function hostPart(text: string): string {
  return parse(text).correctForm();
}

/** Reports each value that was there before, with both places. */
function duplicates(values: readonly Placed[], rule: string, message: (value: Placed, first: Placed) => string): Diagnostic[] {
  const seen = new Map<string, Placed>();
  return values.flatMap((value) => {
    const first = seen.get(value.text);
    if (first === undefined) {
      seen.set(value.text, value);
      return [];
    }
    if (samePlace(first.at, value.at) && first.what === value.what) return [];
    return [{ ...errorAt(value.at, rule, message(value, first)), related: [{ message: first.what, at: first.at }] }];
  });
}

/** Floating and secondary addresses of all L3Outs, each place once. */
function gateways(hosts: readonly CheckedHost[]): readonly Placed[] {
  const found = new Map<string, Placed>();
  for (const host of hosts) {
    for (const key of ["floating_address", "secondary_address"] as const) {
      const text = host.known.l3out?.[key];
      if (text === undefined) continue;
      const at = host.place("l3out", key);
      found.set(`${at.file}:${at.line}:${at.column}`, { what: `l3out.${key}`, text: hostPart(text), at });
    }
  }
  return [...found.values()];
}

/** Leaves' own, floating, secondary and node addresses live in one subnet and must differ (paper, section IP allocation). */
const duplicateAddress: InventoryRule = (hosts) => {
  const own = hosts.flatMap((host): Placed[] => {
    const { address } = host.known;
    return address === undefined ? [] : [{ what: host.name, text: hostPart(address), at: host.place("address") }];
  });
  return duplicates(
    [...gateways(hosts), ...own],
    "duplicate-address",
    (value, first) => `${value.what} has address ${value.text}, which ${first.what} has already`,
  );
};

const duplicateNodeId: InventoryRule = (hosts) => {
  const ids = hosts.flatMap((host): Placed[] =>
    host.known.node_id === undefined ? [] : [{ what: host.name, text: String(host.known.node_id), at: host.place("node_id") }],
  );
  return duplicates(
    ids,
    "duplicate-node-id",
    (value, first) => `${value.what} has node_id ${value.text}, which ${first.what} has already`,
  );
};

const duplicateRouterId: InventoryRule = (hosts) => {
  const ids = hosts.flatMap((host): Placed[] =>
    host.known.router_id === undefined
      ? []
      : [{ what: host.name, text: hostPart(host.known.router_id), at: host.place("router_id") }],
  );
  return duplicates(
    ids,
    "duplicate-router-id",
    (value, first) => `${value.what} has router_id ${value.text}, which ${first.what} has already`,
  );
};

const SUBNETS = ["node_subnet", "pod_subnet", "service_subnet", "external_service_subnet"] as const;

/** The cluster's four subnets are four prefixes in the fabric's route map: none may contain another. */
const overlappingSubnets: InventoryRule = (hosts) =>
  hosts.flatMap((host) => {
    const subnets = SUBNETS.flatMap((key): Placed[] => {
      const text = host.known.cluster?.[key];
      return text === undefined ? [] : [{ what: `cluster.${key}`, text, at: host.place("cluster", key) }];
    });
    return subnets.flatMap((subnet, index) =>
      subnets
        .slice(0, index)
        .filter((other) => overlap(subnet.text, other.text))
        .map((other) => ({
          ...errorAt(
            subnet.at,
            "overlapping-subnets",
            `${subnet.what} ${subnet.text} overlaps ${other.what} ${other.text}`,
            "give each its own prefix",
          ),
          related: [{ message: other.what, at: other.at }],
        })),
    );
  });

function overlap(a: string, b: string): boolean {
  const first = parse(a);
  const second = parse(b);
  if (first instanceof Address4 !== second instanceof Address4) return false;
  return first.isInSubnet(second) || second.isInSubnet(first);
}

/** Nodes, anchor leaves, floating and secondary addresses are all in the node subnet (paper, step 4 and 6). */
const outsideNodeSubnet: InventoryRule = (hosts) =>
  hosts.flatMap((host) => {
    const subnet = host.known.cluster?.node_subnet;
    if (subnet === undefined) return [];
    const { address, l3out } = host.known;
    const values: Placed[] = [];
    if (address !== undefined && (host.kind === "node" || host.kind === "leaf")) {
      values.push({ what: `address of ${host.name}`, text: address, at: host.place("address") });
    }
    for (const key of ["floating_address", "secondary_address"] as const) {
      const text = l3out?.[key];
      if (text !== undefined) values.push({ what: `l3out.${key}`, text, at: host.place("l3out", key) });
    }
    const related = [{ message: "cluster.node_subnet", at: host.place("cluster", "node_subnet") }];
    return values.flatMap((value): Diagnostic[] => {
      const own = parse(value.text);
      const net = parse(subnet);
      if (own instanceof Address4 !== net instanceof Address4 || !parse(hostPart(value.text)).isInSubnet(net)) {
        const message = `${value.what} ${value.text} is outside of cluster.node_subnet ${subnet}`;
        return [{ ...errorAt(value.at, "outside-node-subnet", message), related }];
      }
      if (own.subnetMask === net.subnetMask) return [];
      const message = `${value.what} ${value.text} has another prefix length than cluster.node_subnet ${subnet}`;
      return [{ severity: "warning", rule: "prefix-length", message, at: value.at, related }];
    });
  });

/** Rules about addresses. */
export const addressRules: readonly InventoryRule[] = [
  duplicateAddress,
  duplicateNodeId,
  duplicateRouterId,
  overlappingSubnets,
  outsideNodeSubnet,
];
