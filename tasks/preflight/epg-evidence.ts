import type { ApicReader } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";
import { type EpgPlace, epgDn, l3outDn } from "../aci/names.ts";

/** An EPG of either kind as the fabric has it. */
export interface FoundEpg {
  readonly dn: string;
  readonly exists: boolean;
  /** DN of its VRF as the controller resolved it; undefined: it has none. */
  readonly vrf: string | undefined;
  /** Subnets of an external EPG with their scope flags. */
  readonly subnets: readonly { readonly prefix: string; readonly scope: readonly string[] }[];
}

/** Reads an EPG and its VRF: of an external EPG the L3Out's, else that of its bridge domain. */
export async function readEpg(reader: ApicReader, place: EpgPlace): Promise<Result<FoundEpg>> {
  const dn = epgDn(place);
  const epg = await reader.object(dn, { "rsp-subtree": "children" });
  if (!epg.ok) return epg;
  const { l3out, tenant } = place;
  const relation = l3out === undefined ? await bridgeDomain(reader, dn) : ok(`${l3outDn(tenant, l3out)}/rsectx`);
  if (!relation.ok) return relation;
  const vrf = relation.value === undefined ? ok(undefined) : await reader.object(relation.value);
  if (!vrf.ok) return vrf;
  const target = vrf.value?.attributes.tDn ?? "";
  return ok({
    dn,
    exists: epg.value !== undefined,
    vrf: target === "" ? undefined : target,
    subnets: (epg.value?.children ?? [])
      .filter(({ className }) => className === "l3extSubnet")
      .map(({ attributes }) => ({ prefix: attributes.ip ?? "", scope: (attributes.scope ?? "").split(",") })),
  });
}

/** DN of the relation from the EPG's bridge domain to a VRF. */
async function bridgeDomain(reader: ApicReader, epg: string): Promise<Result<string | undefined>> {
  const relation = await reader.object(`${epg}/rsbd`);
  if (!relation.ok) return relation;
  const target = relation.value?.attributes.tDn ?? "";
  return ok(target === "" ? undefined : `${target}/rsctx`);
}
