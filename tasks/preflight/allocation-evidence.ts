import type { ApicReader, FoundObject } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";
import { ofClass } from "../verify/leaf-objects.ts";

/** A path of a standard SVI as the fabric has it. */
export interface FoundPath {
  /** Interface profile that it is in. */
  readonly profile: string;
  /** `topology/pod-1/protpaths-101-102/pathep-[GROUP]`. */
  readonly path: string;
  readonly vlan: number;
  /** Primary addresses, with prefix length: of both sides of a vPC, else of the path. */
  readonly addresses: readonly string[];
}

/** Everything below the L3Out in one query; no paths when there is no such L3Out. `dn` is the L3Out's. */
export async function gatherPaths(reader: ApicReader, dn: string): Promise<Result<readonly FoundPath[]>> {
  const found = await reader.object(dn, {
    "rsp-subtree": "full",
    "rsp-subtree-class": "l3extLNodeP,l3extLIfP,l3extRsPathL3OutAtt,l3extMember",
  });
  if (!found.ok) return found;
  const profiles = found.value === undefined ? [] : ofClass([found.value], "l3extLIfP");
  return ok(profiles.flatMap((profile) => ofClass(profile.children, "l3extRsPathL3OutAtt").map((path) => pathOf(path, profile))));
}

function pathOf(path: FoundObject, profile: FoundObject): FoundPath {
  const inDn = /rspathL3OutAtt-\[(.*)\]$/.exec(path.dn)?.[1] ?? "";
  const own = path.attributes.addr ?? "";
  const members = ofClass(path.children, "l3extMember").map(({ attributes }) => attributes.addr ?? "");
  return {
    profile: profile.attributes.name ?? profile.dn.replace(/^.*\/lifp-/, ""),
    path: path.attributes.tDn ?? inDn,
    vlan: Number((path.attributes.encap ?? "").replace("vlan-", "")),
    // A vPC's own address is 0.0.0.0: its members have them.
    addresses: [own, ...members].filter((address) => address !== "" && address !== "0.0.0.0" && address !== "::"),
  };
}
