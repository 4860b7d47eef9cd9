import { type Diagnostic, errorAt } from "../diagnostic.ts";
import { counted } from "../report/counted.ts";
import { type ExpectedRoutes, expectedRoutes, PODS_OF_NODE } from "./expected-routes.ts";
import type { InventoryRule } from "./inventory-rule.ts";
import { speakerOf } from "./inventory-wide.ts";
import type { KnownVariables } from "./variables.ts";

type ScaleProfile = NonNullable<NonNullable<KnownVariables["fabric"]>["scale_profile"]>;

/**
 * Longest prefix matches of a leaf by its forwarding scale profile: the paper's lower and upper end (Longest prefix match scale), between them Cisco's
 * table for -EX and -FX leaves (APIC NX-OS Style CLI Guide, Forwarding Scale Profile Policy). Others depend on the hardware and are not known here.
 */
const LPM: Readonly<Partial<Record<ScaleProfile, number>>> = {
  "dual-stack": 20_000,
  ipv4: 38_000,
  "high-dual-stack": 38_000,
  "high-lpm": 128_000,
};

/** What every leaf has at least, whatever its profile (paper, Longest prefix match scale). */
const LEAST_LPM = 20_000;

/**
 * Routes of the cluster that a leaf may have to keep, against its profile: pod blocks, whole service subnets and host routes of services, of all
 * families. An estimate: somebody else's routes and Calico's borrowed addresses come on top, and services may be few.
 */
const longestPrefixMatches: InventoryRule = (hosts, plan) => {
  const cni = speakerOf(hosts, "cni")?.known.cni?.name;
  const subnets = speakerOf(hosts, "cluster");
  if (cni === undefined || subnets === undefined || plan.families.length === 0) return [];
  const each = plan.families.map((family) => expectedRoutes(family, plan.nodes.length, cni));
  const sum = (part: keyof ExpectedRoutes): number => each.reduce((total, routes) => total + routes[part], 0);
  const all = sum("blocks") + sum("serviceSubnets") + sum("hostRoutes");
  const speaker = hosts.find(({ known }) => known.fabric?.scale_profile !== undefined);
  const profile = speaker?.known.fabric?.scale_profile ?? "dual-stack";
  const most = LPM[profile];
  if (all <= (most ?? LEAST_LPM)) return [];
  const parts = `${sum("blocks")} pod prefixes, ${sum("serviceSubnets")} service subnets, ${sum("hostRoutes")} addresses of services`;
  const limit =
    most === undefined
      ? `how many scale profile ${profile} takes depends on the leaf, 20000 to 128000`
      : `scale profile ${profile} takes ${most} longest prefix matches`;
  const message = `up to ${all} routes (${parts}): ${limit} (paper, Longest prefix match scale)`;
  const hint =
    "smaller external_service_subnet and load_balancer_subnet, or a larger profile on the leaves in fabric.scale_profile";
  const at = speaker?.place("fabric", "scale_profile") ?? subnets.place("cluster", "pod_subnet");
  return [{ severity: "warning", rule: "longest-prefix-matches", message, at, hint }];
};

/**
 * Step 13: the limit counts what one node announces in one family. What a node surely sends must pass, or its session is cut for good; a limit
 * that leaves less room for services than a node has pods is doubtful.
 */
const prefixLimit: InventoryRule = (hosts, plan) => {
  const cni = speakerOf(hosts, "cni")?.known.cni?.name;
  const speaker = hosts.find(({ known }) => known.bgp?.max_prefixes !== undefined);
  const limit = speaker?.known.bgp?.max_prefixes;
  if (cni === undefined || speaker === undefined || limit === undefined) return [];
  const at = speaker.place("bgp", "max_prefixes");
  const each = plan.families.map((family) => ({ family, routes: expectedRoutes(family, plan.nodes.length, cni) }));
  return each.flatMap(({ family: { family }, routes }): Diagnostic[] => {
    const ip = plan.families.length > 1 ? ` of ${family === "ipv4" ? "IPv4" : "IPv6"}` : "";
    const surely = 1 + routes.serviceSubnets;
    const parts = `${counted(1, "pod prefix")}${routes.serviceSubnets === 0 ? "" : ` and ${counted(routes.serviceSubnets, "service subnet")}`}`;
    if (limit < surely) {
      const message = `bgp.max_prefixes ${limit}: a node announces ${surely} prefixes${ip} at least, ${parts}; its sessions would be cut (paper, step 13)`;
      return [errorAt(at, "prefix-limit", message, "500 leaves room for services")];
    }
    const full = routes.blocksOfNode + routes.serviceSubnets;
    const services = Math.min(routes.hostRoutes, PODS_OF_NODE);
    if (limit >= full + services) return [];
    const message = `bgp.max_prefixes ${limit} is tight: a full node announces ${full} prefixes${ip}, and each exposed service adds one; ${full + services} would do for ${services} (paper, step 13)`;
    return [{ severity: "warning", rule: "prefix-limit", message, at }];
  });
};

/** Rules about how many routes there will be. */
export const routeRules: readonly InventoryRule[] = [longestPrefixMatches, prefixLimit];
