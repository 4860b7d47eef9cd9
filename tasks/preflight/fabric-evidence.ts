import type { ApicQuery, ApicReader, FoundObject } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";
import { vrfDn } from "../aci/names.ts";

/** An L3Out with what matters of it. */
export interface FoundL3Out {
  /** `uni/tn-T/out-O`. */
  readonly dn: string;
  /** DN of its VRF, resolved by the controller; undefined: it has none. */
  readonly vrf: string | undefined;
  /** Leaves with their router IDs, by the leaf's DN. */
  readonly routerIds: ReadonlyMap<string, string>;
  /** Leaves of each node profile that has a BGP timers policy, with the policy's name. */
  readonly timers: readonly { readonly leaf: string; readonly policy: string }[];
  /** Floating addresses, one for each address family and VLAN. */
  readonly floating: readonly string[];
  /** VLANs by leaf: floating SVIs and paths. */
  readonly vlans: readonly { readonly encap: string; readonly leaves: readonly string[] }[];
  /** Prefixes of its external EPGs that classify traffic (import-security). */
  readonly prefixes: readonly { readonly externalEpg: string; readonly prefix: string }[];
}

/** What the live fabric says before anything is changed. */
export interface FabricEvidence {
  /** `5.2(7f)`; undefined: the controllers tell none. */
  readonly release: string | undefined;
  readonly asn: string | undefined;
  /** undefined: the fabric's BGP policy cannot be read, which every fabric has: the user lacks the right to. */
  readonly routeReflectors: number | undefined;
  /** Whether snapshots keep passwords (pkiExportEncryptionKey); true also when it cannot be read. */
  readonly aesKey: boolean;
  readonly l3outs: readonly FoundL3Out[];
  /** The VRF as the L3Out's tenant finds it; undefined: there is none of this name there and in common. */
  readonly vrf: FoundVrf | undefined;
  /** Registered nodes by DN; empty: they cannot be read. */
  readonly nodes: ReadonlyMap<string, { readonly role: string; readonly state: string }>;
  /** Domain DNs with their VLAN pools' ranges; a domain without pool has none. undefined: they cannot be read. */
  readonly ranges: ReadonlyMap<string, readonly { readonly from: number; readonly to: number }[]> | undefined;
  /** VLANs that EPGs use on leaves (fvRsPathAtt). */
  readonly epgVlans: readonly { readonly encap: string; readonly path: string; readonly epg: string }[];
  /** Types of the forwarding scale profiles that are in use (topoctrlFwdScaleProfilePol.profType). */
  readonly scaleProfiles: readonly string[];
  /** What the controllers would not tell, and why; what hangs on it is not checked. */
  readonly unread: readonly string[];
}

/** A VRF with its BGP address family policies (fvRsCtxToBgpCtxAfPol). */
export interface FoundVrf {
  /** `uni/tn-T/ctx-V`, or in common. */
  readonly dn: string;
  readonly policies: readonly {
    /** `ipv4-ucast` */
    readonly family: string;
    readonly policy: string;
    /** Whether underlay put it there. */
    readonly ours: boolean;
  }[];
}

/** Where to look. */
interface FabricPlace {
  readonly tenant: string;
  readonly vrf: string;
  readonly vlans: readonly number[];
}

/** Mark of everything that underlay makes. */
const OURS = "orchestrator:underlay";

const L3OUT_CLASSES = [
  "l3extRsEctx",
  "l3extLNodeP",
  "l3extLIfP",
  "l3extRsNodeL3OutAtt",
  "bgpProtP",
  "bgpRsBgpNodeCtxPol",
  "l3extVirtualLIfP",
  "l3extRsDynPathAtt",
  "l3extRsPathL3OutAtt",
  "l3extInstP",
  "l3extSubnet",
];

const L3OUT_QUERY: ApicQuery = { "rsp-subtree": "full", "rsp-subtree-class": L3OUT_CLASSES.join(",") };

/** More VLANs than this make too long a filter: then all static ports are read. */
const LONGEST_FILTER = 20;

const INSTANCE_QUERY: ApicQuery = { "rsp-subtree": "full", "rsp-subtree-class": "bgpAsP,bgpRRP,bgpRRNodePEp" };

/**
 * Reads it all at once, ten queries. A query that the controllers refuse leaves its part out: a fabric may have more objects of a class than one
 * answer holds (HTTP 400, facts 1.4), and the user may lack a right.
 */
