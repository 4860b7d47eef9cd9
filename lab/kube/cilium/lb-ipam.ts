import type { Json } from "../../../runner/json.ts";
import { condition, type World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, textAt, valueAt } from "../objects/kube-object.ts";
import { selectsLabels } from "../objects/label-selector.ts";
import { type AddressRange, assignAddresses, ingressOf, nameOf, rangeBetween, rangeOf } from "../services/load-balancer.ts";
import { atLeast } from "../version.ts";
import type { CiliumOperator } from "./config.ts";
import { ciliumKind } from "./kinds.ts";

/** Annotations by which a service asks for addresses; the second is the older name. */
const REQUESTS = ["lbipam.cilium.io/ips", "io.cilium/lb-ipam-ips"];

const CLASS = "io.cilium/bgp-control-plane";

/**
 * LB IPAM: services of type LoadBalancer get addresses from the pools that select them (facts, cni.md 3.2), and both say so in their
 * conditions. Of two pools that overlap the younger one is in conflict and gives nothing.
 */
export function assignServiceAddresses(world: World, operator: CiliumOperator): void {
  const resource = ciliumKind("CiliumLoadBalancerIPPool");
  const pools = world.store.list(resource.storage).map((pool) => ({ pool, ranges: rangesOf(pool, operator) }));
  const inConflict = conflicts(pools);
  const usable = pools.filter(({ pool }) => !inConflict.has(pool.metadata.name) && valueAt(pool, "spec", "disabled") !== true);
  const bgp = operator.setting("enable-bgp-control-plane") === "true";
  const isMine = (service: KubeObject) => {
    const name = textAt(service, "spec", "loadBalancerClass");
    return name === "" || (bgp && name === CLASS);
  };
  const unserved = assignAddresses(world, (service) => {
    if (!isMine(service)) return undefined;
    const fitting = usable.filter(({ pool }) => selectsLabels(valueAt(pool, "spec", "serviceSelector"), labelsOf(service)));
    return { ranges: fitting.flatMap(({ ranges }) => ranges), requested: requestedBy(service) };
  });
  for (const service of world.store.list(builtinOf("Service").storage)) {
    if (textAt(service, "spec", "type") === "LoadBalancer" && isMine(service)) reportService(world, service, unserved);
  }
  for (const { pool, ranges } of pools) reportPool(world, pool, ranges, inConflict.has(pool.metadata.name));
}

function rangesOf(pool: KubeObject, { release }: CiliumOperator): readonly AddressRange[] {
  const edges = textAt(pool, "spec", "allowFirstLastIPs");
  const all = edges === "" ? atLeast(release, 1, 16) : edges === "Yes";
  return [...listAt(pool, "spec", "blocks"), ...listAt(pool, "spec", "cidrs")].flatMap((block) => {
    const cidr = textAt(block, "cidr");
    return (cidr === "" ? rangeBetween(textAt(block, "start"), textAt(block, "stop")) : rangeOf(cidr, all)) ?? [];
  });
}

/** Names of pools that overlap one that was there before them. */
function conflicts(
  pools: readonly { readonly pool: KubeObject; readonly ranges: readonly AddressRange[] }[],
): ReadonlySet<string> {
  const age = (pool: KubeObject) => `${textAt(pool, "metadata", "creationTimestamp")} ${pool.metadata.name}`;
  const byAge = [...pools].sort((a, b) => (age(a.pool) < age(b.pool) ? -1 : 1));
  const overlaps = (a: AddressRange, b: AddressRange) => a.family === b.family && a.first <= b.last && b.first <= a.last;
  const younger = byAge.filter(({ ranges }, index) =>
    byAge.slice(0, index).some((older) => older.ranges.some((range) => ranges.some((own) => overlaps(range, own)))),
  );
  return new Set(younger.map(({ pool }) => pool.metadata.name));
}

/** A service's labels, and its name and namespace as labels that only a pool's selector sees. */
function labelsOf({ metadata }: KubeObject): Readonly<Record<string, string>> {
  const own = { "io.kubernetes.service.name": metadata.name, "io.kubernetes.service.namespace": metadata.namespace ?? "" };
  return { ...metadata.labels, ...own };
}

function requestedBy({ metadata }: KubeObject): readonly string[] {
  const found = REQUESTS.map((name) => metadata.annotations?.[name]).find((value) => value !== undefined) ?? "";
  return found
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
}

function reportService(world: World, service: KubeObject, unserved: ReadonlySet<string>): void {
  const status = isJsonObject(service.status) ? service.status : {};
  const known = listAt(status, "conditions");
  const satisfied = !unserved.has(nameOf(service));
  const reason = satisfied ? "satisfied" : "no_pool";
  const own = condition(known, { type: "cilium.io/IPAMRequestSatisfied", status: satisfied, reason });
  const others = known.filter((entry) => textAt(entry, "type") !== "cilium.io/IPAMRequestSatisfied");
  world.setStatus(builtinOf("Service"), service, { ...status, conditions: [...others, own] });
}

function reportPool(world: World, pool: KubeObject, ranges: readonly AddressRange[], conflict: boolean): void {
  const used = world.store
    .list(builtinOf("Service").storage)
    .flatMap(ingressOf)
    .filter((address) => ranges.some((range) => holds(range, address))).length;
  const total = ranges.reduce((sum, range) => sum + (range.last - range.first + 1n), 0n);
  const known = listAt(pool, "status", "conditions");
  const count = (type: string, message: string): Json => {
    const before = known.find((entry) => textAt(entry, "type") === type && textAt(entry, "message") === message);
    return before ?? { ...condition([], { type, status: false, reason: "noreason", message }), status: "Unknown" };
  };
  const reason = conflict ? "cidr_overlap" : "resolved";
  const conditions: Json = [
    condition(known, { type: "cilium.io/PoolConflict", status: conflict, reason }),
    count("cilium.io/IPsTotal", String(total)),
    count("cilium.io/IPsAvailable", String(total - BigInt(used))),
    count("cilium.io/IPsUsed", String(used)),
  ];
  world.setStatus(ciliumKind("CiliumLoadBalancerIPPool"), pool, { conditions });
}

function holds(range: AddressRange, address: string): boolean {
  const found = rangeBetween(address, "");
  return found !== undefined && found.family === range.family && range.first <= found.first && found.first <= range.last;
}
