import { type Diagnostic, errorAt, type SourceRange } from "../diagnostic.ts";
import type { CheckedHost } from "../load/inventory-rule.ts";
import { bitsOf, type Placed, readAddress, type Subnet } from "../subnet.ts";
import type { PlanInput } from "./input.ts";
import type { Family, FamilyPlan } from "./plan.ts";

/** What an inventory says about one address family, and where. */
export interface FamilyInput {
  readonly family: Family;
  readonly subnet: Subnet;
  /** `cluster.node_subnet` or `ipv6.node_subnet`, for messages. */
  readonly what: string;
  /** Where a key is written: of the subnets, and of `floating_address` and `secondary_address`. */
  readonly at: (key: string) => SourceRange;
  readonly floating: Placed | undefined;
  readonly secondary: Placed | undefined;
  /** Variable with a host's address in this family. */
  readonly own: "address" | "address6";
  /** What is in the plan as it is written. */
  readonly written: Pick<
    FamilyPlan,
    | "interface_profile"
    | "node_subnet"
    | "pod_subnet"
    | "service_subnet"
    | "external_service_subnet"
    | "load_balancer_subnet"
    | "prefixes"
    | "block_size"
  >;
}

const SUBNETS = ["node_subnet", "pod_subnet", "service_subnet", "external_service_subnet", "load_balancer_subnet"] as const;
const NEEDED = ["node_subnet", "pod_subnet", "service_subnet"] as const;
const WORDS: Readonly<Record<Family, string>> = { ipv4: "IPv4", ipv6: "IPv6" };

/**
 * A node's share of the pod subnet when nothing is said: Calico's block, kube-controller-manager's --node-cidr-mask-size-ipv4 and -ipv6
 * for kube-router, Cilium's clusterPoolIPv4MaskSize and IPv6MaskSize.
 */
const BLOCK_SIZES: Readonly<Record<"calico" | "kube-router" | "cilium", Readonly<Record<Family, number>>>> = {
  calico: { ipv4: 26, ipv6: 122 },
  "kube-router": { ipv4: 24, ipv6: 64 },
  cilium: { ipv4: 24, ipv6: 112 },
};

type Subnets = { readonly [Key in (typeof SUBNETS)[number]]?: string | undefined };

/** The families of a cluster: the one of `cluster.node_subnet`, and IPv6 beside IPv4 when the inventory has the map `ipv6`. */
export function readFamilies(input: PlanInput): {
  readonly families: readonly FamilyInput[];
  readonly wrong: readonly Diagnostic[];
} {
  const wrong: Diagnostic[] = [];
  const families: FamilyInput[] = [];
  const main = readMain(input, wrong);
  if (main !== undefined) families.push(main);
  const second = main === undefined ? undefined : readSecond(input, main, wrong);
  if (second !== undefined) families.push(second);
  return { families, wrong };
}

function readMain(input: PlanInput, wrong: Diagnostic[]): FamilyInput | undefined {
  const host = input.says("cluster");
  const cluster = host?.known.cluster;
  const placed = readAddress(cluster?.node_subnet ?? "");
  if (host === undefined || cluster === undefined || placed === undefined) return undefined;
  const outHost = input.says("l3out");
  const l3out = outHost?.known.l3out;
  const { family } = placed.subnet;
  const gateways = ["floating_address", "secondary_address"];
  const at = (key: string) =>
    (gateways.includes(key) ? outHost : host)?.place(gateways.includes(key) ? "l3out" : "cluster", key) ?? host.at;
  sameFamily(cluster, family, "cluster", at, wrong);
  const cniHost = input.says("cni");
  const block_size = cniHost?.known.cni?.block_size ?? BLOCK_SIZES[cniHost?.known.cni?.name ?? "calico"][family];
  checkBlock(
    block_size,
    cluster.pod_subnet,
    "cni.block_size",
    family,
    cniHost?.place("cni", "block_size") ?? at("pod_subnet"),
    wrong,
  );
  return {
    family,
    subnet: placed.subnet,
    what: "cluster.node_subnet",
    at,
    floating: given(l3out?.floating_address, family),
    secondary: given(l3out?.secondary_address, family),
    own: "address",
    written: written(cluster, l3out?.interface_profile ?? "", block_size),
  };
}

