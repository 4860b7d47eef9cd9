import { Address4, Address6 } from "ip-address";
import type { AddressPlan } from "../address-plan/plan.ts";
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

/** Floating and secondary addresses that are given, each place once. */
function gateways(hosts: readonly CheckedHost[]): readonly Placed[] {
  const found = new Map<string, Placed>();
  for (const host of hosts) {
    for (const variable of ["l3out", "ipv6"] as const) {
      for (const key of ["floating_address", "secondary_address"] as const) {
        const text = host.known[variable]?.[key];
        if (text === undefined) continue;
        const at = host.place(variable, key);
        found.set(`${at.file}:${at.line}:${at.column}`, { what: `${variable}.${key}`, text: hostPart(text), at });
      }
    }
  }
  return [...found.values()];
}

/** What the address plan adds to the given addresses: floating and secondary ones that were derived, and the leaves' on the paths of a standard SVI. */
function derived(hosts: readonly CheckedHost[], plan: AddressPlan): readonly Placed[] {
  const speaker = hosts.find(({ known }) => known.cluster?.node_subnet !== undefined);
  if (speaker === undefined) return [];
  return plan.families.flatMap((family, index) => {
    const at = index === 0 ? speaker.place("cluster", "node_subnet") : speaker.place("ipv6", "node_subnet");
    const one = (what: string, text: string | undefined): Placed[] =>
      text === undefined ? [] : [{ what, text: hostPart(text), at }];
    return [
      ...one("the secondary address", family.secondary_address),
      ...one("the floating address", family.floating_address),
      ...family.paths.flatMap((path) => [
        ...path.addresses.flatMap((address, side) => one(`leaf ${path.leaves[side]} on the path of ${path.node}`, address)),
        ...one(`the secondary address of ${path.node}`, path.secondary_address),
      ]),
    ];
  });
}

/** Leaves' own, floating, secondary and node addresses live in one subnet and must differ (paper, section IP allocation). */
const duplicateAddress: InventoryRule = (hosts, plan) => {
  const own = hosts.flatMap((host): Placed[] =>
    (["address", "address6"] as const).flatMap((key) => {
      const text = host.known[key];
      return text === undefined ? [] : [{ what: host.name, text: hostPart(text), at: host.place(key) }];
    }),
  );
  const given = gateways(hosts);
  const texts = new Set(given.map(({ text }) => text));
  return duplicates(
    [...given, ...derived(hosts, plan).filter(({ text }) => !texts.has(text)), ...own],
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
    (value, first) =>
      `${value.what} has router_id ${value.text}, which ${first.what} has already (paper, steps 4 and 5: a router ID is of one leaf)`,
  );
};

const SUBNETS = ["node_subnet", "pod_subnet", "service_subnet", "external_service_subnet", "load_balancer_subnet"] as const;

/** The cluster's subnets are prefixes of their own in the fabric's route map: none may contain another. */
const overlappingSubnets: InventoryRule = (hosts) =>
  hosts.flatMap((host) => {
    const subnets = (["cluster", "ipv6"] as const).flatMap((variable) =>
      SUBNETS.flatMap((key): Placed[] => {
        const text = host.known[variable]?.[key];
        return text === undefined ? [] : [{ what: `${variable}.${key}`, text, at: host.place(variable, key) }];
      }),
    );
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

/** Which variables hold addresses of a family, and its node subnet. */
const FAMILIES = [
  { subnet: "cluster", own: "address", gateways: "l3out" },
  { subnet: "ipv6", own: "address6", gateways: "ipv6" },
] as const;

/** Nodes, anchor leaves, floating and secondary addresses are all in the node subnet (paper, step 4 and 6). */
const outsideNodeSubnet: InventoryRule = (hosts) =>
  hosts.flatMap((host) =>
    FAMILIES.flatMap(({ subnet: variable, own, gateways: gatewaysIn }) => {
      const subnet = host.known[variable]?.node_subnet;
      if (subnet === undefined) return [];
      const values: Placed[] = [];
      const address = host.known[own];
      if (address !== undefined && (host.kind === "node" || host.kind === "leaf")) {
        values.push({ what: `${own} of ${host.name}`, text: address, at: host.place(own) });
      }
      for (const key of ["floating_address", "secondary_address"] as const) {
        const text = host.known[gatewaysIn]?.[key];
        if (text !== undefined) values.push({ what: `${gatewaysIn}.${key}`, text, at: host.place(gatewaysIn, key) });
      }
      const related = [{ message: `${variable}.node_subnet`, at: host.place(variable, "node_subnet") }];
      // With a standard SVI the node subnet is the supernet of all nodes' subnets.
      const ofOneLength = host.known.l3out?.svi !== "standard";
      return values.flatMap((value): Diagnostic[] => {
        const parsed = parse(value.text);
        const net = parse(subnet);
        if (parsed instanceof Address4 !== net instanceof Address4 || !parse(hostPart(value.text)).isInSubnet(net)) {
          const message = `${value.what} ${value.text} is outside of ${variable}.node_subnet ${subnet}`;
          return [{ ...errorAt(value.at, "outside-node-subnet", message), related }];
        }
        if (parsed.subnetMask === net.subnetMask || !ofOneLength) return [];
        const message = `${value.what} ${value.text} has another prefix length than ${variable}.node_subnet ${subnet}`;
        return [{ severity: "warning", rule: "prefix-length", message, at: value.at, related }];
      });
    }),
  );

/** Floating, secondary and leaf addresses that a standard SVI has no use for: every path has its own. */
const unusedAddress: InventoryRule = (hosts) => {
  if (!hosts.some(({ known }) => known.l3out?.svi === "standard")) return [];
  const leaves = hosts.flatMap((host): Placed[] =>
    host.kind !== "leaf" || host.known.address === undefined
      ? []
      : [{ what: `address of ${host.name}`, text: host.known.address, at: host.place("address") }],
  );
  return [...gateways(hosts), ...leaves].map(({ what, text, at }) => ({
    severity: "warning",
    rule: "unused-address",
    message: `${what} ${text} is not used: with a standard SVI the leaves' addresses are those of each node's path`,
    at,
  }));
};

/** Rules about addresses. */
export const addressRules: readonly InventoryRule[] = [
  duplicateAddress,
  duplicateNodeId,
  duplicateRouterId,
  overlappingSubnets,
  outsideNodeSubnet,
  unusedAddress,
];
