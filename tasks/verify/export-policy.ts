import type { ApicReader, FoundObject } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";
import { flagsOf, lies, ofClass, plainPrefix } from "./leaf-objects.ts";

/** Prefixes that a rule matches. */
interface Match {
  readonly prefix: string;
  /** Longer ones too, without a limit that leaves some out. */
  readonly longer: boolean;
}

/** One context of a route map. */
interface Context {
  readonly order: number;
  readonly permit: boolean;
  /** Undefined: no match rule, so it matches everything. */
  readonly matches: readonly Match[] | undefined;
}

/** What an L3Out announces: the contexts of `default-export` in their order, and subnets with the export flag. */
export interface ExportPolicy {
  readonly contexts: readonly Context[];
  readonly subnets: readonly Match[];
}

const CLASSES = ["rtctrlProfile", "rtctrlCtxP", "rtctrlRsCtxPToSubjP", "l3extInstP", "l3extSubnet"];

/** Reads the export policy of an L3Out (facts 3.8, 5.2); undefined: there is no such L3Out. One query, and one for each match rule. */
export async function readExportPolicy(reader: ApicReader, out: string): Promise<Result<ExportPolicy | undefined>> {
  const found = await reader.object(out, { "rsp-subtree": "full", "rsp-subtree-class": CLASSES.join(",") });
  if (!found.ok || found.value === undefined) return found.ok ? ok(undefined) : found;
  const profile = ofClass([found.value], "rtctrlProfile").find(({ dn }) => dn === `${out}/prof-default-export`);
  const contexts: Context[] = [];
  for (const context of ofClass(profile === undefined ? [] : [profile], "rtctrlCtxP")) {
    const matches = await matchesOf(reader, context);
    if (!matches.ok) return matches;
    const { order, action } = context.attributes;
    contexts.push({ order: Number(order ?? 0), permit: action !== "deny", matches: matches.value });
  }
  contexts.sort((a, b) => a.order - b.order);
  const subnets = profile?.attributes.type === "global" ? [] : ofClass([found.value], "l3extSubnet").flatMap(exportedSubnet);
  return ok({ contexts, subnets });
}

async function matchesOf(reader: ApicReader, context: FoundObject): Promise<Result<readonly Match[] | undefined>> {
  const relations = ofClass([context], "rtctrlRsCtxPToSubjP");
  if (relations.length === 0) return ok(undefined);
  const matches: Match[] = [];
  for (const { attributes } of relations) {
    if ((attributes.tDn ?? "") === "") continue;
    const rule = await reader.object(attributes.tDn ?? "", {
      "rsp-subtree": "children",
      "rsp-subtree-class": "rtctrlMatchRtDest",
    });
    if (!rule.ok) return rule;
    matches.push(...(rule.value?.children ?? []).filter(({ className }) => className === "rtctrlMatchRtDest").map(matchOf));
  }
  return ok(matches);
}

function matchOf({ attributes }: FoundObject): Match {
  const { ip = "", aggregate, toPfxLen = "0", fromPfxLen = "0" } = attributes;
  const longest = ip.includes(":") ? 128 : 32;
  const unlimited = Number(fromPfxLen) === 0 && (Number(toPfxLen) === 0 || Number(toPfxLen) === longest);
  return { prefix: ip, longer: (aggregate === "yes" || aggregate === "true") && unlimited };
}

/** A subnet of an external EPG with the export flag: exactly its prefix, unless it is aggregated (0.0.0.0/0 and ::/0 only). */
function exportedSubnet(subnet: FoundObject): Match[] {
  if (!flagsOf(subnet, "scope").includes("export-rtctrl")) return [];
  return [{ prefix: subnet.attributes.ip ?? "", longer: flagsOf(subnet, "aggregate").includes("export-rtctrl") }];
}

/** Whether a prefix leaves: with the longer ones, only itself, not at all, or stopped by a context that comes first. */
export function exportOf({ contexts, subnets }: ExportPolicy, prefix: string): "longer" | "exact" | "denied" | "none" {
  let exact = false;
  for (const { permit, matches } of contexts) {
    if (matches === undefined || matches.some((match) => match.longer && lies(prefix, match.prefix))) {
      return permit ? "longer" : "denied";
    }
    exact ||= permit && matches.some((match) => plainPrefix(match.prefix) === plainPrefix(prefix));
  }
  if (subnets.some((subnet) => subnet.longer && lies(prefix, subnet.prefix))) return "longer";
  return exact || subnets.some((subnet) => plainPrefix(subnet.prefix) === plainPrefix(prefix)) ? "exact" : "none";
}
