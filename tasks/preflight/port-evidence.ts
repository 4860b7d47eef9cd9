import type { ApicReader, FoundObject } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";

/** Ports of one leaf that a selector binds to a policy group. */
export interface FoundSelector {
  /** `uni/infra/accportprof-P/hports-S-typ-range`. */
  readonly dn: string;
  /** Interface profile that it is in. */
  readonly profile: string;
  readonly group: string;
  readonly blocks: readonly { readonly cards: Range; readonly ports: Range }[];
}

/** Both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What is configured for ports and VLANs already. */
export interface PortEvidence {
  readonly selectors: readonly FoundSelector[];
  /** Switch profiles: their leaves, and the interface profiles that count there. */
  readonly switches: readonly { readonly dn: string; readonly leaves: readonly Range[]; readonly profiles: readonly string[] }[];
  /** Ports one by one (infraPortConfig). */
  readonly single: readonly { readonly dn: string; readonly group: string; readonly annotation: string }[];
  /** Ranges of the pool that this run adds to; empty when it is not there. */
  readonly ranges: readonly { readonly dn: string; readonly vlans: Range }[];
}

const FULL = { "rsp-subtree": "full" } as const;

/** Four queries, at the same time. `pool` is the DN of the VLAN pool. */
export async function gatherPorts(reader: ApicReader, pool: string): Promise<Result<PortEvidence>> {
  const [profiles, switches, single, found] = await Promise.all([
    reader.class("infraAccPortP", FULL),
    reader.class("infraNodeP", FULL),
    reader.class("infraPortConfig"),
    reader.object(pool, FULL),
  ]);
  if (!profiles.ok) return profiles;
  if (!switches.ok) return switches;
  if (!found.ok) return found;
  // The class came with 5.2(7): an older controller does not know it.
  const ports = single.ok ? single.value : [];
  return ok({
    selectors: profiles.value.flatMap((profile) => below(profile, "infraHPortS").map((one) => selectorOf(one, profile.dn))),
    switches: switches.value.map((one) => ({
      dn: one.dn,
      leaves: below(one, "infraNodeBlk").map(({ attributes }) => range(attributes.from_, attributes.to_)),
      profiles: below(one, "infraRsAccPortP").map(({ attributes }) => attributes.tDn ?? ""),
    })),
    single: ports.map(({ dn, attributes }) => ({
      dn,
      group: attributes.assocGrp ?? "",
      annotation: attributes.annotation ?? "",
    })),
    ranges: (found.value === undefined ? [] : below(found.value, "fvnsEncapBlk")).map(({ dn, attributes }) => ({
      dn,
      vlans: range(attributes.from?.replace("vlan-", ""), attributes.to?.replace("vlan-", "")),
    })),
  });
}

function selectorOf(selector: FoundObject, profile: string): FoundSelector {
  return {
    dn: selector.dn,
    profile,
    group: below(selector, "infraRsAccBaseGrp")[0]?.attributes.tDn ?? "",
    blocks: below(selector, "infraPortBlk").map(({ attributes }) => ({
      cards: range(attributes.fromCard, attributes.toCard),
      ports: range(attributes.fromPort, attributes.toPort),
    })),
  };
}

function below(object: FoundObject, className: string): FoundObject[] {
  return object.children.flatMap((child) => [...(child.className === className ? [child] : []), ...below(child, className)]);
}

function range(from: string | undefined, to: string | undefined): Range {
  return { from: Number(from), to: Number(to) };
}