export async function gatherFabric(reader: ApicReader, { tenant, vrf, vlans }: FabricPlace): Promise<Result<FabricEvidence>> {
  const terms = vlans.map((vlan) => `eq(fvRsPathAtt.encap,"vlan-${vlan}")`);
  const filter = vlans.length > 1 ? `or(${terms.join(",")})` : terms.join("");
  const queries: Readonly<Record<Part, Promise<Result<readonly FoundObject[]>>>> = {
    L3Outs: reader.class("l3extOut", L3OUT_QUERY),
    "BGP of the fabric": one(reader, "uni/fabric/bgpInstP-default", INSTANCE_QUERY),
    "AES key": one(reader, "uni/exportcryptkey"),
    release: reader.class("firmwareCtrlrRunning"),
    nodes: reader.class("fabricNode"),
    "VLAN pools of domains": reader.class("infraRsVlanNs"),
    "VLAN ranges": reader.class("fvnsEncapBlk"),
    "static ports of EPGs": reader.class("fvRsPathAtt", vlans.length > LONGEST_FILTER ? {} : { "query-target-filter": filter }),
    "forwarding scale profiles": reader.class("topoctrlFwdScaleProfilePol"),
  };
  const found = await readVrf(reader, tenant, vrf);
  if (!found.ok) return found;
  const read = await together(queries);
  if (!read.ok) return read;
  const { parts, unread } = read.value;
  const objects = (part: Part): readonly FoundObject[] => parts.get(part) ?? [];
  const [instance] = objects("BGP of the fabric");
  const inInstance = instance === undefined ? [] : below(instance);
  const pools = parts.get("VLAN pools of domains");
  const blocks = parts.get("VLAN ranges");
  return ok({
    release: objects("release")[0]?.attributes.version,
    asn: inInstance.find(({ className }) => className === "bgpAsP")?.attributes.asn,
    routeReflectors:
      instance === undefined ? undefined : inInstance.filter(({ className }) => className === "bgpRRNodePEp").length,
    aesKey:
      !parts.has("AES key") ||
      objects("AES key").some(
        ({ attributes }) => attributes.strongEncryptionEnabled === "yes" && attributes.keyConfigured === "yes",
      ),
    l3outs: objects("L3Outs").map(foundL3Out),
    vrf: found.value,
    nodes: new Map(
      objects("nodes").map(({ dn, attributes }) => [dn, { role: attributes.role ?? "", state: attributes.fabricSt ?? "" }]),
    ),
    ranges: pools === undefined || blocks === undefined ? undefined : rangesOf(pools, blocks),
    epgVlans: objects("static ports of EPGs").map(({ dn, attributes }) => ({
      encap: attributes.encap ?? "",
      path: attributes.tDn ?? "",
      epg: dn.replace(/\/rspathAtt-.*$/, ""),
    })),
    scaleProfiles: [...new Set(objects("forwarding scale profiles").map(({ attributes }) => attributes.profType ?? ""))],
    unread,
  });
}

/** What is read, in words for people. */
type Part =
  | "L3Outs"
  | "BGP of the fabric"
  | "AES key"
  | "release"
  | "nodes"
  | "VLAN pools of domains"
  | "VLAN ranges"
  | "static ports of EPGs"
  | "forwarding scale profiles";

/** The VRF of this name in the tenant, else in common, where the controller looks next (facts 3.1). */
async function readVrf(reader: ApicReader, tenant: string, vrf: string): Promise<Result<FoundVrf | undefined>> {
  for (const dn of new Set([vrfDn(tenant, vrf), vrfDn("common", vrf)])) {
    const found = await one(reader, dn, { "rsp-subtree": "children", "rsp-subtree-class": "fvRsCtxToBgpCtxAfPol" });
    if (!found.ok) return found;
    const [context] = found.value;
    if (context === undefined) continue;
    const policies = context.children.map(({ attributes: { af = "", tnBgpCtxAfPolName = "", annotation } }) => {
      return { family: af, policy: tnBgpCtxAfPolName, ours: annotation === OURS };
    });
    return ok({ dn, policies });
  }
  return ok(undefined);
}

/** All L3Outs of the fabric, in one query. */
export async function gatherL3Outs(reader: ApicReader): Promise<Result<readonly FoundL3Out[]>> {
  const read = await reader.class("l3extOut", L3OUT_QUERY);
  return read.ok ? ok(read.value.map(foundL3Out)) : read;
}

