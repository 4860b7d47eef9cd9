import type { LabObject } from "../parts.ts";
import { namedTarget, type PolicyTree } from "./policy-tree.ts";
import { contains, type PrefixSet, prefixSet } from "./prefix.ts";

/** One context of a route map. */
interface Context {
  readonly order: number;
  readonly permit: boolean;
  /** Undefined: the context has no match rule and matches everything. */
  readonly matches: readonly PrefixSet[] | undefined;
}

/** What an L3Out lets in or out. */
export interface RoutePolicy {
  /** Import without enforcement takes everything. */
  readonly enforced: boolean;
  readonly contexts: readonly Context[];
  /** Prefixes with a route-control flag in an external EPG. */
  readonly subnets: readonly PrefixSet[];
}

/**
 * Route control of an L3Out in one direction (paper steps 7 and 10): the profile with the magic name, joined with the external EPG's
 * subnets unless it says `global`. Export is always enforced (aci-objects 3.6, 3.8).
 */
export function routePolicy(tree: PolicyTree, out: LabObject, direction: "import" | "export"): RoutePolicy {
  const enforced = direction === "export" || (out.attributes.enforceRtctrl ?? "").split(",").includes("import");
  const profile = tree.get(`${out.dn}/prof-default-${direction}`);
  const contexts =
    profile === undefined ? [] : tree.children(profile.dn, "rtctrlCtxP").map((context) => readContext(tree, context));
  contexts.sort((a, b) => a.order - b.order);
  const subnets = profile?.attributes.type === "global" ? [] : flaggedSubnets(tree, out, `${direction}-rtctrl`);
  return { enforced, contexts, subnets };
}

function readContext(tree: PolicyTree, context: LabObject): Context {
  const relations = tree.children(context.dn, "rtctrlRsCtxPToSubjP");
  const rules = relations.map((relation) =>
    namedTarget(tree, relation.dn, `subj-${relation.attributes.tnRtctrlSubjPName ?? ""}`),
  );
  return {
    order: Number(context.attributes.order ?? 0),
    permit: context.attributes.action !== "deny",
    matches: relations.length === 0 ? undefined : rules.flatMap((rule) => (rule === undefined ? [] : readRule(tree, rule))),
  };
}

function readRule(tree: PolicyTree, rule: LabObject): PrefixSet[] {
  const sets = tree.children(rule.dn, "rtctrlMatchRtDest").map(({ attributes }) => {
    const { ip = "", aggregate, fromPfxLen = "0", toPfxLen = "0" } = attributes;
    return prefixSet(ip, aggregate === "yes" || aggregate === "true", Number(fromPfxLen), Number(toPfxLen));
  });
  return sets.filter((set) => set !== undefined);
}

/** Subnets of the external EPGs with a route-control flag: the exact prefix, or everything for an aggregated 0.0.0.0/0. */
function flaggedSubnets(tree: PolicyTree, out: LabObject, flag: string): PrefixSet[] {
  const has = (list: string | undefined) => (list ?? "").split(",").includes(flag);
  return tree
    .children(out.dn, "l3extInstP")
    .flatMap((epg) => tree.children(epg.dn, "l3extSubnet"))
    .filter((subnet) => has(subnet.attributes.scope))
    .map((subnet) => prefixSet(subnet.attributes.ip ?? "", has(subnet.attributes.aggregate)))
    .filter((set) => set !== undefined);
}

/** Whether a prefix passes: the first matching context decides, then the subnets. */
export function permits(policy: RoutePolicy, prefix: string): boolean {
  if (!policy.enforced) return true;
  const context = policy.contexts.find(({ matches }) => matches === undefined || matches.some((set) => contains(set, prefix)));
  if (context !== undefined) return context.permit;
  return policy.subnets.some((set) => contains(set, prefix));
}
