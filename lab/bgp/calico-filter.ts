import { isObject } from "../../runner/json.ts";
import { listAt, textAt } from "./kube-read.ts";
import { contains, familyOf, networkOf, prefixSet } from "./prefix.ts";

/** A route on its way out of or into a node. */
export interface FilteredRoute {
  readonly prefix: string;
  readonly asPath: readonly number[];
  /** Learned from another peer, not the node's own. */
  readonly fromPeer: boolean;
}

/**
 * What a peer's BGPFilter objects make of a route: undefined when a rule rejects it, else the route, with the AS numbers of a
 * `prependASPath` in front. The first rule that matches decides, no match accepts (facts cni.md 1.3).
 */
export function filtered(
  filters: readonly unknown[],
  direction: "import" | "export",
  route: FilteredRoute,
): FilteredRoute | undefined {
  const field = `${direction}${familyOf(route.prefix) === "ipv6" ? "V6" : "V4"}`;
  for (const filter of filters) {
    const rule = listAt(filter, "spec", field).find((candidate) => matches(candidate, route));
    if (rule === undefined) continue;
    if (textAt(rule, "action") === "Reject") return undefined;
    return { ...route, asPath: [...prepended(rule), ...route.asPath] };
  }
  return route;
}

function matches(rule: unknown, route: FilteredRoute): boolean {
  if (!isObject(rule)) return false;
  if (rule.source === "RemotePeers" && !route.fromPeer) return false;
  const length = Number(route.prefix.split("/")[1]);
  const { min = 0, max = 128 } = isObject(rule.prefixLength) ? rule.prefixLength : {};
  if (length < Number(min) || length > Number(max)) return false;
  const cidr = textAt(rule, "cidr");
  if (cidr === undefined) return true;
  const inside = prefixSet(cidr, true);
  const isIn = inside !== undefined && contains(inside, route.prefix);
  const isEqual = networkOf(cidr) === networkOf(route.prefix);
  switch (textAt(rule, "matchOperator")) {
    case "In":
      return isIn;
    case "NotIn":
      return !isIn;
    case "NotEqual":
      return !isEqual;
    default:
      return isEqual;
  }
}

function prepended(rule: unknown): number[] {
  const operations = listAt(rule, "operations");
  return operations.flatMap((operation) =>
    listAt(isObject(operation) ? operation.prependASPath : undefined, "prefix").filter((as) => typeof as === "number"),
  );
}