async function one(reader: ApicReader, dn: string, query?: ApicQuery): Promise<Result<readonly FoundObject[]>> {
  const read = await reader.object(dn, query);
  if (!read.ok) return read;
  return ok(read.value === undefined ? [] : [read.value]);
}

/** The answers, and what was refused; a controller that cannot be reached is a failure. */
async function together(
  queries: Readonly<Record<Part, Promise<Result<readonly FoundObject[]>>>>,
): Promise<Result<{ readonly parts: ReadonlyMap<string, readonly FoundObject[]>; readonly unread: readonly string[] }>> {
  const parts = new Map<string, readonly FoundObject[]>();
  const unread: string[] = [];
  for (const [part, query] of Object.entries(queries)) {
    const read = await query;
    if (read.ok) parts.set(part, read.value);
    else if (read.failure.kind === "unreachable") return read;
    else unread.push(`${part}: ${read.failure.message}`);
  }
  return ok({ parts, unread });
}

/** An object and everything below it. */
function below(object: FoundObject): FoundObject[] {
  return [object, ...object.children.flatMap(below)];
}

function foundL3Out(out: FoundObject): FoundL3Out {
  const profiles = out.children.filter(({ className }) => className === "l3extLNodeP").map(below);
  const all = below(out);
  const floating = all.filter(({ className }) => className === "l3extRsDynPathAtt");
  return {
    dn: out.dn,
    vrf: all.find(({ className }) => className === "l3extRsEctx")?.attributes.tDn,
    routerIds: new Map(attachments(all).map(({ attributes }) => [attributes.tDn ?? "", attributes.rtrId ?? ""])),
    timers: profiles.flatMap((profile) => {
      const policy = profile.find(({ className }) => className === "bgpRsBgpNodeCtxPol")?.attributes.tnBgpCtxPolName ?? "";
      return policy === "" ? [] : attachments(profile).map(({ attributes }) => ({ leaf: attributes.tDn ?? "", policy }));
    }),
    floating: [...new Set(floating.map(({ attributes }) => attributes.floatingAddr ?? ""))],
    vlans: all.flatMap(({ className, attributes }) => {
      if (className === "l3extVirtualLIfP") return [{ encap: attributes.encap ?? "", leaves: [attributes.nodeDn ?? ""] }];
      if (className === "l3extRsPathL3OutAtt")
        return [{ encap: attributes.encap ?? "", leaves: leavesOfPath(attributes.tDn ?? "") }];
      return [];
    }),
    prefixes: all
      .filter(({ className }) => className === "l3extInstP")
      .flatMap((epg) =>
        epg.children
          .filter(({ attributes }) => (attributes.scope ?? "").split(",").includes("import-security"))
          .map(({ attributes }) => ({ externalEpg: epg.dn, prefix: attributes.ip ?? "" })),
      ),
  };
}

function attachments(objects: readonly FoundObject[]): FoundObject[] {
  return objects.filter(({ className }) => className === "l3extRsNodeL3OutAtt");
}

/** Leaves of `topology/pod-1/protpaths-101-102/pathep-[…]` and `topology/pod-1/paths-101/…`. */
export function leavesOfPath(dn: string): string[] {
  const [, pod = "", ids = ""] = /^topology\/pod-(\d+)\/(?:prot)?paths-([\d-]+)\//.exec(dn) ?? [];
  return ids.split("-").flatMap((id) => (id === "" ? [] : [`topology/pod-${pod}/node-${id}`]));
}

/** `uni/phys-P` and `uni/l3dom-D` with the static blocks of the pool each points at. */
function rangesOf(relations: readonly FoundObject[], blocks: readonly FoundObject[]): NonNullable<FabricEvidence["ranges"]> {
  const number = (encap: string | undefined): number => Number((encap ?? "").replace("vlan-", ""));
  return new Map(
    relations.map(({ dn, attributes }) => {
      const pool = attributes.tDn ?? "";
      const inside = blocks.filter((block) => pool !== "" && block.dn.startsWith(`${pool}/`));
      return [
        dn.replace(/\/rsvlanNs$/, ""),
        inside.map((block) => ({ from: number(block.attributes.from), to: number(block.attributes.to) })),
      ] as const;
    }),
  );
}