function readSecond(input: PlanInput, main: FamilyInput, wrong: Diagnostic[]): FamilyInput | undefined {
  const host = input.says("ipv6");
  const ipv6 = host?.known.ipv6;
  if (host === undefined || ipv6 === undefined) return undefined;
  const at = (key: string) => host.place("ipv6", key);
  if (main.family === "ipv6") {
    const hint = "leave out the map ipv6, or give the main subnets of cluster in IPv4";
    wrong.push(
      errorAt(host.place("ipv6"), "second-family", "cluster.node_subnet is IPv6: ipv6 would be a second IPv6 family", hint),
    );
    return undefined;
  }
  const missing = NEEDED.filter((key) => ipv6[key] === undefined);
  if (missing.length > 0) {
    const names = missing.map((key) => `ipv6.${key}`).join(" and ");
    wrong.push(errorAt(host.place("ipv6"), "second-family", `the second family needs ${names}`));
    return undefined;
  }
  sameFamily(ipv6, "ipv6", "ipv6", at, wrong);
  const placed = readAddress(ipv6.node_subnet ?? "");
  if (placed?.subnet.family !== "ipv6") return undefined;
  const block_size = ipv6.block_size ?? BLOCK_SIZES[input.says("cni")?.known.cni?.name ?? "calico"].ipv6;
  checkBlock(
    block_size,
    ipv6.pod_subnet,
    "ipv6.block_size",
    "ipv6",
    at(ipv6.block_size === undefined ? "pod_subnet" : "block_size"),
    wrong,
  );
  return {
    family: "ipv6",
    subnet: placed.subnet,
    what: "ipv6.node_subnet",
    at,
    floating: given(ipv6.floating_address, "ipv6"),
    secondary: given(ipv6.secondary_address, "ipv6"),
    own: "address6",
    written: written(ipv6, `${main.written.interface_profile}-ipv6`, block_size),
  };
}

function written(subnets: Subnets, interface_profile: string, block_size: number): FamilyInput["written"] {
  const { node_subnet = "", pod_subnet = "", service_subnet = "", external_service_subnet, load_balancer_subnet } = subnets;
  return {
    interface_profile,
    node_subnet,
    pod_subnet,
    service_subnet,
    prefixes: [...new Set(SUBNETS.flatMap((key) => subnets[key] ?? []))],
    block_size,
    ...(external_service_subnet === undefined ? {} : { external_service_subnet }),
    ...(load_balancer_subnet === undefined ? {} : { load_balancer_subnet }),
  };
}

/** A given address of a family; one of the other family is another rule's to report. */
export function given(text: string | undefined, family: Family): Placed | undefined {
  const placed = text === undefined ? undefined : readAddress(text);
  return placed?.subnet.family === family ? placed : undefined;
}

/** A host's own address of a family, when the inventory gives it. */
export function givenTo(host: CheckedHost, family: FamilyInput): Placed | undefined {
  return given(host.known[family.own], family.family);
}

function sameFamily(subnets: Subnets, family: Family, name: string, at: FamilyInput["at"], wrong: Diagnostic[]): void {
  for (const key of SUBNETS) {
    const text = subnets[key];
    if (text === undefined || readAddress(text)?.subnet.family === family) continue;
    const hint = name === "ipv6" ? undefined : "the second family of a dual-stack cluster goes into the map ipv6";
    wrong.push(errorAt(at(key), "other-family", `${name}.${key} ${text} is not ${WORDS[family]}, as its node subnet`, hint));
  }
}

function checkBlock(
  size: number,
  podSubnet: string | undefined,
  what: string,
  family: Family,
  at: SourceRange,
  wrong: Diagnostic[],
): void {
  const pods = readAddress(podSubnet ?? "")?.subnet;
  // A pod subnet of the other family is reported already.
  if (pods === undefined || pods.family !== family || (size >= pods.length && size <= bitsOf(pods.family))) return;
  const message = `${what} ${size} does not fit the pod subnet ${podSubnet}`;
  wrong.push(errorAt(at, "block-size", message, `a node's share is a prefix of ${pods.length} to ${bitsOf(pods.family)} bits`));
}
