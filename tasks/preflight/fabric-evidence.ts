import type { ApicQuery, ApicReader, FoundObject } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";

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
  readonly routeReflectors: number;
  /** Whether snapshots keep passwords (pkiExportEncryptionKey). */
  readonly aesKey: boolean;
  readonly l3outs: readonly FoundL3Out[];
  /** Registered nodes by DN. */
  readonly nodes: ReadonlyMap<string, { readonly role: string; readonly state: string }>;
  /** Domain DNs with their VLAN pools' ranges; a domain without pool has none. */
  readonly ranges: ReadonlyMap<string, readonly { readonly from: number; readonly to: number }[]>;
  /** VLANs that EPGs use on leaves (fvRsPathAtt). */
  readonly epgVlans: readonly { readonly encap: string; readonly path: string; readonly epg: string }[];
  /** Types of the forwarding scale profiles that are in use (topoctrlFwdScaleProfilePol.profType). */
  readonly scaleProfiles: readonly string[];
}

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

/** Reads it all at once: nine queries, each of one class. */
export async function gatherFabric(reader: ApicReader, vlans: readonly number[]): Promise<Result<FabricEvidence>> {
  const terms = vlans.map((vlan) => `eq(fvRsPathAtt.encap,"vlan-${vlan}")`);
  const filter = vlans.length > 1 ? `or(${terms.join(",")})` : terms.join("");
  const read = await together([
    reader.class("l3extOut", L3OUT_QUERY),
    one(reader, "uni/fabric/bgpInstP-default", { "rsp-subtree": "full", "rsp-subtree-class": "bgpAsP,bgpRRP,bgpRRNodePEp" }),
    one(reader, "uni/exportcryptkey"),
    reader.class("firmwareCtrlrRunning"),
    reader.class("fabricNode"),
    reader.class("infraRsVlanNs"),
    reader.class("fvnsEncapBlk"),
    reader.class("fvRsPathAtt", vlans.length > LONGEST_FILTER ? {} : { "query-target-filter": filter }),
    reader.class("topoctrlFwdScaleProfilePol"),
  ]);
  if (!read.ok) return read;
  const [outs = [], instance = [], key = [], running = [], nodes = [], pools = [], blocks = [], paths = [], profiles = []] =
    read.value;
  const inInstance = instance.flatMap(below);
  return ok({
    release: running[0]?.attributes.version,
    asn: inInstance.find(({ className }) => className === "bgpAsP")?.attributes.asn,
    routeReflectors: inInstance.filter(({ className }) => className === "bgpRRNodePEp").length,
    aesKey: key.some(({ attributes }) => attributes.strongEncryptionEnabled === "yes" && attributes.keyConfigured === "yes"),
    l3outs: outs.map(foundL3Out),
    nodes: new Map(nodes.map(({ dn, attributes }) => [dn, { role: attributes.role ?? "", state: attributes.fabricSt ?? "" }])),
    ranges: rangesOf(pools, blocks),
    epgVlans: paths.map(({ dn, attributes }) => ({
      encap: attributes.encap ?? "",
      path: attributes.tDn ?? "",
      epg: dn.replace(/\/rspathAtt-.*$/, ""),
    })),
    scaleProfiles: [...new Set(profiles.map(({ attributes }) => attributes.profType ?? ""))],
  });
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

/** All answers, or the first failure. */
async function together(
  reads: readonly Promise<Result<readonly FoundObject[]>>[],
): Promise<Result<readonly (readonly FoundObject[])[]>> {
  const answers: (readonly FoundObject[])[] = [];
  for (const read of await Promise.all(reads)) {
    if (!read.ok) return read;
    answers.push(read.value);
  }
  return ok(answers);
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
function rangesOf(relations: readonly FoundObject[], blocks: readonly FoundObject[]): FabricEvidence["ranges"] {
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
